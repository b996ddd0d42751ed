"""Wordround turns what patients say about an NHS trust's services into measures that it can act on."""

__version__ = "0.1.0"
