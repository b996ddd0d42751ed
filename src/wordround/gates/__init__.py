"""Conditions for dbt to read and for analysts to read, checked by Great Expectations."""
