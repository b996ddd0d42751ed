"""Refusals that are more than a refusal: busy by another status, an answer of one listing, a space that is closed."""

from collections.abc import Iterator

import httpx

from tests.fixtures.asking import WEEK
from wordround.comments import Comment, Refused
from wordround.connectors.asking.contract import Connector, Page, Request, chained
from wordround.connectors.asking.driver import Driver
from wordround.connectors.asking.fetching import Fetcher
from wordround.connectors.blocks import AskedSource, Query
from wordround.connectors.terms import SourceTerms
from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import NOON
from wordround.errors import ClosedSpace


class _Rooms(StandIn):
    """One comment in every room; some rooms are `shut`, and answer so with 403."""

    shut: tuple[str, ...] = ()

    def answer(self, call: Call) -> Reply:
        if call.path.strip("/") in self.shut:
            raise Refuse(403, {"why": "shut"})
        return Reply({"id": call.path})


class _Asks(Connector):
    name = "rooms"
    terms = SourceTerms(True, True, 30, False, True)
    is_named_closed = False

    def asks(self, query: Query, window: object) -> Iterator[Request]:
        return (Request(f"{self.block.address}/{place}") for place in query.places)

    def read(self, answer, asked) -> Page:
        if "why" in answer.content and self.is_named_closed:
            raise ClosedSpace("rooms: that one is closed")
        if "why" in answer.content:
            return Page([Refused("not_public")])
        return Page([Comment(answer.content["id"], "post", NOON.date(), "Kind", "XFV", posted_at=NOON)])

    def is_answer(self, status, content):
        return content == {"why": "shut"}

    def is_busy(self, status, content):
        return content == {"why": "busy"}

    def is_out_of_budget(self, status, content):
        return content == {"why": "spent"}


def asking(standin: _Rooms, is_named_closed: bool = False) -> tuple[list, Driver, list[float]]:
    query, rested = Query(id="rooms", places=("ward", "clinic", "hall")), []
    connector = _Asks(AskedSource(address=standin.address, queries=(query,)), "XFV", {})
    connector.is_named_closed = is_named_closed
    with Fetcher(connector, httpx.Client(timeout=2.0), sleep=rested.append) as fetcher:
        driver = Driver(connector, fetcher)
        items = [item for page in driver.collect([(query, [WEEK])]) for item in page]
    return items, driver, rested


def test_a_refusal_of_one_listing_is_an_answer_and_the_window_is_whole():
    with _Rooms() as standin:
        standin.shut = ("clinic",)
        items, driver, _ = asking(standin)
    assert [type(item).__name__ for item in items] == ["Comment", "Refused", "Comment"]
    assert (driver.failures, driver.accounts[0].reaches[0].is_closed) == ([], True)


def test_a_space_that_is_closed_does_not_close_the_others_and_is_told():
    with _Rooms() as standin:
        standin.shut = ("ward",)
        items, driver, _ = asking(standin, is_named_closed=True)
    assert [item.native_id for item in items] == ["/clinic", "/hall"]
    assert driver.failures == ["ClosedSpace: query 'rooms': rooms: that one is closed"]
    reach = driver.accounts[0].reaches[0]
    assert (reach.error, reach.answered_from, reach.is_closed) == ("ClosedSpace", None, False)


def test_a_source_that_says_busy_by_400_is_waited_for_like_one_that_says_429():
    with _Rooms() as standin:
        standin.misbehave("status", status=400, body={"why": "busy"}, headers={"Retry-After": "9"}, times=2)
        items, driver, rested = asking(standin)
    assert (len(items), rested, driver.failures) == (3, [9, 9], [])


def test_a_quota_that_is_spent_ends_the_day_though_it_is_said_by_429():
    with _Rooms() as standin:
        standin.misbehave("status", status=429, body={"why": "spent"}, after=1)
        items, driver, rested = asking(standin)
    assert (len(items), rested) == (1, [])
    assert driver.notes[0].startswith("BudgetSpent: ")


def test_requests_in_a_chain_carry_what_is_still_to_be_asked():
    first, second, third = (Request(f"https://rooms.example.test/{name}") for name in "abc")
    assert chained([first, second, third]) == first._replace(about=(second, third))
    assert chained([]) is None
