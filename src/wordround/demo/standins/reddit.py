"""Reddit: the token page and the Data API, listings of things as its own clients read them."""

import base64
import html
from datetime import datetime
from typing import Any

from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import Post

LOGIN, PASSWORD = "fern-app-id", "fern-app-secret-0123456789"
WALL = 1_000

_LISTING = {"limit", "after", "raw_json"}
_SEARCH = {"q", "sort", "type", "t", "include_over_18", "restrict_sr", "syntax"}


def name_of(post: Post) -> str:
    """The fullname: comments are posts that reply."""
    return f"{'t1' if post.reply_to else 't3'}_{post.id}"


class Reddit(StandIn):
    """Communities, their submissions and comments.

    `communities`: what is special of one, such as `{"over18": True}` or `{"closed": "private"}`.
    """

    wall = WALL

    def __init__(self, posts: list[Post] | None = None) -> None:
        super().__init__(posts)
        self.tokens: set[str] = set()
        self.communities: dict[str, dict[str, Any]] = {}

    def answer(self, call: Call) -> Reply:
        path = call.path.rstrip("/")
        agent = call.headers.get("user-agent", "")
        if not agent or agent.startswith(("python-httpx", "python-requests")):
            raise Refuse(429, {"message": "Too Many Requests", "error": 429})
        if path == "/api/v1/access_token":
            return self._token(call)
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token not in self.tokens:
            raise Refuse(401, {"message": "Unauthorized", "error": 401})
        if path == "/api/info":
            _only(call, {"id", "raw_json"})
            return self._info(call.one("id").split(","))
        if path == "/search":
            return self._listing(call, self._found(call, None), _LISTING | _SEARCH)
        community, _, what = path.removeprefix("/r/").partition("/")
        self._door(community)
        if what == "about":
            _only(call, {"raw_json"})
            about = {"display_name": community, "subreddit_type": "public", "over18": False, "quarantine": False}
            return Reply({"kind": "t5", "data": about | self.communities.get(community, {})})
        if what == "search":
            return self._listing(call, self._found(call, community), _LISTING | _SEARCH)
        is_reply = {"new": False, "comments": True}[what]
        found = [post for post in self._of(community) if bool(post.reply_to) == is_reply]
        return self._listing(call, found, _LISTING)

    def _token(self, call: Call) -> Reply:
        wanted = base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
        if call.headers.get("authorization") != f"Basic {wanted}" or call.method != "POST":
            raise Refuse(401, {"message": "Unauthorized", "error": 401})
        if call.form.get("grant_type") != "client_credentials":
            return Reply({"error": "unsupported_grant_type"})
        token = f"fern-token-{len(self.tokens)}"
        self.tokens.add(token)
        return Reply({"access_token": token, "token_type": "bearer", "expires_in": 86400, "scope": "*"})

    def _door(self, community: str) -> None:
        reason = self.communities.get(community, {}).get("closed")
        if reason:
            raise Refuse(403, {"reason": reason, "message": "Forbidden", "error": 403})

    def _of(self, community: str | None) -> list[Post]:
        there = [post for post in self.posts if community in (None, post.place or "Fernvale") and not post.is_private]
        return sorted(there, key=lambda post: (post.posted_at, post.id), reverse=True)

    def _found(self, call: Call, community: str | None) -> list[Post]:
        if (community is not None) != (call.one("restrict_sr") in ("on", "true", "1", "True")):
            raise Refuse(400, {"message": "Bad Request", "error": 400})
        words = call.one("q").strip('"').lower()
        return [
            post for post in self._of(community) if not post.reply_to and words in f"{post.title} {post.text}".lower()
        ]

    def _listing(self, call: Call, found: list[Post], known: set[str]) -> Reply:
        _only(call, known)
        if not 1 <= int(call.one("limit", "25")) <= 1024:
            raise Refuse(400, {"message": "Bad Request", "error": 400})
        size = min(100, int(call.one("limit", "25")))
        after = call.one("after").removeprefix("t0_")
        page, cursor = self.page(found, after, size)
        data = {
            "after": f"t0_{cursor}" if cursor else None,
            "before": None,
            "dist": len(page),
            "modhash": None,
            "children": [self.thing(post) for post in page],
        }
        return Reply({"kind": "Listing", "data": data if call.one("raw_json") == "1" else _escaped(data)})

    def _info(self, names: list[str]) -> Reply:
        if len(names) > 100:
            raise Refuse(400, {"message": "Bad Request", "error": 400})
        there = {name_of(post): post for post in self.posts if not post.is_private}
        children = [self.thing(there[name]) for name in names if name in there]
        return Reply({"kind": "Listing", "data": {"after": None, "before": None, "children": children}})

    def thing(self, post: Post) -> dict[str, Any]:
        """Return a post as the API shows it."""
        community = post.place or "Fernvale"
        gone = post.is_deleted
        data: dict[str, Any] = {
            "id": post.id,
            "name": name_of(post),
            "author": "[deleted]" if gone else "AutoModerator" if post.is_bot else post.author,
            "created_utc": _epoch(post.posted_at),
            "created": _epoch(post.posted_at),
            "edited": _epoch(post.edited_at) if post.edited_at else False,
            "subreddit": community,
            "subreddit_id": "t5_2fern",
            "subreddit_type": "public",
            "score": post.likes,
            "ups": post.likes,
            "distinguished": None,
            "over_18": False,
            "permalink": f"/r/{community}/comments/{post.id}/",
            "new_field_of_tomorrow": {"kind": "unknown"},
        }
        if not gone:
            data["author_fullname"] = f"t2_{post.author}"
        if post.reply_to:
            parent = post.reply_to if "_" in post.reply_to else f"t3_{post.reply_to}"
            body = "[deleted]" if gone else post.text
            data |= {"body": body, "parent_id": parent, "link_id": parent, "replies": "", "stickied": False}
            return {"kind": "t1", "data": data | post.extra}
        data |= {
            "title": post.title or post.text[:60],
            "selftext": "[deleted]" if gone else "" if post.links else post.text,
            "is_self": not post.links,
            "url": post.links[0] if post.links else f"https://www.reddit.com/r/{community}/comments/{post.id}/",
            "num_comments": post.replies,
            "num_crossposts": post.shares,
            "removed_by_category": None,
            "quarantine": False,
        }
        if post.repost_of:
            original = next(each for each in self.posts if each.id == post.repost_of)
            data |= {"crosspost_parent": name_of(original), "crosspost_parent_list": [self.thing(original)["data"]]}
            data |= {"selftext": "", "is_self": False, "title": post.title or original.title or original.text[:60]}
        return {"kind": "t3", "data": data | post.extra}


def _escaped(value: Any) -> Any:
    """Return a value as the API writes it for old clients: texts with &, < and > as in HTML."""
    if isinstance(value, dict):
        return {name: _escaped(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_escaped(part) for part in value]
    return html.escape(value, quote=False) if isinstance(value, str) else value


def _only(call: Call, known: set[str]) -> None:
    if set(call.params) - known:
        raise Refuse(400, {"message": "Bad Request", "error": 400, "explanation": "unknown parameter"})


def _epoch(when: datetime) -> float:
    return float(int(when.timestamp()))


def limits(remaining: float, seconds: int) -> dict[str, str]:
    """Return the headers that say what is left and in how many seconds there is more."""
    return {"X-Ratelimit-Remaining": str(remaining), "X-Ratelimit-Used": "3", "X-Ratelimit-Reset": str(seconds)}
