"""Threads: the search by keyword and topic tag, and posts by their id."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from wordround.demo.standins.facebook import error, first_names
from wordround.demo.standins.server import Call, Reply, StandIn
from wordround.demo.standins.world import Post

TOKEN = "THAAfern-user-token-0123456789"
ACCOUNT = "fernvale_nhs"

_SEARCH = {
    "q", "search_type", "search_mode", "media_type", "author_username", "since", "until", "fields", "limit", "after",
    "before", "access_token",
}  # fmt: skip
# Of Meta's reference of Threads media; `owner` is no longer given.
_FIELDS = {
    "id", "media_product_type", "media_type", "media_url", "permalink", "username", "text", "timestamp", "shortcode",
    "thumbnail_url", "children", "is_quote_post", "has_replies", "is_reply", "root_post", "replied_to", "quoted_post",
    "reposted_post", "topic_tag", "link_attachment_url", "alt_text", "reply_audience", "gif_url", "poll_attachment",
}  # fmt: skip
_FIRST_DAY = 1_688_540_400


class Threads(StandIn):
    """Public posts of everybody. `is_approved`: without it a search finds the posts of the token's account alone.

    A post is found by any of its words, as the source does it. `queries` counts those that found something.
    """

    is_approved = True
    shows_others_by_id = True
    most_queries = 2_200
    next_host = ""

    def __init__(self, posts: list[Post] | None = None) -> None:
        super().__init__(posts)
        self.queries = 0

    def answer(self, call: Call) -> Reply:
        token = call.headers.get("authorization", "").removeprefix("Bearer ") or call.one("access_token")
        if not token:
            raise error(104, "An access token is required to request this resource.")
        if token != TOKEN:
            raise error(190, "Error validating access token: Session has expired")
        node = re.sub(r"^/v1\.0", "", call.path).strip("/")
        if node == "keyword_search":
            return Reply(self._search(call))
        if node == "me":
            return Reply({"id": "25100000000000001"})
        post = next((post for post in self.posts if post.id == node and not post.is_deleted), None)
        if post is None or not (self.shows_others_by_id or post.author == ACCOUNT):
            raise error(100, f"Unsupported get request. Object with ID '{node}' does not exist", 33)
        return Reply(self._shown(post, call.one("fields", "id")))

    def _search(self, call: Call) -> Any:
        if unknown := (set(call.params) - _SEARCH) | (first_names(call.one("fields", "id")) - _FIELDS):
            raise error(100, f"Tried accessing nonexisting field ({sorted(unknown)[0]})")
        since, until = int(call.one("since", str(_FIRST_DAY))), int(call.one("until", "9999999999"))
        limit = int(call.one("limit", "25"))
        if not call.one("q") or not _FIRST_DAY <= since < until or not 0 < limit <= 100:
            raise error(100, "Invalid parameter")
        if self.queries >= self.most_queries:
            raise error(4, "Application request limit reached", status=403)
        is_found = self._tagged if call.one("search_mode", "KEYWORD") == "TAG" else self._worded
        found = [post for post in self.posts if not post.is_deleted and not post.is_private]
        found = [
            post for post in found if since <= post.posted_at.timestamp() <= until and is_found(call.one("q"))(post)
        ]
        found = [post for post in found if self.is_approved or post.author == ACCOUNT]
        page, after = self.page(
            sorted(found, key=lambda one: (-one.posted_at.timestamp(), one.id)), call.one("after"), limit
        )
        self.queries += bool(page)
        body: dict[str, Any] = {"data": [self._shown(post, call.one("fields", "id,text")) for post in page]}
        if page:
            body["paging"] = {"cursors": {"before": "b", "after": after or "end"}}
        if after:
            params = {name: values[0] for name, values in call.params.items()} | {"after": after}
            body["paging"]["next"] = f"{self.next_host or self.address}/v1.0/keyword_search?{urlencode(params)}"
        return body

    def _tagged(self, tag: str) -> Callable[[Post], bool]:
        return lambda post: f"#{tag}".casefold() in post.text.casefold()

    def _worded(self, words: str) -> Callable[[Post], bool]:
        return lambda post: all(word in post.text.casefold() for word in words.casefold().split())

    def _shown(self, post: Post, fields: str) -> dict[str, Any]:
        tag = re.search(r"#(\w+)", post.text)
        everything: dict[str, Any] = {
            "id": post.id,
            "text": post.text,
            "timestamp": f"{post.posted_at:%Y-%m-%dT%H:%M:%S+0000}",
            "username": post.author,
            "media_type": "REPOST_FACADE" if post.repost_of else "TEXT_POST",
            "is_quote_post": bool(post.quote_of),
            "is_reply": bool(post.reply_to),
        }
        refers = {"quoted_post": post.quote_of, "reposted_post": post.repost_of, "replied_to": post.reply_to}
        everything |= {field: {"id": other} for field, other in refers.items() if other}
        everything |= {"topic_tag": tag[1]} if tag else {}
        everything |= {"link_attachment_url": post.links[0]} if post.links else {}
        everything |= post.extra
        wanted = {"id", *first_names(fields)}
        return {name: value for name, value in everything.items() if name in wanted} | {"field_of_tomorrow": {}}
