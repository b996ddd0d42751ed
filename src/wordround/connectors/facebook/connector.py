"""Facebook: visitors' posts on the trust's own Page, the Page's posts, and the comments under both, by the Graph API.

Contract: the edges `feed` and `comments` of Page and Page post, cursor paging, batch requests, errors and usage headers
of the Graph API. Posts come first, then the comments of each. Posts up to `comments_days` old are looked at again for
new comments. Of `paging` only the cursor is used: its addresses hold the token, and are not followed. Recommendations
of a Page (`ratings`) ended with version 22 of the API and are not asked for.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Answer, Asked, Connector, Page, Request, Window, chained, each
from wordround.connectors.asking.parts import part
from wordround.connectors.blocks import Query
from wordround.connectors.facebook import TERMS, Block
from wordround.connectors.facebook.rows import comment_of, post_of, refusal
from wordround.connectors.facebook.usage import Usage
from wordround.errors import AnswerUnreadable, ClosedSpace, SourceBusy

_ROWS_A_PAGE, _IDS_A_CHECK = 100, 48
_POST_FIELDS = (
    "id,message,created_time,from{id},is_hidden,is_published,privacy,parent_id,message_tags,shares,"
    "reactions.limit(0).summary(true),comments.filter(stream).limit(0).summary(true)"
)
_COMMENT_FIELDS = (
    "id,message,created_time,from{id},parent{id},is_hidden,is_private,like_count,comment_count,message_tags"
)
_BUSY = frozenset({4, 17, 32, 341, 613, 80001})


class Source(Connector):
    """Reads the trust's own Page."""

    name = "facebook"
    terms = TERMS
    block_type = Block
    block: Block
    credentials = {"token": "a Page access token of the trust's own Page, which does not expire"}  # noqa: RUF012
    dialect = Usage()
    order = "none"  # comments lie in time between the posts behind them

    def headers(self, session: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets['token']}"}

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        oldest = window.since - timedelta(days=self.block.comments_days)
        params = {"since": _epoch(oldest), "until": _epoch(window.until), "limit": _ROWS_A_PAGE}
        for place in query.places:
            feed = self._call(f"{place}/feed", fields=_POST_FIELDS, **params)
            first = self._call(place, fields="id", metadata=1)
            yield first._replace(about=(self._call("me", fields="id"), feed), listing=place)

    def read(self, answer: Answer, asked: Asked) -> Page:
        request, content = asked.request, answer.content
        what = request.url.rsplit("/", 1)[1]
        rest: tuple[Request, ...] = request.about or ()
        if what == "comments":
            return self._comments(content, asked, rest)
        if what == "feed":
            return self._feed(content, asked, rest)
        _look(content, place=rest[-1].url.split("/")[-2])
        return Page([], chained(rest))

    def is_answer(self, status: int, content: Any) -> bool:
        return status in (400, 404) and _is_gone(content)

    def is_busy(self, status: int, content: Any) -> bool:
        error = _error(content)
        return error.get("code") in _BUSY or error.get("is_transient") is True

    def words_of(self, content: Any) -> str:
        words = super().words_of(content)
        return f"the token is not valid any more: {words}" if _error(content).get("code") == 190 else words

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        for start in range(0, len(native_ids), _IDS_A_CHECK):
            ids = native_ids[start : start + _IDS_A_CHECK]
            # The first two show whether the token sees its Page. Where it does not, every post looks deleted.
            wanted = ["me?fields=id", "me/feed?fields=id&limit=1", *(f"{name}?fields=id,is_hidden" for name in ids)]
            batch = json.dumps([{"method": "GET", "relative_url": one} for one in wanted])
            yield ids, Request(f"{self.block.address}/", form={"batch": batch, "include_headers": "false"})

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        parts = answer.content
        if not isinstance(parts, list) or len(parts) != len(native_ids) + 2 or None in parts:
            raise AnswerUnreadable("facebook: did not tell of every post whether it is there. Nothing was erased.")
        answers = [(part["code"], json.loads(part["body"])) for part in parts]
        unclear = [body for code, body in answers[:2] if code != 200]
        unclear += [body for code, body in answers[2:] if code != 200 and not _is_gone(body)]
        if any(_error(body).get("code") in _BUSY for body in unclear):
            raise SourceBusy("facebook: wants fewer requests. Nothing was erased; the next run asks again.")
        if unclear:
            raise AnswerUnreadable("facebook: does not show the Page to this token. Nothing was erased.")
        pairs = zip(native_ids, answers[2:], strict=True)
        return {name for name, (code, body) in pairs if code != 200 or body.get("is_hidden")}

    def _call(self, path: str, **params: Any) -> Request:
        return Request(f"{self.block.address}/{path}", params)

    def _feed(self, content: Any, asked: Asked, rest: tuple[Request, ...]) -> Page:
        if _is_gone(content):
            _look(content, place=asked.request.url.split("/")[-2])
        own = frozenset(asked.query.places)
        items = each(content["data"], lambda post: post_of(post, own, self.trust_code, asked.query.id))
        since = _epoch(asked.window.since)
        params = {"fields": _COMMENT_FIELDS, "filter": "stream", "order": "reverse_chronological", "since": since}
        under = [
            self._call(f"{post['id']}/comments", **params, limit=_ROWS_A_PAGE)
            for post in content["data"]
            if _has_comments(post)
        ]
        return Page(items, chained((*under, *_more(content, asked.request), *rest)))

    def _comments(self, content: Any, asked: Asked, rest: tuple[Request, ...]) -> Page:
        if _is_gone(content):  # the post was deleted just now
            return Page([], chained(rest))
        own, post_id = frozenset(asked.query.places), asked.request.url.split("/")[-2]
        items = each(content["data"], lambda one: comment_of(one, post_id, own, self.trust_code, asked.query.id))
        moments = [moment for one in content["data"] if (moment := _created(one))]
        is_over = bool(moments) and max(moments) < asked.window.since
        return Page(items, chained((*(() if is_over else _more(content, asked.request)), *rest)))


def _look(content: Any, place: str) -> None:
    """Raise ClosedSpace for what is not the Page of the token: a group, a profile, somebody else's Page."""
    if _is_gone(content):
        reason = "is not there, or is closed to this token"
    elif (kind := (content.get("metadata") or {}).get("type", "page")) != "page":
        reason = f"is a {kind if kind in ('group', 'user', 'event') else 'thing'} and no Page"
    elif content["id"] != place:
        reason = "is not the Page of this token"
    else:
        return
    raise ClosedSpace(f"facebook: {place} {reason}, so it is not read. Only the trust's own Page is.")


def _more(content: Any, request: Request) -> tuple[Request, ...]:
    """Return the request for the next page, as a tuple of one or none. `next` only shows that there is one."""
    paging = content.get("paging") or {}
    after = (paging.get("cursors") or {}).get("after")
    return (request._replace(params={**request.params, "after": after}),) if paging.get("next") and after else ()


def _has_comments(post: Any) -> bool:
    """Whether a public post may have comments. Where their number is missing, it may."""
    if not isinstance(post, dict) or not isinstance(post.get("id"), str) or refusal(post):
        return False
    return part(post, "comments", "summary").get("total_count") != 0


def _error(content: Any) -> dict[str, Any]:
    error = content.get("error") if isinstance(content, dict) else None
    return error if isinstance(error, dict) else {}


def _is_gone(content: Any) -> bool:
    """Whether an error says that something is not there (code 803, or 100 with subcode 33)."""
    error = _error(content)
    return error.get("code") == 803 or (error.get("code"), error.get("error_subcode")) == (100, 33)


def _created(one: Any) -> datetime | None:
    return texts.moment_or_none(part({"": one}, "").get("created_time"))


def _epoch(when: datetime) -> int:
    return int(when.timestamp())
