"""The reviews of Google's My Business API, version 4, and the token endpoint of its OAuth server."""

import re
from datetime import UTC, datetime
from typing import Any

from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import Post

CLIENT, SECRET, REFRESH = "fernvale.apps.example.test", "client-secret-0123456789", "1//refresh-token-0123456789"
PLACE = "accounts/1/locations/2"
_STARS = ("STAR_RATING_UNSPECIFIED", "ONE", "TWO", "THREE", "FOUR", "FIVE")
_ORDERS = ("rating", "rating desc", "updateTime desc")


class GoogleReviews(StandIn):
    """One account with one location."""

    def __init__(self, posts: list[Post] | None = None) -> None:
        super().__init__(posts)
        self.tokens: set[str] = set()

    def answer(self, call: Call) -> Reply:
        if call.path == "/token":
            return self._token(call)
        if call.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            raise _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        match = re.fullmatch(rf"/v4/{PLACE}/reviews(?:/(.+))?", call.path)
        if not match:
            raise _error(404, "NOT_FOUND", "Requested entity was not found.")
        return self._one(match.group(1)) if match.group(1) else self._list(call)

    def _token(self, call: Call) -> Reply:
        form = call.form
        if call.method != "POST" or form.get("grant_type") != "refresh_token":
            raise Refuse(400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"})
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            raise Refuse(401, {"error": "invalid_client", "error_description": "The OAuth client was not found."})
        if form.get("refresh_token") != REFRESH:
            raise Refuse(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
        token = f"ya29.token-{len(self.tokens)}"
        self.tokens.add(token)
        return Reply({"access_token": token, "expires_in": 3599, "scope": "x", "token_type": "Bearer"})

    def _list(self, call: Call) -> Reply:
        if unknown := set(call.params) - {"pageSize", "pageToken", "orderBy"}:
            raise _error(400, "INVALID_ARGUMENT", f"Unknown name {sorted(unknown)}")
        size = int(call.one("pageSize", "50"))
        if not 1 <= size <= 50 or call.one("orderBy", "updateTime desc") not in _ORDERS:
            raise _error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
        there = sorted((post for post in self.posts if not post.is_deleted), key=_changed, reverse=True)
        page, token = self.page(there, call.one("pageToken"), size)
        body: dict[str, Any] = {"reviews": [_review(post) for post in page]} if page else {}
        body |= {"averageRating": 4.1, "totalReviewCount": len(there)} if there else {}
        return Reply(body | ({"nextPageToken": token} if token else {}))

    def _one(self, review_id: str) -> Reply:
        post = next((post for post in self.posts if post.id == review_id and not post.is_deleted), None)
        if post is None:
            raise _error(404, "NOT_FOUND", "Requested entity was not found.")
        return Reply(_review(post))


def name_of(post: Post) -> str:
    return f"{PLACE}/reviews/{post.id}"


def _changed(post: Post) -> tuple[datetime, str]:
    return post.edited_at or post.posted_at, post.id


def _review(post: Post) -> dict[str, Any]:
    review: dict[str, Any] = {
        "name": name_of(post),
        "reviewId": post.id,
        "reviewer": {"displayName": f"Display {post.author}", "profilePhotoUrl": "https://photos.example.test/1"},
        "starRating": _STARS[post.rating or 0],
        "createTime": _iso(post.posted_at),
        "updateTime": _iso(_changed(post)[0]),
        "reviewMediaItems": [{"aFieldOfTomorrow": None}],
    }
    if post.text:
        review["comment"] = post.text
    if reply := post.extra.get("reply"):
        review["reviewReply"] = {"comment": reply, "updateTime": _iso(post.posted_at)}
    return review


def _error(status: int, code: str, message: str) -> Refuse:
    return Refuse(status, {"error": {"code": status, "message": message, "status": code}})


def _iso(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond * 1000:09}Z"
