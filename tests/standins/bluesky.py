"""A Bluesky server: sessions, search and posts as the lexicons of `app.bsky.feed` describe them."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.standins.server import Call, Refuse, Reply, StandIn
from tests.standins.world import Post

LOGIN, PASSWORD = "fernvale.example.test", "abcd-efgh-ijkl-mnop"
WALL = 10_000

_TAG = re.compile(r"(?<!\w)#(\w+)")
_PARAMS = {"q", "sort", "since", "until", "mentions", "author", "lang", "domain", "url", "tag", "limit", "cursor"}


def uri_of(post_id: str, author: str = "ann") -> str:
    return f"at://{did_of(author)}/app.bsky.feed.post/{post_id}"


def did_of(author: str) -> str:
    return (
        "did:plc:" + "".join(c for c in author.lower() if c in "abcdefghijklmnopqrstuvwxyz234567").ljust(24, "a")[:24]
    )


class Bluesky(StandIn):
    """One PDS with its search."""

    wall = WALL

    def __init__(self, posts: list[Post] | None = None) -> None:
        super().__init__(posts)
        self.tokens: set[str] = set()

    def answer(self, call: Call) -> Reply:
        method = call.path.removeprefix("/xrpc/")
        if method == "com.atproto.server.createSession":
            return self._session(call)
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            raise Refuse(401, {"error": "AuthMissing", "message": "Authentication Required"})
        if token not in self.tokens:
            raise Refuse(400, {"error": "ExpiredToken", "message": "Token has expired"})
        if method == "app.bsky.feed.searchPosts":
            return self._search(call)
        if method == "app.bsky.feed.getPosts":
            return self._posts(call)
        raise Refuse(501, {"error": "MethodNotImplemented", "message": "Method Not Implemented"})

    def _session(self, call: Call) -> Reply:
        given = call.json
        if (given.get("identifier"), given.get("password")) != (LOGIN, PASSWORD):
            raise Refuse(401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"})
        token = _jwt({"scope": "com.atproto.access", "sub": did_of("fernvale"), "jti": str(len(self.tokens))})
        self.tokens.add(token)
        return Reply(
            {"accessJwt": token, "refreshJwt": token, "handle": LOGIN, "did": did_of("fernvale"), "active": True}
        )

    def _search(self, call: Call) -> Reply:
        if unknown := set(call.params) - _PARAMS:
            raise Refuse(400, {"error": "InvalidRequest", "message": f"unknown parameters {sorted(unknown)}"})
        limit = int(call.one("limit", "25"))
        if not 1 <= limit <= 100 or not call.one("q"):
            raise Refuse(400, {"error": "InvalidRequest", "message": "limit must be 1 to 100 and q not empty"})
        found = self._found(call)
        page, cursor = self.page(found, call.one("cursor"), limit)
        body: dict[str, Any] = {"posts": [self._view(post) for post in page], "hitsTotal": len(found)}
        return Reply(body | ({"cursor": cursor} if cursor else {}))

    def _found(self, call: Call) -> list[Post]:
        since, until = (_moment(call.one(name)) for name in ("since", "until"))
        q, tags = call.one("q"), [tag.lower() for tag in call.params.get("tag", [])]
        phrase = q.strip('"').lower() if q.startswith('"') else None
        mention = call.one("mentions").lower()

        def is_found(post: Post) -> bool:
            text = post.text.lower()
            return (
                not post.is_deleted
                and not post.repost_of
                and not post.is_private
                and (since is None or sort_of(post) >= since)
                and (until is None or sort_of(post) < until)
                and all(tag in (found.lower() for found in _TAG.findall(post.text)) for tag in tags)
                and (phrase is None or phrase in text)
                and (not mention or f"@{mention}" in text)
            )

        return sorted(filter(is_found, self.posts), key=lambda post: (sort_of(post), post.id), reverse=True)

    def _posts(self, call: Call) -> Reply:
        wanted = call.params.get("uris", [])
        if len(wanted) > 25:
            raise Refuse(400, {"error": "InvalidRequest", "message": "uris must not have more than 25 elements"})
        there = {
            uri_of(post.id, post.author): post for post in self.posts if not post.is_deleted and not post.is_private
        }
        return Reply({"posts": [self._view(there[uri]) for uri in wanted if uri in there]})

    def _view(self, post: Post) -> dict[str, Any]:
        labels = [*(["!no-unauthenticated"] if post.is_opted_out else []), *(["bot"] if post.is_bot else [])]
        writers = {one.id: one.author for one in self.posts}
        view: dict[str, Any] = {
            "uri": uri_of(post.id, post.author),
            "cid": f"bafyrei{abs(hash((post.id, post.text))):x}",
            "author": {
                "did": did_of(post.author),
                # Who has a domain of their own is called by it.
                "handle": post.author if "." in post.author else f"{post.author}.example.test",
                "displayName": post.author.title(),
                "labels": [
                    {"src": did_of(post.author), "uri": uri_of(post.id), "val": value, "cts": _iso(post.received)}
                    for value in labels
                ],
            },
            "record": _record(post, writers),
            "replyCount": post.replies,
            "repostCount": post.shares,
            "likeCount": post.likes,
            "quoteCount": 0,
            "bookmarkCount": 0,
            "indexedAt": _iso(post.received),
            "labels": [],
            "viewer": {"bookmarked": False, "threadMuted": False, "embeddingDisabled": False},
        }
        return view | {"newFieldOfTomorrow": {"$type": "app.bsky.unknown#thing"}}


def sort_of(post: Post) -> datetime:
    """By what a search sorts: what the client claims, unless that lies after the post was received."""
    return min(post.posted_at, post.received)


def _jwt(claims: dict[str, str]) -> str:
    """Return a JSON web token as the SDK wants to read one; nobody checks its signature."""
    lasts = {"iat": int(datetime.now(UTC).timestamp()), "exp": int(datetime.now(UTC).timestamp()) + 7200}
    parts = ({"alg": "ES256K", "typ": "at+jwt"}, {**claims, **lasts})
    return ".".join([*(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "c2ln"])


def _record(post: Post, writers: Mapping[str, str]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post",
        "text": post.text,
        "createdAt": _iso(post.posted_at),
        "langs": [post.language],
        "facets": [
            _facet(post.text, match.group(), "tag", {"tag": match.group(1)}) for match in _TAG.finditer(post.text)
        ]
        + [_facet(post.text, link, "link", {"uri": link}) for link in post.links if link in post.text],
    }
    if post.reply_to:
        parent = {"uri": uri_of(post.reply_to, writers.get(post.reply_to, "ann")), "cid": "bafyreiparent"}
        record["reply"] = {"parent": parent, "root": parent}
    if post.quote_of:
        quoted = {"uri": uri_of(post.quote_of, writers.get(post.quote_of, "ann")), "cid": "bafyreiquoted"}
        record["embed"] = {"$type": "app.bsky.embed.record", "record": quoted}
    return record


def _facet(text: str, part: str, kind: str, feature: dict[str, str]) -> dict[str, Any]:
    start = len(text[: text.index(part)].encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + len(part.encode())},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
    }


def _iso(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"


def _moment(written: str) -> datetime | None:
    if not written:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", written):
        raise Refuse(400, {"error": "InvalidRequest", "message": "since and until must be full datetimes"})
    return datetime.fromisoformat(written)


def limits(remaining: int, seconds: float) -> dict[str, str]:
    """Return the headers that say what is left and when there is more."""
    reset = int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())
    return {"RateLimit-Limit": "3000", "RateLimit-Remaining": str(remaining), "RateLimit-Reset": str(reset)}
