"""Limits on answers: a bomb, an endless answer, a bottomless one are refused by name, and the other queries go on."""

import gzip
import json
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.asking import WEEK
from wordround.comments import Comment, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Connector, Page, Request, each
from wordround.connectors.asking.depth import html_is_deeper, json_is_deeper, xml_is_deeper
from wordround.connectors.asking.driver import Driver
from wordround.connectors.asking.fetching import Fetcher
from wordround.connectors.blocks import AskedSource, Query
from wordround.demo.standins.server import Reply, StandIn
from wordround.errors import AnswerBeyondLimits

NOON = WEEK.since.replace(hour=12)
MEGABYTES = 2


class _Pages(StandIn):
    """Answers each path with what was set for it, else with one row."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: dict[str, Reply] = {}

    def answer(self, call):
        return self.replies.get(call.path, Reply({"ids": [call.path]}))


class _Asks(Connector):
    """Asks two listings; what one of them answers may name the page behind it."""

    name = "pages"
    is_text = False

    def asks(self, query, window):
        for place in query.places:
            yield Request(f"{self.block.address}/{place}", is_text=self.is_text)

    def read(self, answer, asked):
        content = {"ids": ["text"]} if self.is_text else answer.content
        following = content.get("next")
        return Page(
            [Comment(one, "post", NOON.date(), "Kind", "XFV", posted_at=NOON) for one in content["ids"]],
            following and Request(f"{self.block.address}/{following}"),
        )


def ask(address: str, is_text: bool = False, shown=str, **limits: int) -> tuple[list[str], Driver]:
    query = Query(id="pages", places=("first", "second"))
    connector = _Asks(AskedSource(address=address, queries=(query,), limits=limits), "XFV", {})
    connector.is_text = is_text
    with Fetcher(connector, httpx.Client(timeout=5.0), sleep=lambda _: None, shown=shown) as fetcher:
        driver = Driver(connector, fetcher)
        items = [item for page in driver.collect([(query, [WEEK])]) for item in page]
    return [item.native_id for item in items if isinstance(item, Comment)], driver


def packed(content: bytes, how: str) -> Reply:
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    body = {
        "gzip": gzip.compress(content),
        "deflate": zlib.compress(content),
        "raw deflate": raw.compress(content) + raw.flush(),
        "two members": gzip.compress(content[: len(content) // 2]) + gzip.compress(content[len(content) // 2 :]),
    }[how]
    encoding = {"raw deflate": "deflate", "two members": "gzip"}.get(how, how)
    return Reply(body, headers={"Content-Encoding": encoding})


PACKINGS = ["gzip", "deflate", "raw deflate", "two members"]


@pytest.mark.parametrize("how", PACKINGS)
def test_a_packed_answer_is_read(how: str) -> None:
    with _Pages() as standin:
        standin.replies["/first"] = packed(json.dumps({"ids": ["one", "two"]}).encode(), how)
        ids, driver = ask(standin.address)
    assert (ids, driver.failures) == (["one", "two", "/second"], [])
    assert standin.calls[0].headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize("how", PACKINGS)
def test_an_answer_that_unpacks_to_too_much_is_refused_and_the_next_listing_goes_on(how: str) -> None:
    with _Pages() as standin:
        standin.replies["/first"] = packed(b" " * (MEGABYTES + 1 << 20) + b'{"ids": []}', how)
        assert len(standin.replies["/first"].content) < 20_000
        ids, driver = ask(standin.address, megabytes=MEGABYTES)
    assert ids == ["/second"]
    (failure,) = driver.failures
    assert failure.startswith(
        "AnswerBeyondLimits: query 'pages': pages: an answer has more than 2 megabytes (limits.megabytes)"
    )
    assert len(standin.asked("/first")) == 1, "it would be as large the next time"


def test_a_packing_that_was_not_asked_for_is_not_unpacked() -> None:
    with _Pages() as standin:
        standin.replies["/first"] = Reply(b"\x28\xb5\x2f\xfd", headers={"Content-Encoding": "zstd"})
        ids, driver = ask(standin.address)
    assert ids == ["/second"]
    assert "AnswerUnreadable" in driver.failures[0]


@contextmanager
def dripping(pause: float, head: bytes) -> Iterator[str]:
    """A server that sends `head`, and then a byte at a time for ever."""
    server = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection:
            connection.recv(65_536)
            try:
                connection.sendall(head)
                while not is_over.wait(pause):
                    connection.sendall(b"x")
            except OSError:
                pass

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    is_over.set()
    server.close()


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Drip: "]
)
def test_an_answer_that_never_ends_is_cut_off(head: bytes) -> None:
    began = time.monotonic()
    with dripping(0.05, head) as address:
        ids, driver = ask(address, seconds=1)
    assert ids == []
    assert ["took more than 1 seconds in all (limits.seconds)" in failure for failure in driver.failures] == [
        True,
        True,
    ]
    assert time.monotonic() - began < 60


def nested(depth: int) -> str:
    return '{"ids": ["one"], "in": ' + "[" * depth + "]" * depth + "}"


@pytest.mark.parametrize("depth", [101, 900, 50_000])
def test_an_answer_that_is_nested_too_deep_is_refused(depth: int) -> None:
    with _Pages() as standin:
        standin.replies["/first"] = Reply(nested(depth))
        ids, driver = ask(standin.address)
    assert ids == ["/second"]
    assert "AnswerBeyondLimits" in driver.failures[0]
    assert "limits.depth" in driver.failures[0]


def test_a_refusal_that_is_nested_too_deep_is_one_too() -> None:
    with _Pages() as standin:
        standin.replies["/first"] = Reply('{"error": ' + "[" * 900 + "]" * 900 + "}", status=400)
        ids, driver = ask(standin.address)
    assert ids == ["/second"]
    assert "AnswerBeyondLimits" in driver.failures[0]


def test_a_feed_that_is_nested_too_deep_is_refused() -> None:
    with _Pages() as standin:
        standin.replies["/first"] = Reply("<rss>" + "<a>" * 200 + "</a>" * 200 + "</rss>", kind="application/rss+xml")
        standin.replies["/second"] = Reply("<rss><a>b</a></rss>", kind="application/rss+xml")
        ids, driver = ask(standin.address, is_text=True)
    assert ids == ["text"]
    assert "limits.depth" in driver.failures[0]


def test_a_page_with_too_many_rows_and_a_listing_without_end_are_refused() -> None:
    with _Pages() as standin:
        standin.replies["/first"] = Reply({"ids": [str(n) for n in range(20)]})
        ids, driver = ask(standin.address, items=10)
        assert (ids, "limits.items" in driver.failures[0]) == (["/second"], True)
        standin.replies |= {f"/{n}": Reply({"ids": [str(n)], "next": str(n + 1)}) for n in range(50)}
        standin.replies["/first"] = standin.replies["/0"]
        ids, driver = ask(standin.address, pages=5)
    assert (ids, "limits.pages" in driver.failures[0]) == (["0", "1", "2", "3", "4", "/second"], True)


def test_a_run_that_has_taken_its_time_stops_and_goes_on_the_next_time() -> None:
    with _Pages() as standin:
        standin.misbehave("slow", on="/first", seconds=1.5)
        ids, driver = ask(standin.address, run_seconds=1)
    assert (ids, driver.failures) == (["/first"], [])
    assert "limits.run_seconds" in driver.notes[0]
    cuts = [reach.cut for account in driver.accounts for reach in account.reaches]
    assert cuts and set(cuts) <= {None, "time"} and cuts[-1] == "time"


def test_what_a_server_says_of_itself_is_looked_at_before_it_is_told() -> None:
    with _Pages() as standin:
        standin.replies["/first"] = Reply({"message": "Derek Ogglesby has blocked you"}, status=400)
        standin.replies["/second"] = Reply("", 302, {"Location": "https://derekogglesby.example/login"})
        _, driver = ask(standin.address, shown=lambda words: "[looked at]")
    assert ["[looked at]" in failure for failure in driver.failures] == [True, True]
    assert "ogglesby" not in " ".join(driver.failures).lower()


JSON = st.recursive(st.none() | st.text(max_size=3), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def depth_of(content: Any) -> int:
    if not isinstance(content, dict | list):
        return 0
    return 1 + max(map(depth_of, content.values() if isinstance(content, dict) else content), default=0)


@given(JSON, st.integers(0, 6))
def test_the_depth_of_json_is_counted_as_by_hand(content: Any, most: int) -> None:
    assert json_is_deeper(content, most) == (depth_of(content) > most)


@pytest.mark.parametrize(
    ("document", "is_deeper"),
    [
        (b"<a>" * 11 + b"</a>" * 11, True),
        (b"<a>" + b"<b/>" * 500 + b"</a>", False),
        (b"<a>" * 11, True),
        (b"no feed at all <p><p>", False),
        (b"", False),
        (b"<a><![CDATA[" + b"<p>" * 50 + b"]]></a>", False),
    ],
)
def test_the_depth_of_a_feed_is_that_of_its_elements(document: bytes, is_deeper: bool) -> None:
    assert xml_is_deeper(document, 10) is is_deeper


def test_html_that_nests_without_end_costs_its_item_and_takes_no_time() -> None:
    bottomless = "<div>" * 100_000 + "x"
    began = time.monotonic()
    items = each([bottomless, "<p>Kind</p>"], lambda html: texts.text_of_html(html) and Refused("removed"))
    assert [type(item).__name__ for item in items] == ["Rejected", "Refused"]
    assert time.monotonic() - began < 5
    assert not html_is_deeper("<p>one<p>two<br><li>three" * 500, 10), "these end by themselves"


def test_the_error_is_one_of_an_unreadable_answer() -> None:
    assert AnswerBeyondLimits.__mro__[1].__name__ == "AnswerUnreadable"
