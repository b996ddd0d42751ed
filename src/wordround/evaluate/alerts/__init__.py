"""Whether alerts keep what is promised of them, measured on worlds of which the truth is known."""
