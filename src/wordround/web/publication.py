"""The published warehouse as the web page reads it: one publication a visit, from its first query to its last.

A new publication takes the file's place while visits go on. Each is attached to a database of its own in memory, as
DuckDB hands out the former file for a path that is still open in the process. What every page needs is read once a
publication, and kept for as long as it is the newest.
"""

import os
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import duckdb
from markupsafe import Markup

from wordround.errors import NothingPublished
from wordround.published import attention, comment_index, figures, reading, theme_trends
from wordround.published.database import CANNOT_BE_OPENED, opened
from wordround.published.figures import ServiceFigures
from wordround.published.reading import Episodes, Published
from wordround.published.theme_trends import ThemeTrends
from wordround.settings import Settings
from wordround.web.shelf import Shelf

_MEMORY, _THREADS = "1GB", 2
# Of up to 100 KB each: a board of many services must not fill the memory, nor who searches a lot throw charts away.
_MOST_PAGES, _MOST_CHARTS = 500, 500

Kept = TypeVar("Kept")


class Build:
    """One publication: its connection, what was read of it once, and the charts that were drawn of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.state = _state(path.stat())
            self._connection = _attached(path)
        except FileNotFoundError:
            raise NothingPublished("Nothing has been published yet: `wordround run` does it.") from None
        except duckdb.Error as error:
            raise NothingPublished(CANNOT_BE_OPENED.format(path=path)) from error
        self._lock = threading.RLock()
        self._visits, self._is_former = 0, False
        self._is_indexed, self._indexing = False, threading.Lock()
        self._kept, self._pages, self._charts = Shelf(), Shelf(_MOST_PAGES), Shelf(_MOST_CHARTS)

    @cached_property
    def published(self) -> Published:
        """What the report reads."""
        with self._lock, opened(self._cursor(), self._path) as connection:
            return reading.read_from(connection)

    @cached_property
    def episodes(self) -> Episodes:
        """The alerts, and what their services and themes are called."""
        with self._lock, opened(self._cursor(), self._path) as connection:
            return reading.episodes_from(connection)

    @cached_property
    def services(self) -> list[ServiceFigures]:
        """The figures of each service that has a comment, by what needs a look."""
        with self._lock:
            return attention.in_order(figures.services(self.published))

    @cached_property
    def by_id(self) -> dict[str, ServiceFigures]:
        """The same by the id of the service."""
        return {service.service_id: service for service in self.services}

    @cached_property
    def trends(self) -> ThemeTrends:
        """The themes of every frame, in the last quarters."""
        published = self.published
        with self._lock, opened(self._cursor(), self._path) as connection:
            return theme_trends.read(connection, published)

    def make_index(self) -> None:
        """Make the index by which comments are looked for, unless it is there."""
        # By a lock of its own: nobody else waits meanwhile.
        with self._indexing:
            if not self._is_indexed:
                with opened(self._cursor(), self._path) as connection:
                    comment_index.make(connection)
                self._is_indexed = True

    def once(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What is made of this publication at the first look, by its name, and kept as long as the publication."""
        return self._kept.of(name, make)

    def page(self, name: Hashable, make: Callable[[], Kept]) -> Kept:
        """A page of this publication as it was made at the first look; what nobody looks at for long is made anew."""
        return self._pages.of(name, make)

    def chart(self, name: str, draw: Callable[[], Markup | None]) -> Markup | None:
        """A chart by its name, likewise."""
        return self._charts.of(name, draw)

    @contextmanager
    def visited(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of one visit's own."""
        with self._lock:
            self._visits += 1
        try:
            with opened(self._cursor(), self._path) as connection:
                yield connection
        finally:
            with self._lock:
                self._visits -= 1
                self._close_if_former()

    def retire(self) -> None:
        """Close it after the last visit that reads it: a newer one is there."""
        with self._lock:
            self._is_former = True
            self._close_if_former()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute("use published")
        return cursor

    def _close_if_former(self) -> None:
        if self._is_former and not self._visits:
            self._connection.close()
            self._is_former = False


class Publications:
    """The newest publication, for each visit anew."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.published / "wordround.duckdb"
        self._lock = threading.Lock()
        self._newest: Build | None = None

    @contextmanager
    def newest(self) -> Iterator[tuple[Build, duckdb.DuckDBPyConnection]]:
        """The newest publication and a connection to it. Raises NothingPublished."""
        with self._lock:
            build = self._looked_up()
            visited = build.visited()
            connection = visited.__enter__()
        try:
            yield build, connection
        finally:
            visited.__exit__(None, None, None)

    def is_newest(self, build: Build) -> bool:
        """Whether no newer publication is there than this one."""
        with self._lock:
            return self._looked_up() is build

    def close(self) -> None:
        """Let go of the newest."""
        with self._lock:
            if self._newest:
                self._newest.retire()
            self._newest = None

    def _looked_up(self) -> Build:
        try:
            state = _state(self._path.stat())
        except FileNotFoundError:
            state = None
        if self._newest is None or state not in (None, self._newest.state):
            former, self._newest = self._newest, Build(self._path)
            if former:
                former.retire()
        return self._newest


def _state(stat: os.stat_result) -> tuple[int, int, int, int]:
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


def _attached(path: Path) -> duckdb.DuckDBPyConnection:
    # Without a folder of its own: what a query finds is written nowhere.
    connection = duckdb.connect(config={"memory_limit": _MEMORY, "threads": _THREADS, "temp_directory": ""})
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as published (read_only)")
    return connection
