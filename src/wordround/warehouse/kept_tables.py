"""The tables that exist before dbt runs, and that no build makes again: how they are copied to another database."""

from collections.abc import Callable

import duckdb
import pyarrow as pa

KEPT = ("raw", "understanding", "ops")
# The tables that name comments by their ids.
OF_COMMENTS = ("raw.comments", "understanding.human_codes")
_ROWS_A_BATCH = 50_000

# Takes a table's name and rows that name comments, and returns those to keep.
Change = Callable[[str, pa.RecordBatch], pa.RecordBatch]


def copy(connection: duckdb.DuckDBPyConnection, change: Change | None = None) -> None:
    """Copy the tables of the attached database `old` into the open one, which has those of this version, empty."""
    tables = connection.execute(
        """select schema_name, table_name from duckdb_tables()
           where database_name = 'old' and list_contains(?, schema_name)""",
        [list(KEPT)],
    ).fetchall()
    # The old record keeps the date of each migration; here all were applied just now.
    connection.execute("delete from ops.migrations")
    for schema, table in tables:
        connection.execute(f'create table if not exists {schema}."{table}" as from old.{schema}."{table}" limit 0')
        copy_rows(connection, f"old.{schema}.{table}", f"{schema}.{table}", change)


def copy_rows(connection: duckdb.DuckDBPyConnection, of: str, to: str, change: Change | None = None) -> None:
    """Add the rows of a table to another, by the names of columns."""
    if change is None or to not in OF_COMMENTS:
        connection.execute(f"insert into {to} by name from {of}")
        return
    with connection.cursor() as reading:
        for batch in reading.execute(f"from {of}").to_arrow_reader(_ROWS_A_BATCH):
            connection.register("changed", pa.Table.from_batches([change(to, batch)]))
            connection.execute(f"insert into {to} by name from changed")
            connection.unregister("changed")
