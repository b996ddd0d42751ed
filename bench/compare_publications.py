"""Compare two published files table by table, whatever the order of their rows.

    .venv/bin/python bench/compare_publications.py BEFORE.duckdb AFTER.duckdb [--without COLUMN ...]

Prints one line a table: its rows on both sides, whether they are equal, and which columns differ. Columns that tell
when something was made (`loaded_at`, `updated_at`) differ between any two runs: leave them out with `--without`.
Ends with exit code 1 where something differs. Both files are only read.
"""

import argparse
import sys
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Column, Table

BOTH = ("before", "after")


def compare(before: Path, after: Path, without: frozenset[str] = frozenset()) -> list[tuple[str, str, str]]:
    """Return (table, rows, difference) of every table in either file; the difference is empty where they are equal."""
    with duckdb.connect() as connection:
        for name, path in zip(BOTH, (before, after), strict=True):
            connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as {name} (read_only)")
        columns = {name: _columns(connection, name, without) for name in BOTH}
        return [
            (table, *_difference(connection, table, *(columns[name].get(table, []) for name in BOTH)))
            for table in sorted(set(columns["before"]) | set(columns["after"]))
        ]


def _columns(connection: duckdb.DuckDBPyConnection, database: str, without: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(
        """select columns.schema_name || '.' || columns.table_name, columns.column_name
           from duckdb_columns() as columns
           inner join duckdb_tables() as tables using (database_name, schema_name, table_name)
           where database_name = ? order by columns.column_index""",
        [database],
    ).fetchall():
        found.setdefault(table, []).extend([] if column in without else [column])
    return found


def _difference(
    connection: duckdb.DuckDBPyConnection, table: str, before: list[str], after: list[str]
) -> tuple[str, str]:
    if not before or not after:
        return "", f"only {'after' if after else 'before'}"
    shared = [column for column in before if column in after]
    rows, whole, *each = zip(*(_fingerprints(connection, f"{name}.{table}", shared) for name in BOTH), strict=True)
    differing = [f"-{column}" for column in before if column not in after]
    differing += [f"+{column}" for column in after if column not in before]
    differing += [column for column, (one, other) in zip(shared, each, strict=True) if one != other]
    if whole[0] != whole[1] and not differing:
        differing = ["the same values in other rows"]
    return f"{rows[0]:,}" if rows[0] == rows[1] else f"{rows[0]:,} and {rows[1]:,}", ", ".join(differing)


def _fingerprints(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> tuple[int, ...]:
    """Return how many rows there are, the sum of the rows' hashes, and that of each column's."""
    names = [f'"{column}"' for column in columns]
    # The place of a column goes in, so that a row in which two of them have changed places is another row.
    hashes = [", ".join(f"{place}, {name}" for place, name in enumerate(names)), *names]
    sums = ", ".join(f"coalesce(sum(hash({values})), 0)" for values in hashes)
    found = connection.execute(f"select count(*), {sums} from {table}").fetchone()
    return found or ()


def main() -> int:
    """Compare the two files of the command line."""
    reader = argparse.ArgumentParser(description="Compare two published files table by table.")
    reader.add_argument("before", type=Path)
    reader.add_argument("after", type=Path)
    reader.add_argument("--without", nargs="*", default=[], metavar="COLUMN", help="columns to leave out")
    asked = reader.parse_args()
    shown = Table(Column("table", no_wrap=True), "rows", "equal", "what differs")
    found = compare(asked.before, asked.after, frozenset(asked.without))
    for table, rows, difference in found:
        shown.add_row(table, rows, "no" if difference else "yes", difference)
    Console().print(shown)
    return int(any(difference for _, _, difference in found))


if __name__ == "__main__":
    sys.exit(main())
