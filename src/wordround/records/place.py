"""Where the store is, and what its database says by name.

A file below the data home, or the Postgres database that WORDROUND_RECORDS_URL names. No error holds a password, a
value of a row or a statement: of what the database says, its kind is passed on.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from wordround.errors import (
    RecordsBusy,
    RecordsDamaged,
    RecordsFailed,
    RecordsUnreachable,
    SettingsInvalid,
    StorageFailed,
)
from wordround.folders import documentation, remedy
from wordround.settings import Settings

_RESTORE = "It was left as it is. Move it away and restore it from a backup"
_DRIVERS = ("postgresql", "postgresql+psycopg")


@dataclass(frozen=True)
class Place:
    """`name` may be shown. `path`: the SQLite file, where it is one."""

    url: sa.URL
    name: str
    path: Path | None = None


def place_of(settings: Settings) -> Place:
    """Say where the store is. Raises SettingsInvalid where the variable names no Postgres database."""
    given = settings.environment.records_url
    if given is None:
        path = settings.records / "records.sqlite"
        # An address, so that a file that is not there is an error and not a new file.
        query = {"uri": "true", "mode": "rw"}
        return Place(sa.URL.create("sqlite", database=path.absolute().as_uri(), query=query), str(path), path)
    try:
        url = sa.make_url(given.get_secret_value())
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in _DRIVERS or not url.database:
        raise SettingsInvalid(
            "WORDROUND_RECORDS_URL: names no Postgres database; postgresql://user:password@host/database is its form."
        )
    host = url.host or url.query.get("host") or "localhost"
    return Place(url.set(drivername="postgresql+psycopg"), f"Postgres database {url.database} at {host}")


def damaged(place: Place, what: str) -> RecordsDamaged:
    """The error that says what is wrong with the file, and what to do."""
    return RecordsDamaged(f"{place.name}: {what}. {_RESTORE} ({documentation('records.md#restore')}).")


@contextmanager
def named_errors(place: Place) -> Iterator[None]:
    """Turn what a database says into errors that a user can act on."""
    try:
        yield
    except DBAPIError as error:
        raise _named(place, error.orig or error) from None
    except sqlite3.Error as error:
        raise _named(place, error) from None
    except ImportError as error:
        if error.name not in ("psycopg", "psycopg_binary", "psycopg_c"):
            raise
        raise RecordsUnreachable(f"{place.name}: the driver psycopg is not installed: {remedy('psycopg')}") from None


def _named(place: Place, error: BaseException) -> RecordsFailed | StorageFailed:
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(place, getattr(error, "sqlite_errorname", type(error).__name__))
    return _of_postgres(place, error)


def _of_sqlite(place: Place, code: str) -> RecordsFailed | StorageFailed:
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return damaged(place, f"is damaged ({code})")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return RecordsBusy(f"{place.name}: another program holds it. Wait for it to end, then run this again.")
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StorageFailed(
            f"{place.name}: cannot be read or written ({code}). Free some space or mend the rights of the file and its "
            "folder, then run this again: nothing was half done."
        )
    return RecordsFailed(f"{place.name}: refused what was to be done ({code}); nothing of it was kept.")


def _of_postgres(place: Place, error: BaseException) -> RecordsFailed | StorageFailed:
    code = getattr(error, "sqlstate", None)
    if code is None:
        return RecordsUnreachable(f"{place.name}: {_why_no_connection(str(error), place.url.password)}")
    if code == "55P03":
        return RecordsBusy(f"{place.name}: another program holds it. Wait for it to end, then run this again.")
    if code.startswith(("08", "28", "3D", "57")):
        return RecordsUnreachable(f"{place.name}: the server ended the connection or refused it ({code}).")
    if code.startswith("53"):
        return StorageFailed(f"{place.name}: the server has no room left ({code}). Nothing was half done.")
    return RecordsFailed(f"{place.name}: refused what was to be done ({code}); nothing of it was kept.")


def _why_no_connection(message: str, password: object) -> str:
    if "password authentication failed" in message or "no password supplied" in message:
        return "does not take the user or the password of WORDROUND_RECORDS_URL."
    if "does not exist" in message:
        to_read = documentation("records.md")
        return f"has no such database or user: correct WORDROUND_RECORDS_URL, or have it made ({to_read})."
    reason = message.rpartition("failed: ")[2].partition("\n")[0].removeprefix("FATAL:").strip().rstrip(".")
    if password:
        reason = reason.replace(str(password), "***")
    return f"cannot be reached ({reason}). Start the server, or correct WORDROUND_RECORDS_URL."
