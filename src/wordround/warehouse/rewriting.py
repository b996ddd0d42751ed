"""Rewriting: the warehouse as a new file, because DuckDB leaves deleted rows readable in free blocks and in its log.

The new file has the tables that exist before dbt runs, and is put in place by one rename. The tables of dbt are left
out and built again from the start, so that the new file never holds anything that was deleted.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from wordround.settings import Settings
from wordround.storage import DRAFT, sync
from wordround.warehouse import key_links
from wordround.warehouse.engine import CONFIG, connect, exclusive, prepare
from wordround.warehouse.statements import quoted

_KEPT = ("raw", "understanding", "ops")
# The tables that name comments by their ids.
_OF_COMMENTS = (("raw", "comments"), ("understanding", "human_codes"))

Change = Callable[[str, pa.RecordBatch], pa.RecordBatch]


def rewrite(settings: Settings, change: Change | None = None, link_count: int | None = None) -> None:
    """Put a new file in the warehouse's place.

    change: takes a table's name and rows that name comments, and returns those to keep. link_count: how many keys these
    have gone through.
    """
    path = settings.warehouse_file
    draft = path.with_name(f"{DRAFT}{path.name}")
    with exclusive(settings):
        with connect(settings) as connection:
            connection.execute("checkpoint")
        for left in (draft, _log_of(draft)):
            left.unlink(missing_ok=True)
        config: dict[str, Any] = {**CONFIG, "temp_directory": str(settings.home / "spill")}
        with duckdb.connect(str(draft), config=config) as connection:
            prepare(connection)
            connection.execute(f"attach '{quoted(path)}' as old (read_only)")
            _copy(connection, change)
            connection.execute("detach old")
            if link_count is not None:
                key_links.set_link_count(connection, link_count)
            connection.execute("checkpoint")
        sync(draft)
        # The checkpoint made the old file whole without its log, which DuckDB would apply to the new one.
        _log_of(path).unlink(missing_ok=True)
        draft.replace(path)
        for spill in (settings.home / "spill", settings.dbt_target / "spill"):
            with suppress(FileNotFoundError):
                shutil.rmtree(spill)


def _copy(connection: duckdb.DuckDBPyConnection, change: Change | None) -> None:
    tables = connection.execute(
        """select schema_name, table_name from duckdb_tables()
           where database_name = 'old' and list_contains(?, schema_name)""",
        [list(_KEPT)],
    ).fetchall()
    # The old record keeps the date of each migration; here all were applied just now.
    connection.execute("delete from ops.migrations")
    for schema, table in tables:
        if change and (schema, table) in _OF_COMMENTS:
            name = f"{schema}.{table}"
            with connection.cursor() as reading:
                for batch in reading.execute(f"from old.{name}").to_arrow_reader(50_000):
                    connection.register("changed", pa.Table.from_batches([change(name, batch)]))
                    connection.execute(f"insert into {name} by name from changed")
                    connection.unregister("changed")
        else:
            connection.execute(f'create table if not exists {schema}."{table}" as from old.{schema}."{table}" limit 0')
            connection.execute(f'insert into {schema}."{table}" by name from old.{schema}."{table}"')


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")
