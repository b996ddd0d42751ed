"""What a comment says: pure functions from text to sentiment and themes, knowing no source, file format or database."""
