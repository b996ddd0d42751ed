"""The web page: what is published, for people who act on it; what they write goes to the records."""
