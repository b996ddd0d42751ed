"""Migrations: bring the tables that exist before dbt runs to this version, whenever the file is opened.

A migration is a file `migrations/NNNN_what_it_does.sql`. Those that a warehouse lacks are applied in the order of their
numbers, one transaction each, and recorded in `ops.migrations`. A released one is never changed: a correction is the
next one. Why no library does this: docs/adr/0013-warehouse-migrations.md.
"""

import re
from contextlib import suppress
from functools import cache
from importlib import resources
from typing import NamedTuple

import duckdb

from wordround.errors import MigrationFailed, WarehouseDamaged, WarehouseNewer
from wordround.folders import documentation
from wordround.warehouse.statements import statement

_NAME = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.sql")

_LEDGER = """
create schema if not exists ops;
create table ops.migrations (number integer not null, name varchar not null, applied_at timestamptz not null);
"""


class Migration(NamedTuple):
    """One step: its number, counted from 1 without a gap, its name, and its statements."""

    number: int
    name: str
    sql: str


@cache
def all_migrations() -> tuple[Migration, ...]:
    """Return all migrations that this version knows, in order."""
    names = sorted(path.name for path in (resources.files(__package__) / "migrations").iterdir())
    found = [match for name in names if (match := _NAME.fullmatch(name))]
    return tuple(
        Migration(int(match["number"]), match["name"], statement(f"migrations/{match[0].removesuffix('.sql')}"))
        for match in found
    )


def migrate(connection: duckdb.DuckDBPyConnection, known: tuple[Migration, ...] | None = None) -> None:
    """Apply the migrations that the open warehouse lacks; one read where it lacks none.

    known: the migrations of this version, all_migrations() by default. Raises WarehouseNewer for a warehouse with other
    migrations, WarehouseDamaged for a file with tables that are not a warehouse's, MigrationFailed where one fails:
    then that one has left no trace, and those before it are in force. What the disk refuses stays duckdb.IOException.
    """
    known = all_migrations() if known is None else known
    applied = _applied(connection)
    if applied != [(one.number, one.name) for one in known[: len(applied)]]:
        number, name = applied[-1]
        raise WarehouseNewer(
            f"{_file(connection)}: was brought up to migration {number:04}_{name}, which this version of Wordround "
            "does not know. It was left as it is. Install the version that wrote it, or a newer one; to stay with this "
            f"one, make the warehouse again from what was landed ({documentation('runbook.md#build_marts')}, Restore)."
        )
    for migration in known[len(applied) :]:
        _apply(connection, migration)


def _applied(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    try:
        return connection.execute("select number, name from ops.migrations order by number").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        pass
    (tables,) = connection.execute("select count(*) from duckdb_tables() where not temporary").fetchone() or (0,)
    if tables:
        raise WarehouseDamaged(
            f"{_file(connection)}: holds tables and no record of migrations, so it is not a warehouse of Wordround. It "
            "was left as it is. Move it away; the warehouse is made again from what was landed "
            f"({documentation('runbook.md#build_marts')}, Restore)."
        )
    connection.execute(_LEDGER)
    return []


def _apply(connection: duckdb.DuckDBPyConnection, migration: Migration) -> None:
    # A lake has no keys of tables: that nothing stands in one twice is up to who writes.
    sql = migration.sql.replace(" primary key", " not null") if _is_lake(connection) else migration.sql
    connection.execute("begin")
    try:
        connection.execute(sql)
        connection.execute(
            "insert into ops.migrations values (?, ?, get_current_timestamp())", [migration.number, migration.name]
        )
        connection.execute("commit")
    except duckdb.IOException:
        # Of the disk, or of where the files of a lake lie: no fault of the migration.
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise
    except duckdb.Error as error:
        connection.execute("rollback")
        raise MigrationFailed(
            f"{_file(connection)}: migration {migration.number:04}_{migration.name} did not go through "
            f"({type(error).__name__}). Nothing of it was done and every row is there. Please report this; until then "
            "install the version that was there before."
        ) from error


def _is_lake(connection: duckdb.DuckDBPyConnection) -> bool:
    opened = "select type from duckdb_databases() where database_name = current_database()"
    return connection.execute(opened).fetchone() == ("ducklake",)


def _file(connection: duckdb.DuckDBPyConnection) -> str:
    opened = "select path from duckdb_databases() where database_name = current_database()"
    (path,) = connection.execute(opened).fetchone() or (None,)
    return path or "the database in memory"
