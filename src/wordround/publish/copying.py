"""Copying: the marts into the draft of a publication, on top of the last one where that is safe.

On most days tables of single comments only grow. Then the last published file is copied and new rows are appended,
because writing a long history again takes longer than everything else in a daily run. Once a published row has changed
or gone, or the program has changed, every table is written into a new file: in the old one, deleted rows would live on
in free blocks.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from wordround.warehouse.statements import quoted

# Tables of single comments carry all three; the others are small and are always written again.
_ID, _MOMENT, _RULES = _KEYS = ("comment_id", "updated_at", "rules_version")

# Where these fields of a publication's `meta` are the same today, its rows would be made the same again.
MADE_BY = ("wordround_version", "duckdb_version", "dbt_project")

# Tables of `meta` that tell how the figures were made; the public is told the first alone.
RULES, OWN_READING, LABEL_REFERENCE = "rules", "own_reading", "label_reference"


def copy_marts(
    connection: duckdb.DuckDBPyConnection,
    tables: list[str],
    made_by: tuple[str | None, ...],
    last: Path | None,
    draft: Path,
) -> set[str]:
    """Copy the marts of an open warehouse into `draft`; return the tables that are the same as in `last`.

    made_by: the values of MADE_BY today.
    """
    grown = _grown(connection, tables, made_by, last)
    if grown and last:
        shutil.copyfile(last, draft)
    connection.execute(f"attach '{quoted(draft)}' as draft")
    connection.execute("create schema if not exists draft.marts")
    for table in {name for (name,) in _tables_of(connection, "draft")} - set(tables):
        connection.execute(f'drop table draft.marts."{table}"')
    unchanged = set()
    for table in tables:
        if table in grown:
            (added,) = connection.execute(
                f'insert into draft.marts."{table}" select * from marts."{table}" where {_MOMENT} > ?', [grown[table]]
            ).fetchone() or (0,)
            unchanged |= set() if added else {table}
        else:
            connection.execute(f'create or replace table draft.marts."{table}" as select * from marts."{table}"')
    copy_descriptions(connection, "marts")
    connection.execute("detach draft")
    return unchanged


def copy_meta(connection: duckdb.DuckDBPyConnection, draft: Path, tables: Sequence[str]) -> list[str]:
    """Copy tables that tell how the figures were made, and return the names of those that were built."""
    built = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'meta' and database_name = current_database()"
    ).fetchall()
    found = [name for name in tables if (name,) in built]
    if not found:
        return []
    connection.execute(f"attach '{quoted(draft)}' as draft")
    connection.execute("create schema if not exists draft.meta")
    for name in found:
        connection.execute(f"create or replace table draft.meta.{name} as from meta.{name} order by all")
    copy_descriptions(connection, "meta", found)
    connection.execute("detach draft")
    return found


def copy_descriptions(connection: duckdb.DuckDBPyConnection, schema: str, tables: Sequence[str] = ()) -> None:
    """Give the tables of an attached `draft`, and their columns, the descriptions that they have in the warehouse.

    `tables`: those that were copied; all of the schema where none is named.
    """
    described = connection.execute(
        """select 'table draft.' || schema_name || '."' || table_name || '"', comment
           from duckdb_tables()
           where schema_name = $schema and comment is not null and database_name = current_database()
               and (len($tables) = 0 or table_name in $tables)
           union all
           select 'column draft.' || schema_name || '."' || table_name || '"."' || column_name || '"', comment
           from duckdb_columns()
           where schema_name = $schema and comment is not null and database_name = current_database()
               and (len($tables) = 0 or table_name in $tables)""",
        {"schema": schema, "tables": list(tables)},
    ).fetchall()
    for place, comment in described:
        connection.execute("comment on {} is '{}'".format(place, comment.replace("'", "''")))


def _grown(
    connection: duckdb.DuckDBPyConnection, tables: list[str], made_by: tuple[str | None, ...], last: Path | None
) -> dict[str, object]:
    """Return the tables in which every published row is unchanged, with their newest moment; {} if one has changes."""
    if not last:
        return {}
    try:
        connection.execute(f"attach '{quoted(last)}' as last (read_only)")
    except duckdb.IOException:
        # An analyst has it open for writing. It is about to be replaced anyway.
        return {}
    try:
        here, there = _columns(connection, "current_database()"), _columns(connection, "'last'")
        makers = connection.execute(f"select {', '.join(MADE_BY)} from last.meta.publication").fetchone()
        comments = [table for table in tables if set(_KEYS) <= {name for name, _ in here[table]}]
        if makers != made_by:
            return {}
        newest: dict[str, object] = {}
        for table in comments:
            if here[table] != there.get(table):
                return {}
            published = _fingerprint(connection, f'last.marts."{table}"', None)
            if published != _fingerprint(connection, f'marts."{table}"', published[0]):
                return {}
            newest[table] = published[0]
        return newest if all(newest.values()) else {}
    except (duckdb.CatalogException, duckdb.BinderException):
        # Published before there was such a table or column: nothing to build on.
        return {}
    finally:
        connection.execute("detach last")


def _fingerprint(connection: duckdb.DuckDBPyConnection, table: str, until: object) -> tuple[object, ...]:
    """Return the newest moment, the number of rows up to it, and hashes over their keys, moments and rules."""
    found = connection.execute(
        f"""select max({_MOMENT}), count(*), bit_xor(hash({", ".join(_KEYS)})), sum(hash({", ".join(_KEYS)}))
            from {table} where $until is null or {_MOMENT} <= $until""",
        {"until": until},
    ).fetchone()
    return found or ()


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in connection.execute(
        f"""select table_name, column_name, data_type from duckdb_columns()
            where schema_name = 'marts' and database_name = {database} order by table_name, column_index"""
    ).fetchall():
        found.setdefault(table, []).append((column, kind))
    return found


def _tables_of(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str]]:
    return connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' and database_name = ?", [database]
    ).fetchall()
