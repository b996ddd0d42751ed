"""Facebook: one Page of the Graph API, its feed, the comments under its posts, and batches of requests."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from facebook_business.adobjects.comment import Comment
from facebook_business.adobjects.pagepost import PagePost

from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import Post

TOKEN = "EAAfern-page-token-0123456789"
PAGE, GROUP = "104570000000001", "204570000000002"

# The names that the generated SDK knows, and edges that may be expanded.
POST_FIELDS = {value for name, value in vars(PagePost.Field).items() if not name.startswith("_")} | {
    "attachments",
    "comments",
    "reactions",
}
COMMENT_FIELDS = {value for name, value in vars(Comment.Field).items() if not name.startswith("_")}
_FEED = {"fields", "since", "until", "limit", "after", "before", "summary", "access_token"}
_COMMENTS = {"fields", "filter", "order", "since", "limit", "after", "before", "summary", "access_token"}


class Facebook(StandIn):
    """The Page of one token. A post is one on the Page; one that replies is a comment under a post, or under a comment.

    `next_host`: where the addresses of next pages lead; whoever follows them is led away.
    """

    next_host = ""

    def answer(self, call: Call) -> Reply:
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            token = (call.params.get("access_token") or [call.form.get("access_token", "")])[0]
        if not token:
            raise error(104, "An access token is required to request this resource.")
        if token != TOKEN:
            raise error(190, "Error validating access token: Session has expired")
        if call.method == "POST":
            return self._batch(call)
        return Reply(self._get(call))

    def _batch(self, call: Call) -> Reply:
        wanted = json.loads(call.form["batch"])
        if len(wanted) > 50:
            raise error(100, "Too many requests in batch message. Maximum batch size is 50")
        answers = []
        for one in wanted:
            parts = urlsplit(one["relative_url"])
            path = "/" + re.sub(r"^/?(v\d+\.\d+/)?", "", parts.path)
            try:
                reply = Reply(self._get(Call("GET", path, parse_qs(parts.query), {})))
            except Refuse as refused:
                reply = refused.reply
            answers.append({"code": reply.status, "headers": [], "body": json.dumps(reply.body)})
        return Reply(answers)

    def _get(self, call: Call) -> Any:
        path = re.sub(r"^/v\d+\.\d+", "", call.path).strip("/")
        path = re.sub(r"^me(?=/|$)", PAGE, path)
        node, _, edge = path.partition("/")
        if edge == "feed":
            return self._feed(call, node)
        if edge == "comments":
            return self._comments(call, node)
        if node in (PAGE, GROUP):
            kind = {PAGE: "page", GROUP: "group"}[node]
            return {"id": node} | ({"metadata": {"type": kind, "fields": []}} if call.one("metadata") else {})
        post = self._there().get(node)
        if post is None:
            raise error(100, f"Unsupported get request. Object with ID '{node}' does not exist", 33)
        check_fields(call, COMMENT_FIELDS if post.reply_to else POST_FIELDS)
        return self._shown(post, call.one("fields", "id"))

    def _there(self) -> dict[str, Post]:
        return {self.id_of(post): post for post in self.posts if not post.is_deleted}

    def id_of(self, post: Post) -> str:
        """A post is named after the Page, a comment after its post."""
        root = self.root(post)
        return f"{PAGE}_{post.id}" if root is post else f"{root.id}_{post.id}"

    def root(self, post: Post) -> Post:
        """Return the post under which a comment stands, however deep."""
        while post.reply_to:
            post = next(each for each in self.posts if each.id == post.reply_to)
        return post

    def _feed(self, call: Call, node: str) -> Any:
        _check(call, _FEED, POST_FIELDS)
        if node != PAGE:
            raise error(10, "This endpoint requires the 'pages_read_engagement' permission", status=403)
        since, until = int(call.one("since", "0")), int(call.one("until", "9999999999"))
        found = [post for post in self._there().values() if not post.reply_to]
        found = [post for post in found if since <= post.posted_at.timestamp() <= until]
        return self._list(call, found, node + "/feed")

    def _comments(self, call: Call, node: str) -> Any:
        _check(call, _COMMENTS, COMMENT_FIELDS)
        if node not in self._there():
            raise error(100, f"Unsupported get request. Object with ID '{node}' does not exist", 33)
        since = int(call.one("since", "0"))
        is_flat = call.one("filter", "toplevel") == "stream"
        found = [
            post
            for post in self._under(node)
            if post.posted_at.timestamp() >= since and (is_flat or not self._parent(post).reply_to)
        ]
        if call.one("order", "chronological") == "chronological":
            return self._list(call, found, node + "/comments", lambda post: (post.posted_at.timestamp(), post.id))
        return self._list(call, found, node + "/comments")

    def _parent(self, post: Post) -> Post:
        return next(each for each in self.posts if each.id == post.reply_to)

    def _under(self, node: str) -> list[Post]:
        there = self._there()
        return [post for post in there.values() if post.reply_to and self.id_of(self.root(post)) == node]

    def _list(
        self, call: Call, found: list[Post], path: str, key: Callable[[Post], Any] = lambda post: _newest(post)
    ) -> Any:
        limit = int(call.one("limit", "25"))
        if not 0 <= limit <= 100:
            raise error(1, "Please reduce the amount of data you're asking for", status=500)
        page, after = self.page(sorted(found, key=key), call.one("after"), limit)
        body: dict[str, Any] = {"data": [self._shown(post, call.one("fields", "id,message")) for post in page]}
        if page or after:
            body["paging"] = {"cursors": {"before": "b", "after": after or "end"}}
        if after:
            params = {name: values[0] for name, values in call.params.items()} | {"after": after}
            params.pop("access_token", None)
            host = self.next_host or self.address
            body["paging"]["next"] = f"{host}/v26.0/{path}?{urlencode(params)}"
        return body

    def _shown(self, post: Post, fields: str) -> dict[str, Any]:
        everything: dict[str, Any] = {
            "id": self.id_of(post),
            "message": post.text,
            "created_time": f"{post.posted_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S+0000}",
            "is_hidden": False,
            "message_tags": [{"id": each, "name": "Page", "type": "page"} for each in post.mentions],
        }
        if post.author in ("page", "visitor"):
            everything["from"] = {"id": PAGE if post.author == "page" else "900", "name": "Somebody"}
        if post.reply_to:
            parent = self._parent(post)
            everything |= {"is_private": post.is_private, "like_count": post.likes}
            everything |= {"comment_count": sum(each.reply_to == post.id for each in self.posts)}
            everything |= {"parent": {"id": self.id_of(parent)}} if parent.reply_to else {}
        else:
            count = len(self._under(self.id_of(post)))
            everything |= {"is_published": True, "privacy": {"value": "SELF" if post.is_private else "EVERYONE"}}
            everything |= {"reactions": {"data": [], "summary": {"total_count": post.likes}}}
            everything |= {"comments": {"data": [], "summary": {"order": "ranked", "total_count": count}}}
            everything |= {"shares": {"count": post.shares}} if post.shares else {}
            everything |= {"attachments": {"data": _attached(post)}} if post.links else {}
            everything |= {"parent_id": f"777_{post.repost_of}"} if post.repost_of else {}
        everything |= post.extra
        wanted = {"id", *first_names(fields)}
        return {name: value for name, value in everything.items() if name in wanted} | {"field_of_tomorrow": {}}


def _attached(post: Post) -> list[dict[str, str]]:
    """Return the pages that are attached to a post; the address of one that was not unwound leads over Facebook."""
    title = {"title": post.link_title} if post.link_title else {}
    return [{"unshimmed_url": link, **title} for link in post.links[:1]]


def _newest(post: Post) -> Any:
    return -post.posted_at.timestamp(), post.id


def first_names(fields: str) -> set[str]:
    """Return the names of fields on the first level: `a,b{c},d.limit(0)` has a, b and d."""
    while (bare := re.sub(r"\{[^{}]*\}|\([^()]*\)", "", fields)) != fields:
        fields = bare
    return {name.split(".")[0] for name in fields.split(",")}


def check_fields(call: Call, known: set[str]) -> None:
    """Refuse a field that a node of this kind does not have: with code 100, and no subcode."""
    if unknown := first_names(call.one("fields", "id")) - known:
        raise error(100, f"Tried accessing nonexisting field ({sorted(unknown)[0]}) on node type (Fern)")


def _check(call: Call, known: set[str], fields: set[str]) -> None:
    if unknown := (set(call.params) - known) | (first_names(call.one("fields", "id")) - fields):
        raise error(100, f"Tried accessing nonexisting field ({sorted(unknown)[0]})")


def error(code: int, words: str, subcode: int | None = None, status: int = 400) -> Refuse:
    """Return the refusal of the Graph API with this code."""
    body: dict[str, Any] = {"message": f"(#{code}) {words}", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return Refuse(status, {"error": body | ({"error_subcode": subcode} if subcode else {})})


def busy(code: int) -> dict[str, Any]:
    """Return the body by which Facebook says that it is asked too much: with HTTP 400."""
    return {"error": {"message": f"(#{code}) Too many calls", "type": "OAuthException", "code": code}}


def usage(percent: int, minutes: int = 0) -> dict[str, str]:
    """Return the headers that say how much of what may be asked is spent."""
    part = {"type": "pages", "call_count": percent, "total_cputime": 1, "total_time": 2}
    by_business = {"300": [part | {"estimated_time_to_regain_access": minutes}]}
    return {
        "X-App-Usage": json.dumps({"call_count": 3, "total_time": 1, "total_cputime": 1}),
        "X-Business-Use-Case-Usage": json.dumps(by_business),
    }


def at(moment: str) -> datetime:
    """Return a moment as Facebook writes it."""
    return datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S%z")
