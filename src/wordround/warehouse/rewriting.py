"""Rewriting: the warehouse anew, because deleted rows stay readable: in free blocks and the log of a file, and in the
former files and the catalogue of a lake.

It then has the tables that exist before dbt runs. Those of dbt are left out and built again from the start, so that
what is new never holds anything that was deleted. A new file is put in place by one rename. The tables of a lake are
made anew in one transaction; their history goes with every file of it, and the catalogue is written anew.
"""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from wordround.settings import Settings
from wordround.storage import DRAFT, sync
from wordround.warehouse import catalogue, key_links, lake
from wordround.warehouse.engine import CONFIG, connect, exclusive, prepare
from wordround.warehouse.kept_tables import KEPT, OF_COMMENTS, Change, copy, copy_rows
from wordround.warehouse.statements import quoted

__all__ = ["Change", "rewrite"]


def rewrite(settings: Settings, change: Change | None = None, link_count: int | None = None) -> None:
    """Put a new warehouse in the place of what is there.

    change: takes a table's name and rows that name comments, and returns those to keep. link_count: how many keys these
    have gone through. Can be run again where it was cut short.
    """
    with exclusive(settings):
        if settings.engine.is_lake:
            _rewrite_lake(settings, change, link_count)
        else:
            _rewrite_file(settings, change, link_count)
        for spill in (settings.home / "spill", settings.dbt_target / "spill"):
            with suppress(FileNotFoundError):
                shutil.rmtree(spill)


def _rewrite_file(settings: Settings, change: Change | None, link_count: int | None) -> None:
    path = settings.warehouse_file
    draft = path.with_name(f"{DRAFT}{path.name}")
    with connect(settings) as connection:
        connection.execute("checkpoint")
    for left in (draft, _log_of(draft)):
        left.unlink(missing_ok=True)
    config: dict[str, Any] = {**CONFIG, "temp_directory": str(settings.home / "spill")}
    with duckdb.connect(str(draft), config=config) as connection:
        prepare(connection)
        connection.execute(f"attach '{quoted(path)}' as old (read_only)")
        copy(connection, change)
        connection.execute("detach old")
        if link_count is not None:
            key_links.set_link_count(connection, link_count)
        connection.execute("checkpoint")
    sync(draft)
    # The checkpoint made the old file whole without its log, which DuckDB would apply to the new one.
    _log_of(path).unlink(missing_ok=True)
    draft.replace(path)


def _rewrite_lake(settings: Settings, change: Change | None, link_count: int | None) -> None:
    with connect(settings) as connection:
        schemas = connection.execute(
            """select schema_name from duckdb_schemas()
               where database_name = current_database() and not internal and not list_contains($kept, schema_name)""",
            {"kept": ["main", *KEPT]},
        ).fetchall()
        tables = connection.execute(
            "select schema_name, table_name, sql from duckdb_tables() where database_name = current_database()"
            " and list_contains($kept, schema_name)",
            {"kept": list(KEPT)},
        ).fetchall()
        # New tables, because the catalogue goes on telling the least and greatest value of a file that went as a whole.
        connection.execute("begin")
        for (schema,) in schemas:
            connection.execute(f'drop schema "{schema}" cascade')
        for schema, table, made_by in tables:
            connection.execute(f"alter table {schema}.{table} rename to former_{table}")
            connection.execute(made_by)
            name, of = f"{schema}.{table}", f"{schema}.former_{table}"
            # Another connection, which reads what changes, knows the former table by its own name.
            changes = change is not None and name in OF_COMMENTS
            copy_rows(connection, f"{lake.NAME}.{name}" if changes else of, name, change)
            connection.execute(f"drop table {schema}.former_{table}")
        if link_count is not None:
            key_links.set_link_count(connection, link_count)
        connection.execute("commit")
        lake.forget_history(connection)
    catalogue.forget_former_rows(settings)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")
