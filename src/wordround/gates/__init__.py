"""What must be true before dbt may read and before analysts may, checked by Great Expectations."""
