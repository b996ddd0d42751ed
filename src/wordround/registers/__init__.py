"""The trust's services and the organisations that they belong to."""
