"""Reading each publication as soon as it is there, and drawing its charts: nobody's first look takes seconds."""

import logging
import os
import threading
from collections.abc import Callable, Iterator

import duckdb

from wordround.errors import WordroundError
from wordround.web import drawn_charts
from wordround.web.publication import Build, Publications

# Of a board of hundreds, the services that need a look first: what is kept of a publication has a limit.
_MOST_DRAWN = 100
_NICENESS = 10

log = logging.getLogger(__name__)


def read_ahead(publications: Publications, ended: threading.Event, every_seconds: float = 5) -> None:
    """Until it is `ended`, read each publication as soon as it is there, and then draw it, behind what visitors ask."""
    # Of this thread alone: Linux counts niceness by thread.
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
    read = None
    while not ended.is_set():
        try:
            with publications.newest() as (build, connection):
                if read != build.state:
                    # The services need what the report reads, and the themes do too.
                    build.services, build.episodes, build.trends  # noqa: B018 - each is kept where it is read
                    build.make_index()
                    _draw(publications, build, connection, ended)
                    read = build.state
        except (WordroundError, duckdb.Error) as error:
            log.debug("Nothing was read ahead: %s", type(error).__name__)
        ended.wait(every_seconds)


def _draw(
    publications: Publications, build: Build, connection: duckdb.DuckDBPyConnection, ended: threading.Event
) -> None:
    for draw in _drawings(build, connection):
        if ended.is_set() or not publications.is_newest(build):
            return
        draw()


def _drawings(build: Build, connection: duckdb.DuckDBPyConnection) -> Iterator[Callable[[], object]]:
    for service in build.services[:_MOST_DRAWN]:
        yield lambda service=service: drawn_charts.of_a_service(build, service)  # type: ignore[misc]
    for trend in build.trends.of_all.values():
        if trend.now is not None:
            yield lambda theme=trend.theme: drawn_charts.of_a_theme(build, connection, theme)  # type: ignore[misc]
