"""A Bluesky server: sessions, search and posts as the lexicons describe them and as the real server words them.

`tests/live` asks the real one (`@atproto/pds`, `@atproto/bsky`) alike and compares status, words, fields and headers.
On purpose it is stricter in one thing: a parameter that the lexicon does not know is refused.
"""

import json
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from wordround.demo.standins.bluesky_views import MENTION, did_of, indexed, tags_of, uri_of, view
from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import Post

__all__ = ["LOGIN", "PASSWORD", "Bluesky", "did_of", "limits", "sort_of", "uri_of"]

LOGIN, PASSWORD = "fernvale.example.test", "abcd-efgh-ijkl-mnop"
WALL = 10_000

_SEARCH, _POSTS = "app.bsky.feed.searchPosts", "app.bsky.feed.getPosts"
_PARAMS = {"q", "sort", "since", "until", "mentions", "author", "lang", "domain", "url", "tag", "limit", "cursor"}
_URI = re.compile(r"at://did:[a-z]+:[\w.:%-]+/[\w.-]+/[\w.~:-]+")


class Bluesky(StandIn):
    """One PDS with its search.

    `hidden`: ids of posts that moderation takes out of a page after it was cut, so that a cursor counts them.
    `is_deactivated`, `is_taken_down`: the account that asks is; a deactivated one may read all the same.
    """

    wall = WALL
    is_deactivated = is_taken_down = False
    sign_ins_left = 29

    def __init__(self, posts: list[Post] | None = None) -> None:
        super().__init__(posts)
        self.tokens: set[str] = set()
        self.hidden: set[str] = set()
        self.over: set[str] = set()  # tokens that have ended
        self.limits = lambda: limits(2_900, 300)

    def answer(self, call: Call) -> Reply:
        method = call.path.removeprefix("/xrpc/")
        if method == "com.atproto.server.createSession":
            return self._session(call)
        self._let_in(call.headers.get("authorization", ""))
        if method == _SEARCH:
            return self._search(call)
        if method == _POSTS:
            return self._posts(call)
        raise Refuse(501, {"error": "MethodNotImplemented", "message": "Method Not Implemented"})

    def _session(self, call: Call) -> Reply:
        given, own = call.json, limits(self.sign_ins_left, 300, most=30)
        # What lacks a part is refused before anybody counts.
        if missing := [name for name in ("identifier", "password") if name not in given]:
            raise _invalid(f'Missing required key "{missing[0]}" at $')
        if (given["identifier"], given["password"]) != (LOGIN, PASSWORD):
            words = {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
            raise Refuse(401, words, own)
        if self.is_taken_down:
            raise Refuse(401, {"error": "AccountTakedown", "message": "Account has been taken down"}, own)
        token = _jwt("at+jwt", "com.atproto.access", len(self.calls))
        self.tokens.add(token)
        session = {
            "accessJwt": token,
            "refreshJwt": _jwt("refresh+jwt", "com.atproto.refresh", len(self.calls)),
            "did": did_of("fernvale"),
            "handle": LOGIN,
            "email": "feedback@fernvale.example",
            "emailConfirmed": False,
            "active": not self.is_deactivated,
        }
        return Reply(session | ({"status": "deactivated"} if self.is_deactivated else {}), headers=own)

    def _let_in(self, authorization: str) -> None:
        kind, _, token = authorization.partition(" ")
        if not token:
            raise Refuse(401, {"error": "AuthMissing", "message": "Authentication Required"})
        if kind != "Bearer":
            raise Refuse(400, {"error": "InvalidToken", "message": "Unexpected authorization type"})
        if token in self.over:
            raise Refuse(400, {"error": "ExpiredToken", "message": "Token has expired"})
        if token not in self.tokens:
            raise Refuse(400, {"error": "InvalidToken", "message": "Token could not be verified"})

    def _search(self, call: Call) -> Reply:
        if unknown := set(call.params) - _PARAMS:
            raise _invalid(f"unknown parameters {sorted(unknown)}", _SEARCH)
        if not call.one("q"):
            raise _invalid('Missing required key "q"', _SEARCH)
        limit = _limit(call.one("limit", "25"))
        found = self._found(call)
        try:
            page, cursor = self.page(found, call.one("cursor"), limit)
        except ValueError:
            raise Refuse(400, {"error": "BadQueryString", "message": "cursor"}) from None
        there = self._there()
        shown = [post for post in page if post.id not in self.hidden]
        return Reply({"posts": [view(post, there) for post in shown]} | ({"cursor": cursor} if cursor else {}))

    def _found(self, call: Call) -> list[Post]:
        since, until = (_moment(call.one(name)) for name in ("since", "until"))
        q = call.one("q")
        phrase = q.strip('"').lower() if q.startswith('"') else None
        tags = {tag.lower() for tag in [*call.params.get("tag", []), *([q[1:]] if q[0] == "#" else [])]}
        mentions = {name.lower() for name in [*call.params.get("mentions", []), *([q[1:]] if q[0] == "@" else [])]}

        def is_found(post: Post) -> bool:
            return (
                not post.repost_of
                and (since is None or sort_of(post) >= since)
                and (until is None or sort_of(post) < until)
                and tags <= {tag.lower() for tag in tags_of(post)}
                and (phrase is None or phrase in post.text.lower())
                and mentions <= {name.lower() for name in MENTION.findall(post.text)}
            )

        there = filter(is_found, self._there().values())
        return sorted(there, key=lambda post: (sort_of(post), post.id), reverse=True)

    def _posts(self, call: Call) -> Reply:
        wanted = call.params.get("uris", [])
        if not wanted:
            raise _invalid('Missing required key "uris"', _POSTS)
        if len(wanted) > 25:
            raise _invalid(f"array too big (maximum 25, got {len(wanted)})", _POSTS)
        if wrong := [uri for uri in wanted if not _URI.fullmatch(uri)]:
            raise _invalid(f'Invalid at-uri (got "{wrong[0]}")', _POSTS)
        there = self._there()
        return Reply({"posts": [view(there[uri], there) for uri in wanted if uri in there]})

    def _there(self) -> dict[str, Post]:
        """Posts that are shown. Who deactivated the account, or blocks ours, is left out as if all were deleted."""
        return {
            uri_of(post.id, post.author): post for post in self.posts if not post.is_deleted and not post.is_private
        }


def sort_of(post: Post) -> datetime:
    """By what a search sorts: what the client claims, unless that lies after the post was received."""
    return min(post.posted_at, indexed(post))


def limits(remaining: int, seconds: float, most: int = 3000) -> dict[str, str]:
    """Return the headers that say what is left and when there is more. A sign-in has a limit of its own."""
    reset = int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())
    return {
        "RateLimit-Limit": str(most),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(reset),
        "RateLimit-Policy": f"{most};w=300",
    }


def _invalid(words: str, method: str = "") -> Refuse:
    message = f"Invalid {method} params: {words}" if method else words
    return Refuse(400, {"error": "InvalidRequest", "message": message})


def _limit(given: str) -> int:
    if not given.isdigit():
        raise _invalid(f'Expected integer value type (got "{given}")', _SEARCH)
    if int(given) < 1:
        raise _invalid(f"integer too small (minimum 1, got {given})", _SEARCH)
    if int(given) > 100:
        raise _invalid(f"integer too big (maximum 100, got {given})", _SEARCH)
    return int(given)


def _jwt(kind: str, scope: str, number: int) -> str:
    """Return a JSON web token as the SDK wants to read one; nobody checks its signature."""
    lasts = {"iat": int(datetime.now(UTC).timestamp()), "exp": int(datetime.now(UTC).timestamp()) + 7200}
    claims = {"scope": scope, "aud": "did:web:localhost", "sub": did_of("fernvale"), "jti": str(number), **lasts}
    parts = ({"typ": kind, "alg": "HS256"}, claims)
    return ".".join([*(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "c2ln"])


def _moment(written: str) -> datetime | None:
    if not written:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", written):
        raise Refuse(400, {"error": "BadQueryString", "message": "Invalid time value"})
    return datetime.fromisoformat(written)
