"""Whose a lake is: one home writes to it, and the catalogue says which.

A home is known by the file `installation`, which homes that share what comes in have in common, and by that file's
number on its disk: a copy of a home has another. So neither a copy nor a restored home writes to a lake that the other
one still writes to, and removes its files, until somebody says that it may (`wordround lake claim`).
"""

import os
import secrets
from contextlib import suppress

import duckdb

from wordround.errors import LakeOfAnotherHome
from wordround.folders import documentation
from wordround.settings import Settings
from wordround.storage import DRAFT, storage
from wordround.warehouse.catalogue import catalogue_of

_TABLE = "wordround_home"


def require(connection: duckdb.DuckDBPyConnection, settings: Settings, alias: str) -> None:
    """Let this home have an attached lake that is nobody's. Raises LakeOfAnotherHome where it is another home's."""
    if _lies_in_the_home(settings):
        return
    table, own = _table(alias), _own(settings)
    connection.execute(f"create table if not exists {table} (home varchar)")
    owners = {home for (home,) in connection.execute(f"select home from {table}").fetchall()}
    if not owners:
        connection.execute(f"insert into {table} values (?)", [own])
    elif owners != {own}:
        raise LakeOfAnotherHome(
            f"{catalogue_of(settings).name}: the lake belongs to another home than {settings.home}. Two homes would "
            "remove each other's files. Name another database in WORDROUND_CATALOGUE_URL and another place in [engine] "
            "data; or, where this home takes the place of the other one, stop that one for good and run `wordround "
            f"lake claim` ({documentation('settings.md#a-lake')})."
        )


def claim(connection: duckdb.DuckDBPyConnection, settings: Settings, alias: str) -> None:
    """Make an attached lake this home's."""
    if _lies_in_the_home(settings):
        return
    table = _table(alias)
    connection.execute(f"create table if not exists {table} (home varchar)")
    connection.execute(f"delete from {table}")
    connection.execute(f"insert into {table} values (?)", [_own(settings)])


def _lies_in_the_home(settings: Settings) -> bool:
    """Whether a copy of the home is a copy of the lake as well."""
    return catalogue_of(settings).path is not None and not settings.engine.data


def _table(alias: str) -> str:
    # As DuckLake calls the database of its catalogue.
    return f"__ducklake_metadata_{alias}.{_TABLE}"


def _own(settings: Settings) -> str:
    """Return what this home is known by; the first call makes it."""
    path = settings.place("installation")
    if not path.exists():
        with storage(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = path.with_name(f"{DRAFT}{path.name}-{secrets.token_hex(3)}")
            draft.write_text(f"{secrets.token_hex(16)}\n", encoding="ascii")
            draft.chmod(0o600)
            # Whole at once, and of two homes that share it the first one's.
            with suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
    with storage(path):
        return f"{path.read_text(encoding='ascii').strip()}-{path.stat().st_ino}"
