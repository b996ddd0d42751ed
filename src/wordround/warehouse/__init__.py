"""The pipeline's own tables, in a DuckDB file or a lake: how they are opened and migrated, and all SQL on them."""
