"""Copying: the marts into the draft of a publication, on top of the last one where that is safe.

On most days tables of single comments grow, and a few rows learn that a new comment is their copy. Then the last
published file is copied and these rows are written into it, because writing a long history again takes longer than
everything else in a daily run. Once a published comment has gone or has other words, or the program has changed, every
table is written into a new file: in the old one, the words would live on in free blocks.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from wordround.warehouse.statements import quoted

# Tables of single comments carry all three; the others are small and are always written again.
_ID, _MOMENT, _RULES = _KEYS = ("comment_id", "updated_at", "rules_version")
# The table that has the words of a comment, and the column.
_COMMENTS, _WORDS = "fct_comments", "comment_text"
# Of more comments that have changed, all rows are sooner written than found.
_MOST_CHANGED = 100_000
_PARTS = 4_096

# Where these fields of a publication's `meta` are the same today, its rows would be made the same again.
MADE_BY = ("wordround_version", "duckdb_version", "dbt_project")

# Tables of `meta` that tell how the figures were made; the public is told the first alone.
RULES, OWN_READING, LABEL_REFERENCE = "rules", "own_reading", "label_reference"


class _Kept(NamedTuple):
    """A published table that is built on: the newest moment of its rows, and the comments of which some are others."""

    newest: object
    changed: list[str]


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
    kept = _kept(connection, tables, made_by, last)
    if kept and last:
        shutil.copyfile(last, draft)
    connection.execute(f"attach '{quoted(draft)}' as draft")
    connection.execute("create schema if not exists draft.marts")
    for table in {name for (name,) in _tables_of(connection, "draft")} - set(tables):
        connection.execute(f'drop table draft.marts."{table}"')
    unchanged = set()
    for table in tables:
        if table in kept:
            unchanged |= set() if _bring_up_to_date(connection, table, kept[table]) else {table}
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
    # In one transaction: for each of a thousand the disk would be waited for.
    connection.execute("begin")
    for place, comment in described:
        connection.execute("comment on {} is '{}'".format(place, comment.replace("'", "''")))
    connection.execute("commit")


def _bring_up_to_date(connection: duckdb.DuckDBPyConnection, table: str, kept: _Kept) -> int:
    """Write what has changed and what is new into a table of the draft; return how many rows."""
    if kept.changed:
        connection.execute(f'delete from draft.marts."{table}" where {_ID} in (select unnest(?))', [kept.changed])
    written = connection.execute(
        f"""insert into draft.marts."{table}" select * from marts."{table}"
            where {_MOMENT} > $newest or {_ID} in (select unnest($changed::varchar[]))""",
        {"newest": kept.newest, "changed": kept.changed},
    ).fetchone() or (0,)
    return int(written[0]) + len(kept.changed)


def _kept(
    connection: duckdb.DuckDBPyConnection, tables: list[str], made_by: tuple[str | None, ...], last: Path | None
) -> dict[str, _Kept]:
    """Return the tables of single comments that may be built on; {} where a comment of one has gone or other words."""
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
        if makers != made_by or _COMMENTS not in comments:
            return {}
        kept: dict[str, _Kept] = {}
        for table in comments:
            if here[table] != there.get(table):
                return {}
            published = _fingerprint(connection, f'last.marts."{table}"', None)
            changed: list[str] = []
            if published != _fingerprint(connection, f'marts."{table}"', published[0]):
                changed = _changed(connection, table, published[0])
                if not 0 < len(changed) <= _MOST_CHANGED or _have_other_words(connection, changed):
                    return {}
            kept[table] = _Kept(published[0], changed)
        return kept if all(each.newest for each in kept.values()) else {}
    except (duckdb.CatalogException, duckdb.BinderException):
        # Published before there was such a table or column: nothing to build on.
        return {}
    finally:
        connection.execute("detach last")


def _changed(connection: duckdb.DuckDBPyConnection, table: str, newest: object) -> list[str]:
    """Return the comments of which a published row is gone or another, and those of rows as old that were not there.

    First it is looked in which parts of the ids they are: to compare all rows takes ten times as long.
    """
    part, keys = f"hash({_ID}) % {_PARTS}", ", ".join(_KEYS)
    of_part = f"select {part} as part, count(*) as row_count, sum(hash({keys})) as row_hash from"
    found = connection.execute(
        f"""with published as (from last.marts."{table}"),
                 now as (from marts."{table}" where {_MOMENT} <= $newest),
                 parts as (
                    select coalesce(before.part, after.part) as part
                    from ({of_part} published group by all) as before
                    full join ({of_part} now group by all) as after using (part)
                    where (before.row_count, before.row_hash) is distinct from (after.row_count, after.row_hash)
                 ),
                 before as (select {keys} from published where {part} in (from parts)),
                 after as (select {keys} from now where {part} in (from parts))
            select distinct {_ID}
            from ((from before except all from after) union all (from after except all from before))
        """,
        {"newest": newest},
    ).fetchall()
    return [comment_id for (comment_id,) in found]


def _have_other_words(connection: duckdb.DuckDBPyConnection, comment_ids: list[str]) -> bool:
    """Whether one of these comments was published and is gone, or has other words than were published."""
    found = connection.execute(
        f"""with asked as (select unnest($ids) as {_ID}),
                published as (select {_ID}, {_WORDS} from last.marts.{_COMMENTS} semi join asked using ({_ID})),
                now as (select {_ID}, {_WORDS} from marts.{_COMMENTS} semi join asked using ({_ID}))
            select 1 from published left join now using ({_ID})
            where now.{_ID} is null or published.{_WORDS} is distinct from now.{_WORDS} limit 1""",
        {"ids": comment_ids},
    ).fetchone()
    return found is not None


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
