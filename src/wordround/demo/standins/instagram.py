"""Instagram: one professional account of the Graph API, its media, the comments under them, and media that tag it."""

import re
from typing import Any

from facebook_business.adobjects.igcomment import IGComment
from facebook_business.adobjects.igmedia import IGMedia

from wordround.demo.standins.facebook import TOKEN, Facebook, check_fields, error, first_names
from wordround.demo.standins.server import Call
from wordround.demo.standins.world import Post

__all__ = ["ACCOUNT", "PERSON", "TAGGED", "TOKEN", "Instagram"]

ACCOUNT, PERSON = "17841400000000001", "17841400000000002"
# The place of a post in which the account is tagged.
TAGGED = "tagged"

# The names that the generated SDK knows, and an edge that may be expanded.
MEDIUM_FIELDS = {value for name, value in vars(IGMedia.Field).items() if not name.startswith("_")}
COMMENT_FIELDS = {value for name, value in vars(IGComment.Field).items() if not name.startswith("_")} | {"replies"}
_PAGED = {"fields", "limit", "after", "before", "summary", "access_token"}
_LARGEST = {"media": 100, "tags": 100, "comments": 50, "replies": 50}


class Instagram(Facebook):
    """A post that answers none is a medium: the account's own, or one that tags it. Answers to answers are replies."""

    def _get(self, call: Call) -> Any:
        path = re.sub(r"^/v\d+\.\d+", "", call.path).strip("/")
        node, _, edge = path.partition("/")
        if node == PERSON:
            raise error(100, f"Unsupported get request. Object with ID '{node}' does not exist", 33)
        if node == ACCOUNT and not edge:
            return {"id": node}
        if edge in _LARGEST:
            return self._edge(call, node, edge)
        post = self._there().get(node)
        if post is None or post.place == TAGGED:
            raise error(100, f"Unsupported get request. Object with ID '{node}' does not exist", 33)
        check_fields(call, COMMENT_FIELDS if post.reply_to else MEDIUM_FIELDS)
        return self._shown(post, call.one("fields", "id"))

    def id_of(self, post: Post) -> str:
        return post.id

    def _edge(self, call: Call, node: str, edge: str) -> Any:
        is_of_account = edge in ("media", "tags")
        known = _PAGED | ({"since", "until"} if edge == "media" else set())
        wanted = first_names(call.one("fields", "id"))
        if unknown := (set(call.params) - known) | (wanted - (MEDIUM_FIELDS if is_of_account else COMMENT_FIELDS)):
            raise error(100, f"Tried accessing nonexisting field ({sorted(unknown)[0]})")
        if (node != ACCOUNT) if is_of_account else (node not in self._there()):
            raise error(100, f"Unsupported get request. Object with ID '{node}' does not exist", 33)
        if int(call.one("limit", "25")) > _LARGEST[edge]:
            raise error(100, "Param limit must be smaller")
        return self._list(call, self._found(call, node, edge), f"{node}/{edge}")

    def _found(self, call: Call, node: str, edge: str) -> list[Post]:
        there = list(self._there().values())
        if edge == "comments":
            return [post for post in there if post.reply_to == node]
        if edge == "replies":
            return self._replies(node)
        found = [post for post in there if not post.reply_to and (post.place == TAGGED) == (edge == "tags")]
        since, until = int(call.one("since", "0")), int(call.one("until", "9999999999"))
        return [post for post in found if since <= post.posted_at.timestamp() <= until and not post.is_private]

    def _replies(self, comment_id: str) -> list[Post]:
        """Return all that answers a comment, however deep: Instagram shows one level."""
        return [
            post
            for post in self._there().values()
            if post.reply_to and self.root(post).id != post.reply_to and self._comment_above(post) == comment_id
        ]

    def _comment_above(self, post: Post) -> str:
        while self._parent(post).reply_to:
            post = self._parent(post)
        return post.id

    def _shown(self, post: Post, fields: str) -> dict[str, Any]:
        everything: dict[str, Any] = {
            "id": post.id,
            "timestamp": f"{post.posted_at:%Y-%m-%dT%H:%M:%S+0000}",
            "like_count": post.likes,
        }
        if post.reply_to:
            everything |= {"text": post.text, "hidden": False, "from": {"id": f"igs{post.author}"}}
            if post.author == "page":
                everything["user"] = {"id": ACCOUNT}
            else:
                everything["username"] = post.author
            if self._parent(post).reply_to:
                everything |= {"parent_id": self._comment_above(post)}
            elif replies := self._replies(post.id):
                everything |= {"replies": self._first_replies(replies, fields)}
        else:
            count = sum(each.reply_to == post.id for each in self.posts)
            everything |= {"caption": post.text, "comments_count": count, "media_product_type": "FEED"}
            everything |= {"username": post.author if post.place == TAGGED else "fernvale_nhs"}
        everything |= post.extra
        wanted = {"id", *first_names(fields)}
        return {name: value for name, value in everything.items() if name in wanted} | {"field_of_tomorrow": {}}

    def _first_replies(self, replies: list[Post], fields: str) -> dict[str, Any]:
        inner = re.search(r"replies\.limit\((\d+)\)\{(.*)\}", fields)
        size, names = (int(inner[1]), inner[2]) if inner else (25, "id")
        shown = sorted(replies, key=lambda post: (-post.posted_at.timestamp(), post.id))
        body: dict[str, Any] = {"data": [self._shown(post, names) for post in shown[:size]]}
        if len(shown) > size:
            body["paging"] = {"cursors": {"after": str(size)}, "next": f"{self.next_host or self.address}/replies"}
        return body
