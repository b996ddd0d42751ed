"""The Ratings and Reviews API of the NHS website: reviews of a place, published or removed."""

import re
from datetime import UTC, datetime
from typing import Any

from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import Post

KEY = "0123456789abcdef0123456789abcdef"
WRONG_KEY = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
)
QUOTA = "Out of call volume quota. Quota will be replenished in 03:12:45."
_PARAMS = {"orgType", "odsCode", "status", "offset", "limit", "fromDate", "toDate", "api-version"}
_TYPES = {"DEN", "OPT", "HOS", "PHA", "GPB", "TRU", "IND", "SCL", "CLI"}


class NhsReviews(StandIn):
    """`ignores_status`: the list of removals shows what is published instead."""

    ignores_status = False

    def answer(self, call: Call) -> Reply:
        if call.headers.get("subscription-key") != KEY:
            raise Refuse(401, {"statusCode": 401, "message": WRONG_KEY})
        if call.path != "/Comments":
            raise Refuse(404, {"statusCode": 404, "message": "Resource not found"})
        if unknown := set(call.params) - _PARAMS:
            raise Refuse(400, {"statusCode": 400, "message": f"unknown parameters {sorted(unknown)}"})
        status, kind, limit = call.one("status", "published"), call.one("orgType"), int(call.one("limit", "100"))
        if status not in ("published", "removed") or not 1 <= limit <= 100 or (kind and kind not in _TYPES):
            raise Refuse(400, {"statusCode": 400, "message": "status, limit or orgType is not allowed"})
        if not (kind or call.one("odsCode")):
            raise Refuse(400, {"statusCode": 400, "message": "orgType or odsCode is required"})
        page, _ = self.page(self._found(call, status), call.one("offset", "0"), limit)
        return Reply({"comments": [{"comment": _comment(post), "response": _response(post)} for post in page]})

    def _found(self, call: Call, status: str) -> list[Post]:
        first, last, place = _day(call.one("fromDate")), _day(call.one("toDate")), call.one("odsCode")
        wanted = status == "removed" and not self.ignores_status
        return [
            post
            for post in self.posts
            if post.is_deleted == wanted
            and post.place.startswith(place)
            # Both days left out: the strictest of the ways to read them.
            and first < f"{post.posted_at:%Y-%m-%d}"
            and (not last or f"{post.posted_at:%Y-%m-%d}" < last)
        ]


def _comment(post: Post) -> dict[str, Any]:
    return {
        "commentId": post.id,
        "commentRef": f"ref-{post.id}",
        "responseID": None,
        "odsCode": post.place,
        "commentOriginalURL": f"https://www.example.test/services/{post.place}/reviews/{post.id}",
        "title": post.title,
        "commentText": post.text or None,
        "dateSubmitted": _iso(post.posted_at),
        "lastUpdated": _iso(post.edited_at or post.posted_at),
        "sentimentScore": 0,
        "department": post.extra.get("department"),
        "publisherID": "P1",
        "screenName": f"Screen {post.author}",
        "status": "removed" if post.is_deleted else "published",
        "removeReportLink": False,
        "ratings": post.extra.get("ratings", [{"question": "Overall rating", "rating": post.rating}]),
        "visit": {"month": post.posted_at.month, "year": post.posted_at.year},
        "aFieldOfTomorrow": [{}],
    }


def _response(post: Post) -> dict[str, Any] | None:
    text = post.extra.get("response")
    return {"responseID": f"r{post.id}", "responseText": text, "dateSubmitted": _iso(post.posted_at)} if text else None


def _iso(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def _day(written: str) -> str:
    if written and not re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        raise Refuse(400, {"statusCode": 400, "message": "fromDate and toDate must be days"})
    return written
