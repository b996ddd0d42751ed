"""Reading each publication as soon as it is there, and drawing its charts: nobody's first look takes seconds.

Charts are drawn in a process of their own, which gives way to all others: within this one each would keep visitors
waiting for a third of a second.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

import duckdb

from wordround import worker_processes
from wordround.web import drawn_charts
from wordround.web.drawn_charts import Run
from wordround.web.publication import Build, Publications

# Of a board of hundreds, the services that need a look first: what is kept of a publication has a limit.
_MOST_DRAWN = 100
_NICENESS = 5

log = logging.getLogger(__name__)


def read_ahead(publications: Publications, ended: threading.Event, every_seconds: float = 5) -> None:
    """Until it is `ended`, read each publication as soon as it is there, and then draw it."""
    read = None
    while not ended.is_set():
        try:
            with publications.newest() as (build, connection):
                if read != build.state:
                    # The services need what the report reads, and the themes do too.
                    build.services, build.episodes, build.trends  # noqa: B018 - each is kept where it is read
                    build.make_index()
                    read = build.state
                    _draw(publications, build, connection, ended)
        except Exception as error:  # noqa: BLE001  whatever it is, the next publication is read ahead again
            _say(error)
        ended.wait(every_seconds)


def _draw(
    publications: Publications, build: Build, connection: duckdb.DuckDBPyConnection, ended: threading.Event
) -> None:
    with _elsewhere() as run:
        for draw in _drawings(build, connection, run):
            if ended.is_set() or not publications.is_newest(build):
                return
            try:
                draw()
            except Exception as error:  # noqa: BLE001  it costs this chart alone, which the first look at it draws
                _say(error)


def _say(error: Exception) -> None:
    log.debug("Not all was read ahead: %s", type(error).__name__)


def _drawings(build: Build, connection: duckdb.DuckDBPyConnection, run: Run) -> Iterator[Callable[[], object]]:
    for service in build.services[:_MOST_DRAWN]:
        yield lambda service=service: drawn_charts.of_a_service(build, service, run)  # type: ignore[misc]
    yield lambda: drawn_charts.coverage_of_sources(build, run)
    for trend in build.trends.of_all.values():
        if trend.now is not None:
            yield lambda theme=trend.theme: drawn_charts.of_a_theme(build, connection, theme, run=run)  # type: ignore[misc]


def _give_way() -> None:
    os.nice(_NICENESS)
    # Ctrl+C in a terminal reaches every process of it; this one ends with the page.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _elsewhere() -> Iterator[Run]:
    executor: Executor = worker_processes.pool(1, _give_way)
    try:
        yield lambda draw, *values: executor.submit(draw, *values).result()
    finally:
        worker_processes.stop(executor)
