"""Mastodon: public posts that were written on the servers which a trust lists, by hashtag and by search.

Contract: `/api/v1/timelines/tag/:hashtag`, `/api/v2/search` and `/api/v1/statuses` of Mastodon 4.3 and of compatible
servers. Listings come newest first and take no dates. A short or empty page is not the end, and ids have no order. A
post has one address (`uri`) on every server that shows it. Only its home server knows for certain whether it was
deleted, by the id at the end of its address: so a post from a home that is not listed is refused.
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
from wordround.connectors.blocks import Query
from wordround.connectors.mastodon import TERMS, Block
from wordround.connectors.mastodon.rows import comment_of, full_name, id_at_home, moment_or_none, refusal

_ROWS_A_PAGE, _IDS_A_CHECK, _TAGS_A_LISTING = 40, 20, 5
# A search shows no more rows than this, however far one pages.
_SEARCH_WALL = 10_000
# A server reads the days of a search in the time zone of the account.
_A_DAY_EITHER_WAY = timedelta(days=2)
_SEARCH = "/api/v2/search"
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

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        for address in self.block.instances:
            for start in range(0, len(query.hashtags), _TAGS_A_LISTING):
                first, *others = query.hashtags[start : start + _TAGS_A_LISTING]
                params: dict[str, Any] = {"limit": _ROWS_A_PAGE} | ({"any[]": others} if others else {})
                yield self._call(address, f"/api/v1/timelines/tag/{quote(first, safe='')}", params)
        since, until = window.since - _A_DAY_EITHER_WAY, window.until + _A_DAY_EITHER_WAY
        days = f"after:{since:%Y-%m-%d} before:{until:%Y-%m-%d} in:public"
        names = [name.lstrip("@").lower() for name in query.accounts]
        # A text holds only the first half of an account; the mentions name the server.
        searches = [(f"@{name.partition('@')[0]}", name) for name in names] + [(words, "") for words in query.phrases]
        for words, about in searches:
            params = {"q": f'"{words.replace(chr(34), " ")}" {days}', "type": "statuses", "limit": _ROWS_A_PAGE}
            yield self._call(self.block.searches_at, _SEARCH, params | {"offset": 0}, about)

    def read(self, answer: Answer, asked: Asked) -> Page:
        is_search = _is_search(asked.request)
        statuses: list[dict[str, Any]] = answer.content["statuses"] if is_search else answer.content[:]
        shown = [status for status in statuses if isinstance(status, dict)]
        known = {status["id"]: status["uri"] for status in shown if status.get("id") and status.get("uri")}
        items = each(statuses, lambda status: self._items(status, asked, known))
        moments = [when for status in shown if (when := moment_or_none(status.get("created_at")))]
        following, is_cut = (
            _after_search(asked.request, statuses) if is_search else _after(asked.request, answer, shown)
        )
        return Page(items, following, max(moments, default=None), min(moments, default=None), is_cut)

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        by_home: defaultdict[str, list[str]] = defaultdict(list)
        for uri in native_ids:
            by_home[_home(uri)].append(uri)
        for home, uris in by_home.items():
            for start in range(0, len(uris), _IDS_A_CHECK):
                some = uris[start : start + _IDS_A_CHECK]
                yield some, self._call(home, "/api/v1/statuses", {"id[]": [id_at_home(uri) for uri in some]})

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        return set(native_ids) - {status["uri"] for status in answer.content if not refusal(status)}

    def _call(self, address: str, path: str, params: dict[str, Any], about: str = "") -> Request:
        # A token must reach no other server than the one that gave it.
        token = self.secrets.get("token") if address == self.block.searches_at else None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return Request(f"{address}{path}", params, headers=headers, about=about)

    def _items(self, status: dict[str, Any], asked: Asked, known: dict[str, str]) -> list[Item]:
        """Return a post and, for a boost, the post that it boosts."""
        both = [self._item(one, asked, known) for one in (status, status.get("reblog")) if one is not None]
        return [item for item in both if item]

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
        return _home(uri) in self.block.instances and id_at_home(uri) is not None


def _home(uri: str) -> str:
    return f"{urlsplit(uri).scheme}://{urlsplit(uri).netloc}"


def _is_search(request: Request) -> bool:
    return request.url.endswith(_SEARCH)


def _after(request: Request, answer: Answer, shown: list[dict[str, Any]]) -> tuple[Request | None, bool]:
    """Return the next page of a timeline. Of the address in the header only the position is used."""
    named = _NEXT.search(answer.headers.get("link", ""))
    oldest = min(shown, key=lambda status: str(status.get("created_at")), default={})
    last = unquote(named[1]) if named else oldest.get("id")
    if not last or (not named and last == request.params.get("max_id")):
        return None, False
    return request._replace(params={**request.params, "max_id": last}), False


def _after_search(request: Request, statuses: list[dict[str, Any]]) -> tuple[Request | None, bool]:
    """Return the next page of a search, and whether the search hides more."""
    offset = request.params["offset"] + _ROWS_A_PAGE
    following = request._replace(params={**request.params, "offset": offset}) if statuses else None
    is_cut = offset >= _SEARCH_WALL and following is not None
    return None if is_cut else following, is_cut
