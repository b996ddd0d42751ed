"""The newest publication, read before anybody looks at it."""

import threading
import time
from collections.abc import Iterator, Sized
from contextlib import contextmanager

import pytest

from tests.fixtures.published import publish
from tests.fixtures.web import Site
from wordround import worker_processes
from wordround.charts import drawing
from wordround.published import reading
from wordround.web.reading_ahead import read_ahead


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
