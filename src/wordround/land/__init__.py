"""De-identified rows as immutable Parquet, a manifest that accounts for every row, and quarantine."""
