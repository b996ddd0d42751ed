"""The pipeline's own DuckDB file: how it is opened and migrated, and all SQL on its tables."""
