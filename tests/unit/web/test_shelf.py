"""What is kept by its name: made once, within a limit, and without a trace of what could not be made."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fixtures.web import Site
from wordround.web import publication
from wordround.web.pages import search
from wordround.web.publication import Build
from wordround.web.shelf import Shelf


def slowly(made: list[str]) -> str:
    time.sleep(0.05)
    made.append("")
    return "it"


def test_those_who_want_the_same_at_once_get_what_one_of_them_made() -> None:
    shelf, made = Shelf(), list[str]()
    with ThreadPoolExecutor(8) as visitors:
        found = [visitors.submit(shelf.of, "chart", lambda: slowly(made)) for _ in range(8)]
    assert [each.result() for each in found] == ["it"] * 8
    assert len(made) == 1


def test_of_too_many_the_one_goes_that_nobody_asked_for_longest() -> None:
    shelf, made = Shelf(2), list[str]()
    for name in ("a", "b", "a", "c", "a", "b"):
        shelf.of(name, lambda name=name: made.append(name))  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]


def test_what_could_not_be_made_is_tried_by_all_who_waited_at_once() -> None:
    shelf, tries = Shelf(), list[str]()
    began, together = threading.Barrier(8), threading.Barrier(7, timeout=20)

    def refused() -> str:
        tries.append("")
        if len(tries) == 1:
            time.sleep(0.3)
        else:
            together.wait()
        raise ValueError("there is none")

    def want() -> None:
        began.wait()
        shelf.of("search", refused)

    with ThreadPoolExecutor(8) as visitors:
        failed = [visitors.submit(want) for _ in range(8)]
    assert [type(each.exception()) for each in failed] == [ValueError] * 8
    assert shelf.of("search", lambda: "found") == "found"


def test_searches_that_were_refused_leave_nothing_behind(page: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    build = built(page)
    monkeypatch.setattr(search, "_AT_ONCE", threading.BoundedSemaphore(1))
    monkeypatch.setattr(search, "_LONGEST_WAIT", 0.01)
    analyst = page.visitor("m.farrow", "analysts")
    analyst.get("/search?q=ward")
    with search._AT_ONCE:
        assert {analyst.get(f"/search?q=word{number}").status_code for number in range(5)} == {503}
    assert "word0" not in repr([vars(shelf) for shelf in vars(build).values() if isinstance(shelf, Shelf)])


def test_who_searches_a_lot_throws_no_chart_away(page: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "_MOST_PAGES", 4)
    analyst, build = page.visitor("m.farrow", "analysts"), built(page)
    analyst.get("/services/kestrel")
    for number in range(10):
        assert analyst.get(f"/search?q=word{number}").status_code == 200
    drawn_anew = list[str]()
    build.chart("scores kestrel", lambda: drawn_anew.append(""))
    assert drawn_anew == []


def built(page: Site) -> Build:
    with page.application.state.publications.newest() as (build, _):
        return build  # type: ignore[no-any-return]
