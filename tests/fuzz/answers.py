"""Answers of sources: their stand-ins, which answer over the loopback as they do, with something changed on the way."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from random import Random
from typing import Any

import httpx

from tests.fixtures.every_source import SOURCES, under_media
from tests.fuzz.kinds import CANARY, Content, Kind
from tests.fuzz.mutating import TOKENS, bytewise, within_json
from wordround.comments import Comment
from wordround.connectors import registry
from wordround.connectors.asking.contract import Window
from wordround.connectors.asking.driver import Driver
from wordround.connectors.asking.fetching import Fetcher
from wordround.demo.standins.server import Call, Reply, StandIn
from wordround.demo.standins.world import Post
from wordround.errors import WordroundError

_STATUSES = (200, 201, 204, 302, 304, 400, 401, 403, 404, 410, 429, 500, 503)
_HEADERS: tuple[Mapping[str, str], ...] = (
    {"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}, {"Content-Encoding": "deflate"},
    {"Retry-After": "9" * 400},
    {"Retry-After": "Thu, 32 Foo 99999 25:61:61 GMT"}, {"x-ratelimit-reset": "1e999"}, {"x-rate-limit-reset": "-1"},
    {"x-ratelimit-remaining": "0"}, {"ratelimit-reset": "nan"},
    {"x-app-usage": '{"call_count": "NaN"}'}, {"x-app-usage": "[]"},
    {"x-business-use-case-usage": '{"1": [null, 5, {"estimated_time_to_regain_access": "x"}]}'},
    {"x-business-use-case-usage": "[" * 2_000}, {"Location": "http://["}, {"Content-Type": "text/html; charset=\x00"},
    {"Content-Type": "application/json; charset=utf-16"}, {"Content-Type": "application/json; charset=idna"},
    {"Content-Type": "text/xml; charset=rot13"}, {"Link": "<http://[>; rel=next"}, {"ETag": "x" * 4_000},
)  # fmt: skip


class _Changed:
    """Answers as a stand-in does, but for a few answers, of which something is changed."""

    def __init__(self, standin: StandIn) -> None:
        self._answer, self.chance = standin.answer, Random(0)
        standin.answer = self  # type: ignore[method-assign]

    def __call__(self, call: Call) -> Reply:
        reply = self._answer(call)
        if self.chance.random() < 0.3:
            return reply
        body = reply.content if isinstance(reply.body, str | bytes) else json.dumps(reply.body).encode()
        is_json = "json" in reply.kind
        way = self.chance.choice(
            (within_json, within_json, within_json, bytewise) if is_json else (bytewise, _within_xml, _within_xml)
        )
        body = way(self.chance, body)
        headers, status = dict(reply.headers), reply.status
        if self.chance.random() < 0.1:
            headers |= self.chance.choice(_HEADERS)
        if self.chance.random() < 0.1:
            status = self.chance.choice(_STATUSES)
        return Reply(body, status, headers, reply.kind)


def _within_xml(chance: Random, written: bytes) -> bytes:
    """Change what stands between the signs of a feed, or the name of a tag."""
    parts = written.split(b"<")
    for _ in range(chance.choice((1, 1, 3, 10))):
        place = chance.randrange(1, len(parts))
        tag, sign, words = parts[place].partition(b">")
        match chance.randrange(6):
            case 0 | 1:
                words = chance.choice(
                    (*TOKENS, b"<![CDATA[", b"<![CDATA[<p>" * 50, b"&#0;&#xD800;&#x110000;", b"&a;" * 50)
                )
            case 2:
                tag = chance.choice(parts).partition(b">")[0]
            case 3:
                tag += b' xml:base="http://[" xml:lang="' + b"x" * 400 + b'"'
            case 4:
                words = chance.choice(parts).partition(b">")[2]
            case 5:
                del parts[place]
                continue
        parts[place] = tag + sign + words
    return b"<".join(parts)


class Answers(Kind):
    """What one source answers: to what is asked of it, and to what is asked about deletions."""

    source: str

    def prepare(self) -> list[Content]:
        module = import_module(f"wordround.demo.standins.{self.source}")
        kind, more, query, secrets = SOURCES[self.source]
        now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=3)
        self._window = Window(now - timedelta(days=2), now + timedelta(minutes=2))
        place = {"care_opinion": "XFV", "nhs_reviews": "XFV01"}.get(self.source, "")
        world = [
            Post(
                f"77310{number}", f"A {CANARY} ward, {number} #FernvaleNHS", now - timedelta(minutes=number),
                author=f"ann{number}", place=place, rating=4,
                title="A ward" if self.source in ("care_opinion", "reddit", "nhs_reviews") else None,
                links=("https://www.nhs.uk/help",), edited_at=now if number == 2 else None, is_opted_out=number == 3,
                reply_to="773101" if number == 5 else None,
            )
            for number in range(14)
        ]  # fmt: skip
        standin: StandIn = getattr(module, kind)(under_media(self.source, world))
        # It serves as long as this process lasts.
        standin.__enter__()
        fill = {"{address}": standin.address, "{path}": getattr(standin, "path", "")}

        def filled(value: Any) -> Any:
            if isinstance(value, list):
                return [filled(one) for one in value]
            for name, said in fill.items():
                value = value.replace(name, said) if isinstance(value, str) else value
            return value

        asked = {name: [filled(getattr(module, one, one)) for one in values] for name, values in query.items()}
        own = (
            {}
            if self.source in ("mastodon", "feeds")
            else {"address": standin.address + ("/v4" if self.source == "google_reviews" else "")}
        )
        written = {**own, **{name: filled(value) for name, value in more.items()}, "queries": [{"id": "q", **asked}]}
        self._block = registry.blocks()[self.source].model_validate(written)
        self._secrets = {name: getattr(module, constant) for name, constant in secrets.items()}
        self._client = httpx.Client(timeout=httpx.Timeout(5.0))
        whole = self._asked()
        assert whole.comments > 3 and not whole.failures, (self.source, whole.comments, whole.failures)
        self._native_ids = whole.native_ids
        self._changed = _Changed(standin)
        self._standin = standin
        return [Content(self.source, b"")]

    def change(self, chance: Random) -> Content:
        return Content(self.source, str(chance.randrange(1 << 60)).encode())

    def read(self, content: Content) -> str:
        self._changed.chance = Random(int(content.written or b"0"))
        self._standin.calls.clear()
        found = self._asked()
        told = " ".join(found.failures)
        items: list[object] = []
        try:
            list(self._driver().gone(self._native_ids, items.extend))
        except WordroundError as error:
            told += str(error)
        assert CANARY not in told, "a failure tells what was answered"
        told.encode()
        return "read" if found.comments else "nothing in it"

    def _driver(self) -> Driver:
        kind = registry.connector(self.source)
        assert kind is not None
        connector = kind(self._block, "XFV", self._secrets)
        return Driver(connector, Fetcher(connector, self._client, sleep=lambda _: None))

    def _asked(self) -> "_Found":
        driver = self._driver()
        pending = [(query, [self._window]) for query in self._block.queries]
        items = [item for page in driver.collect(pending) for item in page]
        comments = [item for item in items if isinstance(item, Comment)]
        for one in comments:
            _is_whole(one)
        return _Found(len(comments), driver.failures, [one.native_id for one in comments])


class _Found:
    def __init__(self, comments: int, failures: list[str], native_ids: list[str]) -> None:
        self.comments, self.failures, self.native_ids = comments, failures, native_ids


def _is_whole(comment: Comment) -> None:
    """What a comment says must be storable: text that can be encoded, moments with a zone, counts that fit."""
    for name, value in comment._asdict().items():
        if isinstance(value, str):
            value.encode()
        if isinstance(value, tuple):
            for one in value:
                assert all(isinstance(part, str) for part in ([one] if isinstance(one, str) else one)), name
        if isinstance(value, datetime):
            assert value.tzinfo is not None, f"{name} has no zone"
        if isinstance(value, int) and not isinstance(value, bool):
            assert abs(value) < 2**63, f"{name} is beyond what can be stored"


def kinds() -> list[type[Kind]]:
    """Return a kind for each source."""
    return [
        type(
            f"Answers_{source}",
            (Answers,),
            {"name": "feeds" if source == "feeds" else f"answers of {source}", "source": source},
        )
        for source in SOURCES
    ]
