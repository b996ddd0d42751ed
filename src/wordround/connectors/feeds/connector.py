"""Feeds: comments and posts of blogs by RSS and Atom, read with feedparser.

A feed shows the latest few entries and takes no window. Older ones cannot be had, and the account says so. A feed that
has not changed is not sent again (ETag, Last-Modified), unless a window reaches further back than the one for which it
was read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import feedparser

from wordround.comments import Kind, Refused
from wordround.connectors.asking.contract import (
    Answer,
    Asked,
    Connector,
    Item,
    Page,
    Request,
    Window,
    comments_of,
    each,
)
from wordround.connectors.blocks import Query, without_keys
from wordround.connectors.feeds import TERMS, Block
from wordround.connectors.feeds.rows import item_of
from wordround.errors import AnswerUnreadable, SourceRefused

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_VALIDATORS = (("etag", "etag"), ("modified", "last-modified"))


class Source(Connector):
    """Reads each feed."""

    name = "feeds"
    terms = TERMS
    block_type = Block
    order = "none"
    shows_unasked = True
    # In a check: the feed that was asked for last.
    _feed = ""

    def is_not_found_an_answer(self) -> bool:
        return True

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        for url in query.places:
            headers = {"Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1"}
            read_from = self.memory.get(f"since {url}")
            if read_from and read_from <= window.since.isoformat():
                remembered = (("If-None-Match", "etag"), ("If-Modified-Since", "modified"))
                headers |= {name: value for name, key in remembered if (value := self.memory.get(f"{key} {url}"))}
            yield Request(url, headers=headers, is_text=True, listing=without_keys(url))

    def read(self, answer: Answer, asked: Asked) -> Page:
        url, headers = asked.request.url, answer.headers
        feed = self._parsed(answer, url)
        if _asks_not_to_be_read(answer):
            return Page([Refused("opted_out") for _ in feed.entries])
        items = self._items(feed, url, asked.query.id)
        written = [comment.posted_at for comment in comments_of(items) if comment.posted_at]
        remember = {f"since {url}": asked.window.since.isoformat()}
        # Always both, so that a validator that is no longer sent is forgotten. A broken feed is read again.
        remember |= {f"{key} {url}": "" if feed.bozo else headers.get(name, "") for key, name in _VALIDATORS}
        is_cut = bool(written) and min(written) > asked.window.since
        return Page(
            items,
            newest=max(written, default=None),
            oldest=min(written, default=None),
            is_cut=is_cut,
            remember=remember,
        )

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        """Ask for entries whose id is an address at the host of a feed. No server knows the others.

        What the feeds themselves still show says what was edited.
        """
        feeds = list(dict.fromkeys(url for query in self.block.queries for url in query.places)) if native_ids else []
        by_host = {urlsplit(url).netloc: url for url in reversed(feeds)}
        for host, feed in by_host.items():
            # First checks that the blog is there: where it is down or has moved, every entry would seem gone.
            yield (), self._whole(feed)
            for native_id in native_ids:
                if native_id.startswith(("https://", "http://")) and _host(native_id) == host:
                    yield [native_id], Request(native_id.partition("#")[0], is_text=True)
        for feed in feeds:
            if feed not in by_host.values():
                yield (), self._whole(feed)

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        if not native_ids:
            self._parsed(answer, "")
        return set(native_ids) if answer.content is None else set()

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        if native_ids or _asks_not_to_be_read(answer):
            return []
        # An entry without a date has that of its feed, which moves.
        items = self._items(self._parsed(answer, self._feed), self._feed, "")
        return [one for one in comments_of(items) if not one.is_date_corrected]

    def _whole(self, feed: str) -> Request:
        self._feed = feed
        return Request(feed, is_text=True)

    def _items(self, feed: Any, url: str, query_id: str) -> list[Item]:
        kind: Kind = "blog_comment" if self._is_of_comments(url, feed.feed) else "post"
        return each(feed.entries, lambda entry: item_of(entry, feed.feed, kind, self.trust_code, query_id))

    def _parsed(self, answer: Answer, url: str) -> Any:
        """Return a feed, as far as it can be read. Raises SourceRefused or AnswerUnreadable where there is none."""
        kind = answer.headers.get("content-type", "")
        if answer.content is None:
            raise SourceRefused(f"{self.name}: there is no such feed (HTTP 404 or 410). Look at `places`.")
        # Feeds come under any type, empty ones most of all, and feedparser takes that for damage.
        charset = _CHARSET.search(kind)
        sent_as = f"application/xml; charset={charset[1]}" if charset else "application/xml"
        # A stream, because feedparser takes bytes for the name of a file and opens it.
        as_sent = {"content-type": sent_as, "content-location": url}
        feed = feedparser.parse(BytesIO(answer.content), response_headers=as_sent)
        if not feed.get("version") and "html" in kind:
            raise SourceRefused(f"{self.name}: answers with a web page, as for somebody who is not signed in.")
        if not feed.get("version") or (feed.bozo and not feed.entries):
            raise AnswerUnreadable(f"{self.name}: gives no feed that could be read. Look at `places`.")
        return feed

    def _is_of_comments(self, url: str, feed: Mapping[str, Any]) -> bool:
        named = isinstance(self.block, Block) and url.rstrip("/") in self.block.comment_feeds
        says_so = str(feed.get("title") or "").lower().startswith(("comments on", "comments for", "comment on"))
        return named or "comments" in urlsplit(url).path.lower().split("/") or says_so


def _asks_not_to_be_read(answer: Answer) -> bool:
    return "noindex" in answer.headers.get("x-robots-tag", "").lower()


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
