"""Merging: the rows of a landed file into `raw.comments`, by comment_id, so that feeding it again changes nothing.

Which row does what is decided once, on the keys alone (arrivals.sql). Two MERGE statements carry it out: whole rows go
from the file to the table for comments that are new or have changed; for the rest only the few columns that move by
themselves are touched. One statement for both draws the whole rows of either through the join: three times the work for
a day on which only counts have moved.
"""

from datetime import date
from pathlib import Path

import duckdb

from wordround.land.row_outcomes import RowOutcomes
from wordround.warehouse.statements import statement


def merge(connection: duckdb.DuckDBPyConnection, parquet: Path, batch_id: str, logical_date: date) -> dict[str, int]:
    """Merge a landed file within the caller's transaction; return how many rows came to what (RowOutcomes.BY_MERGE)."""
    landed = {"parquet": str(parquet)}
    connection.execute(statement("arrivals"), landed)
    counts = connection.execute(statement("count_arrivals")).fetchone() or ()
    batch = {"batch_id": batch_id, "logical_date": logical_date}
    for name, states, values in (
        ("merge_comments", ["new", "changed"], landed | batch),
        ("merge_counts", ["recounted", "seen"], {}),
    ):
        if connection.execute("from arrivals where list_contains(?, state) limit 1", [states]).fetchone():
            connection.execute(statement(name), values)
    connection.execute("drop table arrivals")
    return dict(zip(RowOutcomes.BY_MERGE, counts, strict=True))
