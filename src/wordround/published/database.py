"""The published warehouse as a file: opened read-only, its tables read into the rows of `tables`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from pydantic import TypeAdapter, ValidationError

from wordround.errors import NothingPublished, PublicationUnusable
from wordround.settings import Settings

Kind = TypeVar("Kind")

CANNOT_BE_OPENED = "{path}: cannot be opened as a published warehouse. Publish it again."


@contextmanager
def published_warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse, read-only.

    Raises NothingPublished when it is missing or cannot be opened, PublicationUnusable when it lacks a table or column.
    """
    with published_file(settings.published / "wordround.duckdb") as connection:
        yield connection


@contextmanager
def published_file(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published warehouse that lies anywhere, read-only. Raises as `published_warehouse` does."""
    if not path.is_file():
        raise NothingPublished(f"{path}: nothing has been published yet. `wordround run` loads, builds and publishes.")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise NothingPublished(CANNOT_BE_OPENED.format(path=path)) from error
    with opened(connection, path):
        yield connection


@contextmanager
def opened(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to read with, closed afterwards. Raises PublicationUnusable when it lacks a table or column."""
    try:
        connection.execute("set TimeZone = 'Europe/London'")
        yield connection
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        # The first line names the table or column; it holds no values.
        lacking = str(error).splitlines()[0]
        raise PublicationUnusable(f"{path}: lacks a table or column that is read ({lacking}).") from error
    finally:
        connection.close()


@cache
def _reader(kind: type) -> TypeAdapter[Any]:
    """Return what reads rows of a kind: to make one takes longer than to read a page of rows."""
    return TypeAdapter(list[kind])  # type: ignore[valid-type]


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, kind: type[Kind], *values: object, **named: object
) -> list[Kind]:
    """The answer of a query as rows of a published table; its other columns are left out.

    kind: a class of `tables`; values, named: those of the query's parameters. Raises PublicationUnusable, with the
    columns, where the answer lacks some or holds what cannot be in them.
    """
    answer = connection.execute(query, named or values)
    names = [column[0] for column in answer.description or ()]
    wanted = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    table = getattr(kind, "TABLE", kind.__name__)
    if missing := [name for name in wanted if name not in names]:
        raise PublicationUnusable(f"{table} of the published warehouse has no column {', '.join(missing)}.")
    places = [(name, names.index(name)) for name in wanted]
    found = [{name: row[place] for name, place in places} for row in answer.fetchall()]
    try:
        read: list[Kind] = _reader(kind).validate_python(found)  # type: ignore[arg-type]  # a class can be hashed
        return read
    except ValidationError as error:
        # Not the error itself: it holds the values.
        wrong = sorted({f"{each['loc'][1]} ({each['type']})" for each in error.errors(include_input=False)})
    raise PublicationUnusable(f"{table} of the published warehouse: cannot be read: {', '.join(wrong)}.")
