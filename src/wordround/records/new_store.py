"""The tables of a new SQLite file, as all migrations one after the other make them.

A file that is made from them needs no Alembic, whose import alone takes longer than everything else that a first run
does with the records. `python -m wordround.records.new_store` writes them anew after a migration was added, and a test
compares the two.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import sqlalchemy as sa

from wordround.records.migrations import migrate
from wordround.records.tables import REVISION, VERSION_TABLE

_FILE = Path(__file__).with_name("new_store.sql")


def make(connection: sa.Connection) -> None:
    """Make every table, index and trigger of an empty file, within the transaction of the connection."""
    for statement in _statements(_FILE.read_text(encoding="utf-8")):
        connection.exec_driver_sql(statement)
    connection.execute(sa.text(f"insert into {VERSION_TABLE} values (:revision)"), {"revision": REVISION})


def by_migrations() -> str:
    """Return the tables as the migrations make them, a statement after the other in the order in which they came."""
    with sa.create_engine("sqlite://").connect() as connection:
        migrate(connection)
        return tables_of(connection)


def tables_of(connection: sa.Connection) -> str:
    """Return the tables of a file as statements."""
    made: Iterable[str] = connection.exec_driver_sql(
        "select sql from sqlite_schema where sql is not null order by rowid"
    ).scalars()
    return "".join(f"{statement};\n\n" for statement in made)


def _statements(text: str) -> Iterator[str]:
    """Yield the statements of a file. Those of a trigger are part of it."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if statement.strip() and sqlite3.complete_statement(statement):
            yield statement
            statement = ""


if __name__ == "__main__":
    _FILE.write_text(by_migrations(), encoding="utf-8")
