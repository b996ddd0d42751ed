"""Facebook: visitors' posts on the trust's own Page, the Page's posts, and the comments under both, by the Graph API.

Contract: the edges `feed` and `comments` of Page and Page post, cursor paging, batch requests, errors and usage headers
of the Graph API. Posts come first, then the comments of each. Posts up to `comments_days` old are looked at again for
new comments. Of `paging` only the cursor is used: its addresses hold the token, and are not followed. Recommendations
of a Page (`ratings`) ended with version 22 of the API and are not asked for.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from wordround.connectors.asking.contract import Answer, Asked, Item, Page, Request, Window, chained, each
from wordround.connectors.asking.parts import part
from wordround.connectors.blocks import Query
from wordround.connectors.facebook import TERMS, Block
from wordround.connectors.facebook.rows import comment_of, post_of, refusal
from wordround.connectors.graph.connector import ROWS_A_PAGE, GraphSource, epoch, moment_in, more, node_of
from wordround.connectors.graph.errors import is_gone
from wordround.errors import ClosedSpace

_POST_FIELDS = (
    "id,message,created_time,from{id},is_hidden,is_published,privacy,parent_id,message_tags,shares,"
    "attachments{title,unshimmed_url},"
    "reactions.limit(0).summary(true),comments.filter(stream).limit(0).summary(true)"
)
_COMMENT_FIELDS = (
    "id,message,created_time,from{id},parent{id},is_hidden,is_private,like_count,comment_count,message_tags"
)


class Source(GraphSource):
    """Reads the trust's own Page."""

    name = "facebook"
    terms = TERMS
    block_type = Block
    block: Block
    credentials = {"token": "a Page access token of the trust's own Page, which does not expire"}  # noqa: RUF012
    fields_of = {"post": _POST_FIELDS, "quote": _POST_FIELDS, "reply": _COMMENT_FIELDS}  # noqa: RUF012
    common_fields = "id,is_hidden"
    account = "the Page"

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        oldest = window.since - timedelta(days=self.block.comments_days)
        params = {"since": epoch(oldest), "until": epoch(window.until), "limit": ROWS_A_PAGE}
        for place in query.places:
            feed = self.call(f"{place}/feed", fields=_POST_FIELDS, **params)
            first = self.call(place, fields="id", metadata=1)
            yield first._replace(about=(self.call("me", fields="id"), feed), listing=place)

    def read(self, answer: Answer, asked: Asked) -> Page:
        request, content = asked.request, answer.content
        what = request.url.rsplit("/", 1)[1]
        rest: tuple[Request, ...] = request.about or ()
        if what == "comments":
            return self._comments(content, asked, rest)
        if what == "feed":
            return self._feed(content, asked, rest)
        _look(content, place=node_of(rest[-1]))
        return Page([], chained(rest))

    def probes(self) -> Sequence[str]:
        return ("me?fields=id", "me/feed?fields=id&limit=1")

    def is_withdrawn(self, node: Any) -> bool:
        return refusal(node) is not None

    def stored_as(self, kind: str, node: Any) -> Item | None:
        own = frozenset(place for query in self.block.queries for place in query.places)
        if kind == "reply":
            # Under which post it stands, a comment does not say.
            return comment_of(node, None, own, self.trust_code, "", is_stored=True)
        return post_of(node, own, self.trust_code, "", is_stored=True)

    def _feed(self, content: Any, asked: Asked, rest: tuple[Request, ...]) -> Page:
        if is_gone(content):
            _look(content, place=node_of(asked.request))
        own = frozenset(asked.query.places)
        items = each(content["data"], lambda post: post_of(post, own, self.trust_code, asked.query.id))
        since = epoch(asked.window.since)
        params = {"fields": _COMMENT_FIELDS, "filter": "stream", "order": "reverse_chronological", "since": since}
        under = [
            self.call(f"{post['id']}/comments", **params, limit=ROWS_A_PAGE)
            for post in content["data"]
            if _has_comments(post)
        ]
        return Page(items, chained((*under, *more(content, asked.request), *rest)))

    def _comments(self, content: Any, asked: Asked, rest: tuple[Request, ...]) -> Page:
        if is_gone(content):  # the post was deleted just now
            return Page([], chained(rest))
        own, post_id = frozenset(asked.query.places), node_of(asked.request)
        items = each(content["data"], lambda one: comment_of(one, post_id, own, self.trust_code, asked.query.id))
        moments = [moment for one in content["data"] if (moment := moment_in(one, "created_time"))]
        is_over = bool(moments) and max(moments) < asked.window.since
        return Page(items, chained((*(() if is_over else more(content, asked.request)), *rest)))


def _look(content: Any, place: str) -> None:
    """Raise ClosedSpace for what is not the Page of the token: a group, a profile, somebody else's Page."""
    if is_gone(content):
        reason = "is not there, or is closed to this token"
    elif (kind := (content.get("metadata") or {}).get("type", "page")) != "page":
        reason = f"is a {kind if kind in ('group', 'user', 'event') else 'thing'} and no Page"
    elif content["id"] != place:
        reason = "is not the Page of this token"
    else:
        return
    raise ClosedSpace(f"facebook: {place} {reason}, so it is not read. Only the trust's own Page is.")


def _has_comments(post: Any) -> bool:
    """Whether a public post may have comments. Where their number is missing, it may."""
    if not isinstance(post, dict) or not isinstance(post.get("id"), str) or refusal(post):
        return False
    return part(post, "comments", "summary").get("total_count") != 0
