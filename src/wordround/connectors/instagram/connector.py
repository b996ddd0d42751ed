"""Instagram: the trust's own media, the comments under them, and media in which it is tagged, by the Graph API.

Contract: the edges `media` and `tags` of IG User, `comments` of IG Media and `replies` of IG Comment. Comments come at
most 50 at a time, newest first, with the first of their replies; further replies are asked for. Mentions in captions
and comments of others are told of by webhooks alone, and hashtag search takes 30 hashtags a week after a review of the
app and gives no authors or moments to rely on: neither is used.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from wordround.connectors.asking.contract import Answer, Asked, Item, Page, Request, Window, chained, each
from wordround.connectors.asking.parts import is_set, name, named_parts, part, parts
from wordround.connectors.blocks import Query
from wordround.connectors.graph.connector import ROWS_A_PAGE, GraphSource, epoch, moment_in, more, node_of
from wordround.connectors.graph.errors import is_gone
from wordround.connectors.instagram import TERMS, Block
from wordround.connectors.instagram.rows import comment_of, medium_of, tagged_at, tagged_id, tagged_of
from wordround.errors import AnswerUnreadable, ClosedSpace

_COMMENTS_A_PAGE = 50
_MEDIUM_FIELDS = "id,caption,timestamp,like_count,comments_count,media_product_type"
_TAGGED_FIELDS = "id,caption,timestamp,like_count,comments_count,username"
_REPLY_FIELDS = "id,text,timestamp,from{id},user{id},hidden,like_count,parent_id"
_COMMENT_FIELDS = f"{_REPLY_FIELDS},replies.limit({_COMMENTS_A_PAGE}){{{_REPLY_FIELDS}}}"


class Source(GraphSource):
    """Reads the trust's own professional account."""

    name = "instagram"
    terms = TERMS
    block_type = Block
    block: Block
    credentials = {"token": "a token that may read the comments of the trust's own Instagram account"}  # noqa: RUF012
    fields_of = {"post": _MEDIUM_FIELDS, "reply": _REPLY_FIELDS}  # noqa: RUF012
    account = "the account"
    # In a check: the media that the pages of `tags` have shown so far, and the request for the next page.
    _seen: frozenset[str] = frozenset()
    _next_tags: Request | None = None

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        oldest = window.since - timedelta(days=self.block.comments_days)
        for place in query.places:
            media = self.call(
                f"{place}/media",
                fields=_MEDIUM_FIELDS,
                since=epoch(oldest),
                until=epoch(window.until),
                limit=ROWS_A_PAGE,
            )
            yield self.call(place, fields="id")._replace(about=(media,), listing=f"{place} media")
            yield self.call(f"{place}/tags", fields=_TAGGED_FIELDS, limit=ROWS_A_PAGE)._replace(listing=f"{place} tags")

    def read(self, answer: Answer, asked: Asked) -> Page:
        request, content = asked.request, answer.content
        what = request.url.rsplit("/", 1)[1]
        rest: tuple[Request, ...] = request.about or ()
        if what in ("comments", "replies"):
            return Page([], chained(rest)) if is_gone(content) else self._comments(content, asked, what, rest)
        if is_gone(content):
            place = node_of(request) if what in ("media", "tags") else what
            raise ClosedSpace(
                f"instagram: {place} is not there, or is not an account of this token, so it is not read. Only the "
                "trust's own professional account is."
            )
        if what == "media":
            return self._media(content, asked, rest)
        if what == "tags":
            return self._tags(content, asked)
        return Page([], chained(rest))

    def probes(self) -> Sequence[str]:
        place = next((place for query in self.block.queries for place in query.places), None)
        return (f"{place}?fields=id", f"{place}/media?fields=id&limit=1") if place else ()

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        for place in dict.fromkeys(found[0] for one in native_ids if (found := tagged_at(one))):
            tagged = [one for one in native_ids if (found := tagged_at(one)) and found[0] == place]
            self._seen = frozenset()
            self._next_tags = self.call(f"{place}/tags", fields=_TAGGED_FIELDS, limit=ROWS_A_PAGE)
            for _ in range(self.block.limits.pages):
                # Where an answer fails, nothing further is asked for.
                request, self._next_tags = self._next_tags, None
                if request is None:
                    break
                yield tagged, request
        yield from super().checks([one for one in native_ids if not tagged_at(one)])

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        if not (native_ids and (first := tagged_at(native_ids[0]))):
            return super().gone(native_ids, answer)
        content = answer.content
        if is_gone(content):
            raise AnswerUnreadable("instagram: does not show the account to this token. Nothing was erased.")
        self._seen |= {tagged_id(first[0], one) for one in named_parts(part({"": content}, "").get("data"), "id")}
        missing = set(native_ids) - self._seen
        if missing and part(content, "paging").get("next"):
            # What is on no page so far may stand on the next.
            following = more(content, self.call(f"{first[0]}/tags", fields=_TAGGED_FIELDS, limit=ROWS_A_PAGE))
            self._next_tags = next(iter(following), None)
            return set()
        return missing

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        if not (native_ids and (first := tagged_at(native_ids[0]))):
            return super().still_there(native_ids, answer)
        return each(
            parts(answer.content["data"]),
            lambda medium: tagged_of(medium, first[0], self.trust_code, "", is_stored=True),
        )

    def is_withdrawn(self, node: Any) -> bool:
        return is_set(node.get("hidden"))

    def stored_as(self, kind: str, node: Any) -> Item | None:
        if kind == "reply":
            own = frozenset(place for query in self.block.queries for place in query.places)
            return comment_of(node, None, own, self.trust_code, "", is_stored=True)
        return medium_of(node, self.trust_code, "", is_stored=True)

    def _media(self, content: Any, asked: Asked, rest: tuple[Request, ...]) -> Page:
        items = each(content["data"], lambda medium: medium_of(medium, self.trust_code, asked.query.id))
        under = [
            self.call(f"{medium['id']}/comments", fields=_COMMENT_FIELDS, limit=_COMMENTS_A_PAGE)
            for medium in parts(content["data"])
            if isinstance(medium.get("id"), str) and medium.get("comments_count") != 0
        ]
        return Page(items, chained((*under, *more(content, asked.request), *rest)))

    def _tags(self, content: Any, asked: Asked) -> Page:
        place = node_of(asked.request)
        items = each(content["data"], lambda medium: tagged_of(medium, place, self.trust_code, asked.query.id))
        moments = [moment for one in content["data"] if (moment := moment_in(one, "timestamp"))]
        is_over = bool(moments) and max(moments) < asked.window.since
        return Page(items, chained(() if is_over else more(content, asked.request)))

    def _comments(self, content: Any, asked: Asked, what: str, rest: tuple[Request, ...]) -> Page:
        node, own = node_of(asked.request), frozenset(asked.query.places)
        rows = [(one, node) for one in content["data"]]
        if what == "comments":
            rows += [(reply, _id_of(one, node)) for one in parts(content["data"]) for reply in _replies_of(one)]
        items = each(rows, lambda row: comment_of(row[0], row[1], own, self.trust_code, asked.query.id))
        # A new reply may stand under an old comment, so that every page is asked for.
        replies = [
            self.call(f"{one['id']}/replies", fields=_REPLY_FIELDS, limit=_COMMENTS_A_PAGE, after=after)
            for one in parts(content["data"])
            if isinstance(one.get("id"), str)
            and part(one, "replies", "paging").get("next")
            and (after := part(one, "replies", "paging", "cursors").get("after"))
        ]
        return Page(items, chained((*replies, *more(content, asked.request), *rest)))


def _id_of(one: dict[str, Any], otherwise: str) -> str:
    return name(one.get("id")) or otherwise


def _replies_of(one: dict[str, Any]) -> list[Any]:
    """Return the replies that came with a comment, odd ones too: each is rejected alone."""
    found = part(one, "replies").get("data")
    return found if isinstance(found, list) else []
