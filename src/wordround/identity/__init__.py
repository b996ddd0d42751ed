"""Keyed pseudonyms and their keys, the sealed vault that leads back to a source, tombstones of what was erased."""
