"""The pipeline's own DuckDB file: how it is opened, and how landed rows are merged into it."""
