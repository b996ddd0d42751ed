"""YouTube: comment threads and comments of the Data API v3, as strict about parameters as its discovery document."""

import json
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import Post

KEY = "AIza-fern-key-0123456789"
CHANNEL = "UCfernvale0123456789abcd"
VIDEO = "fernvideo01"

_INLINED = 5


@cache
def discovery() -> dict[str, Any]:
    """Return the API's own description of itself, as Google's client ships it."""
    found = files("googleapiclient") / "discovery_cache" / "documents" / "youtube.v3.json"
    document: dict[str, Any] = json.loads(found.read_text())
    return document


class YouTube(StandIn):
    """One channel. A post is a comment under the video `place`; one that replies is an answer in a thread.

    `disabled`: videos whose comments are off. `units`: how much of the day's quota is left.
    """

    units = 10_000

    def __init__(self, posts: list[Post] | None = None) -> None:
        super().__init__(posts)
        self.disabled: set[str] = set()

    def answer(self, call: Call) -> Reply:
        what = call.path.removeprefix("/youtube/v3/")
        if call.headers.get("x-goog-api-key", call.one("key")) != KEY:
            raise _error(400, "badRequest", "API key not valid. Please pass a valid API key.")
        if self.units < 1:
            words = 'The request cannot be completed because you have exceeded your <a href="/q">quota</a>.'
            raise _error(403, "quotaExceeded", words)
        self.units -= 1
        self._check(call, what)
        return Reply(self._threads(call) if what == "commentThreads" else self._comments(call))

    def _check(self, call: Call, what: str) -> None:
        known = discovery()["resources"][what]["methods"]["list"]["parameters"]
        general = discovery()["parameters"]
        for name in call.params:
            rule, value = known.get(name) or general.get(name), call.one(name)
            if rule is None:
                raise _error(400, "unexpectedParameter", f"Unknown name {name}")
            if ("enum" in rule and value not in rule["enum"]) or int(rule.get("maximum", 10**9)) < _number(value):
                raise _error(400, "invalidParameter", f"Invalid value for {name}")
        if missing := [name for name, rule in known.items() if rule.get("required") and name not in call.params]:
            raise _error(400, "missingRequiredParameter", f"Missing {missing}")

    def _threads(self, call: Call) -> dict[str, Any]:
        filters = [name for name in ("allThreadsRelatedToChannelId", "videoId", "channelId", "id") if call.one(name)]
        if len(filters) != 1:
            raise _error(400, "missingRequiredParameter", "No filter selected. Expected one of: id, videoId")
        place = call.one(filters[0])
        there = {CHANNEL, VIDEO, *self.disabled, *(post.place for post in self.posts)}
        if place not in there:
            raise _error(404, "channelNotFound" if filters[0] != "videoId" else "videoNotFound", "It is not there.")
        if place in self.disabled:
            words = "The video identified by the parameter has disabled comments."
            raise _error(403, "commentsDisabled", words)
        found = [post for post in self._shown() if not post.reply_to and place in (CHANNEL, _video(post))]
        page, token = self.page(found, call.one("pageToken"), int(call.one("maxResults", "20")))
        is_plain = call.one("textFormat", "html") == "plainText"
        parts = call.one("part").split(",")
        items = [self.thread(post, is_plain, "replies" in parts) for post in page]
        return _list("commentThreadListResponse", items, token, len(found))

    def _comments(self, call: Call) -> dict[str, Any]:
        is_plain = call.one("textFormat", "html") == "plainText"
        if call.one("id"):
            wanted = call.one("id").split(",")
            if len(wanted) > 50 or call.one("maxResults"):
                raise _error(400, "invalidFilters", "Too many ids, or maxResults with ids")
            found = [post for post in self._shown() if id_of(post) in wanted]
            return _list("commentListResponse", [self.comment(post, is_plain) for post in found], None, len(found))
        parent = call.one("parentId")
        if parent not in {id_of(post) for post in self._shown()}:
            raise _error(404, "commentNotFound", "The comment was not found.")
        answers = self._answers(parent)
        page, token = self.page(answers, call.one("pageToken"), int(call.one("maxResults", "20")))
        return _list("commentListResponse", [self.comment(post, is_plain) for post in page], token, len(answers))

    def _shown(self) -> list[Post]:
        there = [post for post in self.posts if not post.is_deleted]
        return sorted(there, key=lambda post: (post.posted_at, post.id), reverse=True)

    def _answers(self, parent: str) -> list[Post]:
        return [post for post in self._shown() if post.reply_to == parent]

    def thread(self, post: Post, is_plain: bool = True, has_answers: bool = True) -> dict[str, Any]:
        """Return a thread as the API shows it, with some of its answers."""
        answers = self._answers(id_of(post))
        thread: dict[str, Any] = {
            "kind": "youtube#commentThread",
            "etag": "fern-etag",
            "id": id_of(post),
            "snippet": {
                "channelId": CHANNEL,
                "videoId": _video(post),
                "topLevelComment": self.comment(post, is_plain),
                "canReply": False,
                "totalReplyCount": len(answers),
                "isPublic": not post.is_private,
            },
        }
        if answers and has_answers:
            thread["replies"] = {"comments": [self.comment(each, is_plain) for each in answers[:_INLINED]]}
        return thread | {"newFieldOfTomorrow": {"x": 1}}

    def comment(self, post: Post, is_plain: bool = True) -> dict[str, Any]:
        """Return a comment as the API shows it."""
        text = post.text if is_plain else post.text.replace("&", "&amp;").replace("\n", "<br>")
        snippet: dict[str, Any] = {
            "channelId": CHANNEL,
            "videoId": _video(post),
            "textDisplay": text,
            "textOriginal": post.text,
            "authorDisplayName": f"@{post.author}",
            "authorProfileImageUrl": "https://pictures.example.test/x",
            "authorChannelUrl": f"http://www.youtube.com/@{post.author}",
            "authorChannelId": {"value": f"UC{post.author}"},
            "canRate": True,
            "viewerRating": "none",
            "likeCount": post.likes,
            "publishedAt": _iso(post.posted_at),
            "updatedAt": _iso(post.edited_at or post.posted_at),
        }
        if post.reply_to:
            snippet["parentId"] = post.reply_to
        return {"kind": "youtube#comment", "etag": "fern", "id": id_of(post), "snippet": snippet | post.extra}


def id_of(post: Post) -> str:
    """An answer's id begins with that of its thread."""
    return f"{post.reply_to}.{post.id}" if post.reply_to else f"Ug{post.id}"


def _video(post: Post) -> str:
    return post.place or VIDEO


def _list(kind: str, items: list[Any], token: str | None, total: int) -> dict[str, Any]:
    body: dict[str, Any] = {"kind": f"youtube#{kind}", "etag": "fern", "items": items}
    body["pageInfo"] = {"totalResults": total, "resultsPerPage": len(items)}
    return body | ({"nextPageToken": token} if token else {})


def _error(status: int, reason: str, words: str) -> Refuse:
    error = {"message": words, "domain": "youtube.commentThread", "reason": reason}
    return Refuse(status, {"error": {"code": status, "message": words, "errors": [error]}})


def _iso(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _number(value: str) -> int:
    return int(value) if value.isdigit() else 0
