"""Which words of a comment a report may show, and rewrites of those that it may not."""
