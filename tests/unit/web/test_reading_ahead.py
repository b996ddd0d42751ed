"""The newest publication, read before anybody looks at it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fixtures.published import publish
from tests.fixtures.web import Site
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


def until(count: int, of: list[int]) -> None:
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


def test_charts_are_drawn_before_anybody_looks(page: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    analyst = page.visitor("m.farrow", "analysts")
    drawn, svg = list[str](), drawing.vl_convert.vegalite_to_svg
    monkeypatch.setattr(drawing.vl_convert, "vegalite_to_svg", lambda chart: (drawn.append(""), svg(chart))[1])
    with reading_ahead(page):
        deadline, before = time.monotonic() + 30, -1
        while before != len(drawn) and time.monotonic() < deadline:
            before = len(drawn)
            time.sleep(1.5)
    assert before > 0
    for path in ("/services/kestrel", "/services/heron"):
        assert "<svg" in analyst.get(path).text
    assert analyst.get("/themes/staff").status_code == 200
    assert len(drawn) == before
