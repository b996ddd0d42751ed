"""What is published, read for people: figures, their wording, and what small numbers hide."""
