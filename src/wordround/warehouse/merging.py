"""Merging: the rows of a landed file into `raw.comments`, by comment_id, so that feeding it again changes nothing.

The state of each row is decided once, on the keys alone (arrivals.sql). Then new comments are inserted, which takes two
thirds of the time of a MERGE; changed ones are written anew; and of others the few columns that move by themselves are
updated. One statement for all would draw every whole row through the join: three times the work on a day when only
counts moved.
"""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from wordround.land.row_outcomes import RowOutcomes
from wordround.warehouse import moments
from wordround.warehouse.engine import CONFIG
from wordround.warehouse.statements import statement


def bring_over(connection: duckdb.DuckDBPyConnection, pairs: pa.Table) -> None:
    """Put today's ids in place of former ones (land/former_ids.py), within the caller's transaction."""
    connection.register("former_pairs", pairs)
    connection.execute(statement("bring_over"), {"moment": moments.now(connection)})
    connection.unregister("former_pairs")


def try_reading(parquet: Path) -> None:
    """Read every value of a landed file with a database of its own, and merge nothing. Raises duckdb.Error.

    What DuckDB says of a damaged file can be what it says of a damaged warehouse, and can end the connection.
    """
    with duckdb.connect(config={**CONFIG}) as alone:
        alone.execute("select bit_xor(hash(file)) from read_parquet($parquet) as file", {"parquet": str(parquet)})


def merge(connection: duckdb.DuckDBPyConnection, parquet: Path, batch_id: str, logical_date: date) -> dict[str, int]:
    """Merge a landed file within the caller's transaction; return the rows of each outcome (RowOutcomes.BY_MERGE)."""
    landed = {"parquet": str(parquet)}
    connection.execute(statement("arrivals"), landed | {"moment": moments.now(connection)})
    counts = connection.execute(statement("count_arrivals")).fetchone() or ()
    whole = landed | {"batch_id": batch_id, "logical_date": logical_date}
    rows = statement("arrived_comments")
    for states, sql, values in (
        (["new"], f"insert into raw.comments by name {rows}", whole | {"state": "new"}),
        (["changed"], statement("merge_changed").format(rows=rows), whole | {"state": "changed"}),
        (["recounted", "seen"], statement("merge_counts"), {}),
    ):
        if connection.execute("from arrivals where list_contains(?, state) limit 1", [states]).fetchone():
            connection.execute(sql, values)
    connection.execute("drop table arrivals")
    return dict(zip(RowOutcomes.BY_MERGE, counts, strict=True))
