"""Mastodon: public posts that were written on the servers which a trust lists, by hashtag and by search.

Contract: `/api/v1/timelines/tag/:hashtag`, `/api/v2/search` and `/api/v1/statuses` of Mastodon, as its relatives speak
it too. Listings come newest first and take no dates; where one was read to is kept as a time (places.py). A short or
empty page is not the end, and ids have no order that every server keeps. A post has one address (`uri`) on every server
that shows it. Only its home server knows for certain whether it was deleted (homes.py): so a post from a home that is
not listed is refused.

Not every server gives several posts at once (`GET /api/v1/statuses?id[]`, Mastodon 4.3), nor takes several hashtags
in one listing: the first is tried, and the second is not asked for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from wordround.comments import Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Page, Request, Window, each
from wordround.connectors.asking.dialects import Dialect
from wordround.connectors.asking.parts import name, named_parts, part
from wordround.connectors.blocks import Query
from wordround.connectors.mastodon import TERMS, Block, places
from wordround.connectors.mastodon.homes import Home, home_of
from wordround.connectors.mastodon.objects import edited_comment_of, is_for_everybody
from wordround.connectors.mastodon.rows import comment_of, full_name, refusal
from wordround.errors import AnswerUnreadable

_ROWS_A_PAGE, _IDS_A_CHECK = 40, 20
# A search shows no more rows than this, however far one pages.
_SEARCH_WALL = 10_000
# A server reads the days of a search in the time zone of the account.
_A_DAY_EITHER_WAY = timedelta(days=2)
_SEARCH, _STATUSES = "/api/v2/search", "/api/v1/statuses"
_NO_SERVER = "mastodon: answers something that no such server answers. Nothing was erased. Look at `instances`."
_ACTIVITY = {"Accept": "application/activity+json"}
_NEXT = re.compile(r'<[^>]*[?&]max_id=([^&>]+)[^>]*>\s*;\s*rel="next"')


class Source(Connector):
    """Reads hashtag timelines of every listed server, and searches one of them."""

    name = "mastodon"
    terms = TERMS
    block_type = Block
    block: Block
    credentials = {"token": "access token of the trust's account at `searches_at`, read only"}  # noqa: RUF012
    optional_credentials = ("token",)
    dialect = Dialect("x-ratelimit-remaining", "x-ratelimit-reset", "iso_time")
    newest_first = True
    # Whether the server that is being checked gives several posts at once: `checks` is resumed only after `gone` has
    # read what it answered to being asked so.
    _gives_several = False

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        for address in self.block.instances:
            for tag in query.hashtags:
                path, listing = f"/api/v1/timelines/tag/{quote(tag, safe='')}", f"{address} #{tag}"
                place = places.begin(self.memory.get(f"{query.id} {listing}"), window)
                yield self._call(address, path, {"limit": _ROWS_A_PAGE, **place})._replace(listing=listing)
        since, until = window.since - _A_DAY_EITHER_WAY, window.until + _A_DAY_EITHER_WAY
        days = f"after:{since:%Y-%m-%d} before:{until:%Y-%m-%d} in:public"
        names = [name.lstrip("@").lower() for name in query.accounts]
        # A text holds only the first half of an account; the mentions name the server.
        searches = [(f"@{name.partition('@')[0]}", name) for name in names] + [(words, "") for words in query.phrases]
        for words, about in searches:
            params = {"q": f'"{words.replace(chr(34), " ")}" {days}', "type": "statuses", "limit": _ROWS_A_PAGE}
            search = self._call(self.block.searches_at, _SEARCH, params | {"offset": 0}, about)
            yield search._replace(listing=f"{self.block.searches_at} {about or words}")

    def read(self, answer: Answer, asked: Asked) -> Page:
        is_search = _is_search(asked.request)
        statuses: list[Any] = answer.content["statuses"] if is_search else answer.content[:]
        shown = [status for status in statuses if isinstance(status, dict)]
        known = _known(shown)
        items = each(statuses, lambda status: self._items(status, asked, known))
        moments = [when for status in shown if (when := texts.moment_or_none(status.get("created_at")))]
        following, is_cut = (
            _after_search(asked.request, statuses) if is_search else _after(asked.request, answer, shown)
        )
        newest = max(moments, default=None)
        place = None if is_search else places.of_page(asked.request.params.get("max_id"), newest)
        remember = {f"{asked.query.id} {asked.request.listing}": place} if place else {}
        return Page(items, following, newest, min(moments, default=None), is_cut, remember=remember)

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        by_home: defaultdict[str, list[tuple[str, Home]]] = defaultdict(list)
        for uri in native_ids:
            if home := home_of(uri):
                by_home[home.address].append((uri, home))
        for address, posts in by_home.items():
            # First checks that the server is there: of one that has moved, every post would seem gone.
            yield (), self._call(address, "/api/v1/instance", {})
            with_id = [(uri, home.own_id) for uri, home in posts if home.own_id]
            if with_id:
                yield (), self._call(address, _STATUSES, {"id[]": [with_id[0][1]]})._replace(may_be_missing=True)
            if self._gives_several:
                for start in range(0, len(with_id), _IDS_A_CHECK):
                    some = with_id[start : start + _IDS_A_CHECK]
                    yield [uri for uri, _ in some], self._call(address, _STATUSES, {"id[]": [own for _, own in some]})
            else:
                for uri, own_id in with_id:
                    yield [uri], self._call(address, f"{_STATUSES}/{own_id}", {})._replace(may_be_missing=True)
            for uri, home in posts:
                if home.own_id is None:
                    yield [uri], Request(uri, headers=_ACTIVITY, may_be_missing=True)

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        content = answer.content
        if not native_ids:
            if not isinstance(content, dict | list | None):
                raise AnswerUnreadable(_NO_SERVER)
            if isinstance(content, dict) and not content.get("version"):
                raise AnswerUnreadable(_NO_SERVER)
            self._gives_several = isinstance(content, list)
            return set()
        if content is None:
            return set(native_ids)
        if isinstance(content, dict):
            return set(native_ids) if _is_gone(content, native_ids[0]) else set()
        there = named_parts(content, "uri")
        return set(native_ids) - {uri for uri, status in there.items() if not refusal(status)}

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        content = answer.content
        if isinstance(content, dict) and "visibility" not in content:
            return each([content], lambda post: self._edited(post, native_ids[0]))
        shown = content if isinstance(content, list) else [content]
        return each([status for status in shown if isinstance(status, dict) and "visibility" in status], self._own)

    def _edited(self, post: dict[str, Any], uri: str) -> Item | None:
        """Return a post that its own address shows, where it was edited."""
        comment = edited_comment_of(post, uri)
        return comment and comment._replace(trust_code=self.trust_code)

    def _own(self, status: dict[str, Any]) -> Item:
        """Return a status as its home shows it."""
        if reason := refusal(status):
            return Refused(reason)
        return comment_of(status, {}, urlsplit(status["uri"]).netloc)._replace(trust_code=self.trust_code)

    def _call(self, address: str, path: str, params: dict[str, Any], about: str = "") -> Request:
        # A token must reach no other server than the one that gave it.
        token = self.secrets.get("token") if address == self.block.searches_at else None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return Request(f"{address}{path}", params, headers=headers, about=about)

    def _items(self, status: dict[str, Any], asked: Asked, known: dict[str, str]) -> list[Item]:
        """Return a status and, for a boost, the status that it boosts."""
        boosted = part(status, "reblog")
        return each([status, *([boosted] if boosted else ())], lambda one: self._item(one, asked, known))

    def _item(self, status: dict[str, Any], asked: Asked, known: dict[str, str]) -> Item | None:
        is_search, host = _is_search(asked.request), urlsplit(asked.request.url).netloc
        reason = refusal(status, is_search) or (None if self._is_at_home(status["uri"]) else "not_permitted")
        if reason:
            # A timeline takes no dates: a post outside the window is not counted as refused.
            posted = texts.moment(status["created_at"])
            return Refused(reason) if asked.window.since <= posted < asked.window.until else None
        comment = comment_of(status, known, host)._replace(trust_code=self.trust_code, query_id=asked.query.id)
        is_meant = not asked.request.about or full_name(asked.request.about, host) in comment.mentions
        return comment if is_meant else None

    def _is_at_home(self, uri: str) -> bool:
        home = home_of(uri)
        return home is not None and home.address in self.block.instances


def _known(statuses: list[dict[str, Any]]) -> dict[str, str]:
    """Return the addresses of statuses by the ids that one server gives them."""
    pairs = [(name(status.get("id")), name(status.get("uri"))) for status in statuses]
    return {own_id: uri for own_id, uri in pairs if own_id and uri}


def _is_gone(content: dict[str, Any], uri: str) -> bool:
    """Whether one post is deleted, or may not be kept any more, by the status or the object that its home gives."""
    if "visibility" in content:
        return bool(refusal(content))
    if content.get("type") == "Tombstone" or (content.get("id") == uri and not is_for_everybody(content)):
        return True
    # Akkoma wraps what it answers for a boost; either way it names the post by its address.
    if uri not in (content.get("id"), content.get("object"), part(content, "object").get("id")):
        raise AnswerUnreadable(
            "mastodon: a server answers with another post than it was asked for. Nothing was erased."
        )
    return False


def _is_search(request: Request) -> bool:
    return request.url.endswith(_SEARCH)


def _after(request: Request, answer: Answer, shown: list[dict[str, Any]]) -> tuple[Request | None, bool]:
    """Return the next page of a timeline. Of the address in the header only the position is used."""
    named = _NEXT.search(answer.headers.get("link", ""))
    oldest = min(shown, key=lambda status: str(status.get("created_at")), default={})
    last = unquote(named[1]) if named else name(oldest.get("id"))
    if not last or (not named and last == request.params.get("max_id")):
        return None, False
    return request._replace(params={**request.params, "max_id": last}), False


def _after_search(request: Request, statuses: list[dict[str, Any]]) -> tuple[Request | None, bool]:
    """Return the next page of a search, and whether the search hides more."""
    offset = request.params["offset"] + _ROWS_A_PAGE
    following = request._replace(params={**request.params, "offset": offset}) if statuses else None
    is_cut = offset >= _SEARCH_WALL and following is not None
    return None if is_cut else following, is_cut
