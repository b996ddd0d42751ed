"""Backups: a data home as one file, its keys as another, and a new home made of them without what was erased since."""
