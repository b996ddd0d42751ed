"""The trust's own evidence: comments for people to code, how far they agree, and how well the model does by them."""
