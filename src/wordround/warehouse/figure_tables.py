"""The tables of `understanding` that hold figures of texts, for erasing, expiry and restoring. Each has a `text_id`.

A table that is missing here keeps figures of erased texts, and loses those of expired ones. The keys of copies are not
among them: they are made of the text and go with it (copy_groups.py).
"""

FIGURE_TABLES = ("sentiments", "annotations", "relevance", "service_mentions", "copies")
