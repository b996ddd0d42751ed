"""The catalogue of a lake: which files are which table. A Postgres database, or a DuckDB file where none is named.

It holds the least and the greatest value of every column of every file, so words of comments: it is as confidential as
they are, and what was erased must leave it too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from wordround.errors import LakeFailed, SettingsInvalid
from wordround.folders import documentation, remedy
from wordround.settings import Settings
from wordround.storage import DRAFT, sync
from wordround.warehouse.statements import quoted, quoted_text

if TYPE_CHECKING:
    import psycopg

_FORM = "WORDROUND_CATALOGUE_URL: names no Postgres database; postgresql://user:password@host/database is its form."


@dataclass(frozen=True)
class Catalogue:
    """`name` may be shown. `place`: as DuckLake is told of it, without the password. `path`: the file, if it is one."""

    name: str
    place: str
    path: Path | None = None
    password: str = field(default="", repr=False)


def catalogue_of(settings: Settings) -> Catalogue:
    """Say where the catalogue is. Raises SettingsInvalid for an address of none, LakeFailed without the driver."""
    given = settings.environment.catalogue_url
    if given is None:
        path = settings.lake / "catalogue.duckdb"
        return Catalogue(str(path), quoted(path), path)
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict, make_conninfo
    except ImportError:
        raise LakeFailed(f"The catalogue's driver psycopg is not installed: {remedy('ducklake')}") from None
    try:
        parts = {name: str(part) for name, part in conninfo_to_dict(given.get_secret_value()).items()}
    except ProgrammingError:
        parts = {}
    if not parts.get("dbname") or not given.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise SettingsInvalid(_FORM)
    password = parts.pop("password", "")
    name = f"Postgres database {parts['dbname']} at {parts.get('host') or 'localhost'}"
    place = quoted_text(make_conninfo("", **parts))
    return Catalogue(name, f"postgres:{place}", password=password)


def is_there(settings: Settings) -> bool:
    """Whether a lake was ever begun. Raises LakeFailed where the catalogue cannot be reached."""
    catalogue = catalogue_of(settings)
    if catalogue.path:
        return catalogue.path.exists()
    with _server(settings, catalogue) as connection:
        return connection.execute("select to_regclass('ducklake_metadata')").fetchone() != (None,)


def forget_former_rows(settings: Settings) -> None:
    """Write the catalogue anew, so that no page of it holds what its rows held before. Nobody may have it open."""
    catalogue = catalogue_of(settings)
    if catalogue.path:
        _copy(catalogue.path)
        return
    with _server(settings, catalogue) as connection:
        tables = connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
            " where schemaname = current_schema() and tablename like 'ducklake\\_%'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"vacuum (full, analyze) {table}".encode())
        # What the server itself has noted of the values of columns, before and now; its owner may.
        connection.execute(b"vacuum full pg_catalog.pg_statistic")


def _copy(path: Path) -> None:
    draft = path.with_name(f"{DRAFT}{path.name}")
    draft.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{quoted(path)}' as former")
        # Without its log the file is whole.
        connection.execute("checkpoint former")
        connection.execute(f"attach '{quoted(draft)}' as draft")
        connection.execute("copy from database former to draft")
    sync(draft)
    draft.replace(path)


@contextmanager
def _server(settings: Settings, catalogue: Catalogue) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    import psycopg

    assert settings.environment.catalogue_url is not None  # noqa: S101 - for the type checker
    try:
        with psycopg.connect(settings.environment.catalogue_url.get_secret_value(), autocommit=True) as connection:
            yield connection
    except psycopg.Error as error:
        raise unreachable(catalogue, error.sqlstate) from None


def unreachable(catalogue: Catalogue, code: str | None = None) -> LakeFailed:
    """The error of a catalogue that does not answer, or refuses. code: SQLSTATE, which holds no secret."""
    return LakeFailed(
        f"{catalogue.name}: the catalogue of the lake cannot be reached or refuses{f' ({code})' if code else ''}. "
        f"Start the server, or correct WORDROUND_CATALOGUE_URL ({documentation('settings.md#a-lake')}). Nothing was "
        "half done."
    )
