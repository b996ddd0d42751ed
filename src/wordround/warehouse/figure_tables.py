"""The tables of `understanding` that hold figures of texts: what erasing, expiry and restoring treat alike.

A table that is missing here keeps figures of erased texts, and loses those of expired ones. Each has a `text_id`.
Keys of copies are none of them: they are made of a text and go with it (copy_groups.py).
"""

FIGURE_TABLES = ("sentiments", "theme_codings", "relevance", "service_mentions", "copies")
