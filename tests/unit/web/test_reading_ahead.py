"""The newest publication, read before anybody looks at it."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from typing import Any

import pytest

from tests.fixtures.published import SERVICES, publish
from tests.fixtures.web import Site
from wordround import worker_processes
from wordround.charts import drawing
from wordround.published import reading
from wordround.web import drawn_charts
from wordround.web.reading_ahead import _elsewhere, read_ahead


@contextmanager
def reading_ahead(page: Site) -> Iterator[None]:
    ended = threading.Event()
    publications = page.application.state.publications
    thread = threading.Thread(target=read_ahead, args=(publications, ended, 0.02), daemon=True)
    thread.start()
    try:
        yield
        assert thread.is_alive()
    finally:
        ended.set()
        thread.join(10)


def until(count: int, of: Sized) -> None:
    end = time.monotonic() + 30
    while len(of) < count and time.monotonic() < end:
        time.sleep(0.02)
    assert len(of) == count


def test_a_publication_is_read_once_before_anybody_looks(page: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    times, read_from = list[int](), reading.read_from
    monkeypatch.setattr(reading, "read_from", lambda connection: (times.append(1), read_from(connection))[1])
    with reading_ahead(page):
        until(1, times)
        assert "Kestrel" in page.visitor("m.farrow", "analysts").words("/services")
        assert len(times) == 1
        publish(page.settings.home)
        until(2, times)


def test_where_nothing_can_be_read_it_waits_for_what_comes(page: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    file = page.settings.published / "wordround.duckdb"
    whole = file.read_bytes()
    file.write_bytes(b"no warehouse")
    times, read_from = list[int](), reading.read_from
    monkeypatch.setattr(reading, "read_from", lambda connection: (times.append(1), read_from(connection))[1])
    with reading_ahead(page):
        time.sleep(0.2)
        assert not times
        file.unlink()
        time.sleep(0.2)
        file.write_bytes(whole)
        until(1, times)


def test_charts_are_drawn_elsewhere_before_anybody_looks(page: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    analyst = page.visitor("m.farrow", "analysts")
    drawn_here, svg = list[str](), drawing.vl_convert.vegalite_to_svg
    monkeypatch.setattr(drawing.vl_convert, "vegalite_to_svg", lambda chart: (drawn_here.append(""), svg(chart))[1])
    ended = list[str]()
    monkeypatch.setattr(
        worker_processes, "stop", lambda pool, stop=worker_processes.stop: (ended.append(""), stop(pool))
    )
    with reading_ahead(page):
        until(1, ended)
        for path in ("/services/kestrel", "/services/heron"):
            assert "<svg" in analyst.get(path).text
    assert drawn_here == []


def test_a_chart_that_cannot_be_drawn_costs_itself_alone(page: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, times, read_from = list[str](), list[int](), reading.read_from

    def draw(name: str, fails: bool) -> None:
        drawn.append(name)
        if fails:
            raise ValueError("a value that no scale has")

    monkeypatch.setattr(drawn_charts, "of_a_service", lambda _, service, run: draw(service.service_id, len(drawn) == 0))
    monkeypatch.setattr(drawn_charts, "coverage_of_sources", lambda _, run: draw("coverage", fails=False))
    monkeypatch.setattr(drawn_charts, "of_a_theme", lambda *_, run: None)
    monkeypatch.setattr(reading, "read_from", lambda connection: (times.append(1), read_from(connection))[1])
    with reading_ahead(page):
        until(len(SERVICES) + 1, drawn)
        publish(page.settings.home)
        until(2, times)


def test_ctrl_c_in_the_terminal_leaves_the_end_of_drawing_to_the_page() -> None:
    with _elsewhere() as run:
        drawer: Any = run(os.getpid)  # type: ignore[arg-type]
        # As a terminal does: each process of it is told.
        told = threading.Timer(0.5, os.kill, (drawer, signal.SIGINT))
        told.start()
        assert run(time.sleep, 2) is None  # type: ignore[arg-type]
        told.join()
        assert run(os.getpid) == drawer  # type: ignore[arg-type]
