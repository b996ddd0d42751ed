"""YouTube: comments under the videos of a channel, or under named videos, by the Data API v3.

Contract: `commentThreads.list` and `comments.list` of the API's discovery document, one unit of the day's quota each.
Threads come newest first by their first comment. An answer to an old thread is found only by looking at older threads
again, as far back as `replies_days`. Only some answers of a thread come with it; the others are asked for. ETags are
not used: they save no quota, and "unchanged" would hide comments that another window left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from wordround.comments import Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import (
    Answer,
    Asked,
    Connector,
    Item,
    Page,
    Price,
    Request,
    Window,
    chained,
    each,
)
from wordround.connectors.asking.parts import named_parts, part
from wordround.connectors.blocks import Query
from wordround.connectors.youtube import CHANNEL, TERMS, Block
from wordround.connectors.youtube.rows import item_of, items_of
from wordround.errors import ClosedSpace

_THREADS_A_PAGE, _IDS_A_CHECK = 100, 50
_NOT_THERE = ("videoNotFound", "channelNotFound")
_ANSWERS = ("commentsDisabled", "commentNotFound", *_NOT_THERE)


class Source(Connector):
    """Lists the threads of channels and videos, and the answers in them."""

    name = "youtube"
    terms = TERMS
    block_type = Block
    block: Block
    credentials = {"key": "an API key of the trust's project at Google"}  # noqa: RUF012
    price = Price("units", per_request=1)
    order = "none"  # answers lie in time after the threads behind them

    def headers(self, session: Any) -> dict[str, str]:
        return {"X-Goog-Api-Key": self.secrets["key"]}

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        for place in query.places:
            parameter = "allThreadsRelatedToChannelId" if CHANNEL.fullmatch(place) else "videoId"
            params = {parameter: place, "part": "snippet,replies", "order": "time", "textFormat": "plainText"}
            yield self._call("commentThreads", **params, maxResults=_THREADS_A_PAGE)._replace(listing=place)

    def read(self, answer: Answer, asked: Asked) -> Page:
        content, request = answer.content, asked.request
        rest: tuple[Request, ...] = request.about or ()
        if "error" in content:
            return Page(_of_refusal(content, request.params), chained(rest))
        token = content.get("nextPageToken")
        more = (request._replace(params={**request.params, "pageToken": token}),) if token else ()
        if "parentId" in request.params:
            items = each(content["items"], lambda comment: item_of(comment, self.trust_code, asked.query.id))
            return Page(items, chained((*more, *rest)))
        horizon = asked.window.since - timedelta(days=self.block.replies_days)
        threads = [thread for thread in content["items"] if not _is_older(thread, horizon)]
        long = [thread for thread in threads if _lacks_answers(thread)]
        answers = [self._answers_to(thread["id"]) for thread in long]
        items = each(threads, lambda thread: items_of(thread, self.trust_code, asked.query.id, thread not in long))
        is_over = bool(content["items"]) and not threads
        return Page(items, chained((*answers, *(() if is_over else more))))

    def is_answer(self, status: int, content: Any) -> bool:
        return status in (403, 404) and _reason(content) in _ANSWERS

    def is_busy(self, status: int, content: Any) -> bool:
        return _reason(content) in ("rateLimitExceeded", "userRateLimitExceeded", "servingLimitExceeded")

    def is_out_of_budget(self, status: int, content: Any) -> bool:
        return _reason(content) in ("quotaExceeded", "dailyLimitExceeded")

    def words_of(self, content: Any) -> str:
        return texts.text_of_html(super().words_of(content))[0]

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        for start in range(0, len(native_ids), _IDS_A_CHECK):
            ids = native_ids[start : start + _IDS_A_CHECK]
            yield ids, self._call("comments", part="snippet", id=",".join(ids), textFormat="plainText")

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        return set(native_ids) - named_parts(answer.content["items"], "id").keys()

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        return each(answer.content["items"], lambda comment: item_of(comment, self.trust_code, ""))

    def _call(self, method: str, **params: Any) -> Request:
        return Request(f"{self.block.address}/youtube/v3/{method}", params)

    def _answers_to(self, comment_id: str) -> Request:
        params = {"part": "snippet", "parentId": comment_id, "textFormat": "plainText"}
        return self._call("comments", **params, maxResults=_THREADS_A_PAGE)


def _reason(content: Any) -> str:
    try:
        return str(content["error"]["errors"][0]["reason"])
    except (KeyError, TypeError, IndexError):
        return ""


def _of_refusal(content: Any, params: Mapping[str, Any]) -> list[Item]:
    """Return the items of a listing that is refused. Raises ClosedSpace for a place that is not there."""
    reason = _reason(content)
    if reason in _NOT_THERE:
        place = params.get("videoId") or params.get("allThreadsRelatedToChannelId")
        raise ClosedSpace(f"youtube: {place} is not there, or is private. Take it out of [sources.youtube].")
    # Answers to a comment that was deleted just now are gone with it.
    return [Refused("not_public")] if reason == "commentsDisabled" else []


def _is_older(thread: Any, horizon: datetime) -> bool:
    posted = texts.moment_or_none(part({"": thread}, "", "snippet", "topLevelComment", "snippet").get("publishedAt"))
    return posted is not None and posted < horizon


def _lacks_answers(thread: Any) -> bool:
    try:
        inlined = (thread.get("replies") or {}).get("comments") or ()
        return len(inlined) < (texts.count(thread["snippet"].get("totalReplyCount")) or 0) and bool(thread["id"])
    except (KeyError, TypeError, AttributeError):
        return False
