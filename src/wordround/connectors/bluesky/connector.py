"""Bluesky: public posts that a search finds, asked at the account's own server (PDS).

Contract: the lexicons `app.bsky.feed.searchPosts`, `app.bsky.feed.getPosts` and `com.atproto.server.createSession` of
the AT Protocol. A search ends near 10,000 posts, takes `until` and never holds reposts. `createdAt` is the client's
claim; `indexedAt` is the moment at which the network received the post.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Page, Request, Window, each
from wordround.connectors.asking.dialects import Dialect
from wordround.connectors.asking.parts import named_parts
from wordround.connectors.blocks import Query
from wordround.connectors.bluesky import TERMS, Block
from wordround.connectors.bluesky.rows import item_of, refusal

_POSTS_A_PAGE, _URIS_A_CHECK = 100, 25


class Source(Connector):
    """Searches by hashtag, mention and phrase."""

    name = "bluesky"
    terms = TERMS
    block_type = Block
    credentials = {"login": "handle of the trust's account", "password": "an app password of it"}  # noqa: RUF012
    dialect = Dialect("ratelimit-remaining", "ratelimit-reset")
    wall = 10_000

    def sign_in(self) -> Request:
        who = {"identifier": self.secrets["login"], "password": self.secrets["password"]}
        return self._call("com.atproto.server.createSession", json=who)

    def headers(self, session: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {session['accessJwt']}"} if session else {}

    def is_session_over(self, status: int, content: Any) -> bool:
        return isinstance(content, dict) and content.get("error") in ("ExpiredToken", "InvalidToken")

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        searches = [{"q": f"#{tag}", "tag": tag} for tag in query.hashtags]
        searches += [{"q": f"@{name}", "mentions": name} for name in (name.lstrip("@") for name in query.accounts)]
        searches += [{"q": f'"{words}"'} for words in query.phrases]
        since, until = (
            f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z" for when in (window.since, window.until)
        )
        for search in searches:
            params = {**search, "sort": "latest", "since": since, "until": until, "limit": _POSTS_A_PAGE}
            yield self._call("app.bsky.feed.searchPosts", params=params, listing=search["q"])

    def read(self, answer: Answer, asked: Asked) -> Page:
        items = each(answer.content["posts"], lambda post: item_of(post, self.trust_code, asked.query.id))
        cursor = answer.content.get("cursor")
        # The cursor counts the rows before moderation leaves some out: a wall is seen by it, and not by the rows.
        position = (asked.request.about or 0) + _POSTS_A_PAGE
        if isinstance(cursor, str) and cursor.isdecimal():
            position = int(cursor)
        params = {**asked.request.params, "cursor": cursor}
        following = asked.request._replace(params=params, about=position) if cursor else None
        return Page(items, following, position=position)

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        for start in range(0, len(native_ids), _URIS_A_CHECK):
            uris = native_ids[start : start + _URIS_A_CHECK]
            yield uris, self._call("app.bsky.feed.getPosts", params={"uris": list(uris)})

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        posts = named_parts(answer.content["posts"], "uri")
        return set(native_ids) - {uri for uri, post in posts.items() if not refusal(post)}

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        return each(answer.content["posts"], lambda post: item_of(post, self.trust_code, ""))

    def _call(self, method: str, **request: Any) -> Request:
        return Request(f"{self.block.address}/xrpc/{method}", **request)
