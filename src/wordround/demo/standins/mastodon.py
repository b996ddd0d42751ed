"""A Mastodon server: hashtag timelines, search and statuses as its REST API describes them.

Several know each other's public posts, under ids of their own and the same address (`uri`).
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import Post

TOKEN = "user-token-of-the-trust-0123456789"

_TAG, _MENTION = re.compile(r"(?<!\w)#(\w+)"), re.compile(r"(?<!\w)@(\w+)(?:@([\w.:-]+))?")
_PAGES = {"limit", "max_id", "since_id", "min_id"}
_TIMELINE = _PAGES | {"any[]", "all[]", "none[]", "local", "remote", "only_media"}
_SEARCH = _PAGES | {"q", "type", "offset", "resolve", "following", "exclude_unreviewed", "account_id"}


class Mastodon(StandIn):
    """One server. `knows`: others whose public posts it shows too.

    `software`: whose dialect it speaks (`mastodon`, `gotosocial`, `akkoma`, `friendica`, `pixelfed`). They differ in
    the addresses of posts, in whether several posts are given at once, and in what else a status has.
    """

    software = "mastodon"

    def __init__(self, posts: list[Post] | None = None, knows: "tuple[Mastodon, ...]" = (), prefix: str = "11") -> None:
        super().__init__(posts)
        self.knows, self.prefix = knows, prefix
        self.wants_token = self.has_no_links = False
        # As Mastodon itself makes them (lib/mastodon/snowflake.rb).
        self.ids_are_times = False

    def answer(self, call: Call) -> Reply:
        given = call.headers.get("authorization", "").removeprefix("Bearer ")
        if given and given != TOKEN:
            raise Refuse(401, {"error": "The access token is invalid"})
        if call.path in ("/api/v1/instance", "/api/v1/instance/", "/api/v2/instance"):
            return Reply({"uri": self.host, "domain": self.host, "title": "Fern", "version": _VERSIONS[self.software]})
        if (call.path == "/api/v2/search" or (self.wants_token and "timelines" in call.path)) and not given:
            raise Refuse(401, {"error": "This method requires an authenticated user"})
        if call.path.startswith("/api/v1/timelines/tag/"):
            return self._timeline(call, unquote(call.path.rpartition("/")[2]))
        if call.path == "/api/v2/search":
            return self._search(call)
        if call.path == "/api/v1/statuses" and self.software == "mastodon":
            return self._statuses(call)
        if call.path.startswith("/api/v1/statuses/"):
            return self._one(call.path.rpartition("/")[2])
        if self.software in _BY_ADDRESS and call.path.startswith("/objects/"):
            return self._object(call.path)
        raise Refuse(404, {"error": "Record not found"})

    @property
    def host(self) -> str:
        return self.address.removeprefix("http://")

    def uri_of(self, post_id: str, author: str = "ann") -> str:
        """Return the address of a post that was written here."""
        own_id = self.id_of(post_id)
        path = f"p/{author}/{own_id}" if self.software == "pixelfed" else None
        path = f"objects/{_uuid(own_id)}" if self.software in _BY_ADDRESS else path
        return f"{self.address}/{path or f'users/{author}/statuses/{own_id}'}"

    def id_of(self, post_id: str) -> str:
        """Return the id of a post here."""
        all_posts = (post for home in (self, *self.knows) for post in home.posts)
        if self.ids_are_times and (written := next((post for post in all_posts if post.id == post_id), None)):
            return str(_snowflake(written))
        return f"{self.prefix}{post_id}"

    def _all(self) -> list[tuple["Mastodon", Post]]:
        shown = [(home, post) for home in (self, *self.knows) for post in home.posts]
        return sorted(shown, key=lambda one: (one[1].posted_at, one[1].id), reverse=True)

    def _timeline(self, call: Call, tag: str) -> Reply:
        limit = _checked(call, _TIMELINE)
        others = call.params.get("any[]", [])
        if len(others) > 4:
            raise Refuse(400, {"error": "any takes no more than 4"})
        wanted = {one.lower() for one in (tag, *others)}
        found = [
            (home, post)
            for home, post in self._all()
            if wanted & {one.lower() for one in _TAG.findall(post.text)} and not post.is_deleted
        ]
        place = {id(post): home for home, post in found}
        rows = [post for _, post in found]
        start = self._cursor(call.one("max_id"), rows)
        # As long as there are rows a server names a next page, even where that one will be empty.
        page, cursor = (
            ([], None) if start == str(len(rows)) and not self.has_no_links else self.page(rows, start, limit)
        )
        following = cursor or (str(len(rows)) if page else None)
        last = _snowflake(page[-1]) if self.ids_are_times and page else f"c-{following}"
        more = f'<{self.address}{call.path}?limit={limit}&max_id={last}>; rel="next"'
        before = f'<{self.address}{call.path}?min_id=1>; rel="prev"'
        links = {"Link": f"{more}, {before}"} if following and not self.has_no_links else {}
        return Reply([self.status(post, place[id(post)]) for post in page], headers=links)

    def _cursor(self, max_id: str, found: list[Post]) -> str:
        if not max_id or max_id.startswith("c-"):
            return max_id.removeprefix("c-")
        if self.ids_are_times:
            return str(sum(_snowflake(post) >= int(max_id) for post in found))
        return str(next(number for number, post in enumerate(found, 1) if self.id_of(post.id) == max_id))

    def _search(self, call: Call) -> Reply:
        limit, start = _checked(call, _SEARCH), int(call.one("offset", "0"))
        if call.one("type") != "statuses":
            raise Refuse(400, {"error": "this stand-in searches statuses only"})
        phrase = re.search(r'"([^"]+)"', call.one("q"))
        days = dict(re.findall(r"(after|before):(\S+)", call.one("q")))
        assert phrase, "a phrase stands in quotation marks"
        found = [
            (home, post)
            for home, post in self._all()
            if phrase[1].lower() in post.text.lower()
            and not post.is_deleted
            and days.get("after", "") < f"{post.posted_at:%Y-%m-%d}" < days.get("before", "9999")
        ]
        page = found[start : start + limit]
        return Reply({"accounts": [], "hashtags": [], "statuses": [self.status(post, home) for home, post in page]})

    def _statuses(self, call: Call) -> Reply:
        if set(call.params) != {"id[]"} or len(call.params["id[]"]) > 20:
            raise Refuse(422, {"error": "Validation failed"})
        there = {self.id_of(post.id): (home, post) for home, post in self._all() if not post.is_deleted}
        shown = [there[one] for one in call.params["id[]"] if one in there and not there[one][1].is_private]
        return Reply([self.status(post, home) for home, post in shown])

    def _one(self, own_id: str) -> Reply:
        there = [(home, post) for home, post in self._all() if self.id_of(post.id) == own_id]
        if not there or there[0][1].is_deleted or there[0][1].is_private:
            raise Refuse(404, {"error": "Record not found"})
        return Reply(self.status(there[0][1], there[0][0]))

    def _object(self, path: str) -> Reply:
        uri = f"{self.address}{path}"
        post = next((post for post in self.posts if self.uri_of(post.id, post.author) == uri), None)
        if post is None or post.is_private:
            raise Refuse(404, {"error": "Not found"})
        if post.is_deleted:
            return Reply({"type": "Tombstone", "id": uri}, 410)
        return Reply(self._note(post, uri), kind="application/activity+json; charset=utf-8")

    def _note(self, post: Post, uri: str) -> dict[str, Any]:
        """Return a post as an object of ActivityPub: without what its author wishes, and hardly a count."""
        people = "users" if self.software == "akkoma" else "profile"
        note: dict[str, Any] = {
            "@context": ["https://www.w3.org/ns/activitystreams"],
            "type": "Note",
            "id": uri,
            "attributedTo": f"{self.address}/{people}/{post.author}",
            "published": _iso(post.posted_at),
            "content": self._html(post, self),
            "summary": post.title or "",
            "inReplyTo": f"{self.address}/objects/{_uuid('1')}" if post.reply_to else None,
            "to": post.extra.get("to_whom", ["https://www.w3.org/ns/activitystreams#Public"]),
            "cc": post.extra.get("copied_to", [f"{self.address}/{people}/{post.author}/followers"]),
            "tag": [
                {"type": "Hashtag", "name": f"#{tag.lower()}", "href": f"{self.address}/tags/{tag}"}
                for tag in _TAG.findall(post.text)
            ]
            + [
                {"type": "Mention", "name": f"@{who}@{server or self.host}", "href": "https://people.example.org/x"}
                for who, server in _MENTION.findall(post.text)
            ],
        }
        if post.edited_at:
            earlier = {"type": "Note", "content": "<p>what it said before</p>", "published": _iso(post.posted_at)}
            note |= {"formerRepresentations": {"type": "OrderedCollection", "orderedItems": [earlier], "totalItems": 1}}
        if self.software == "akkoma":
            note["contentMap"] = {post.language: note["content"]}
        else:
            note["replies"] = {"id": f"{uri}/replies", "type": "Collection", "totalItems": post.replies}
        # Earlier versions of Friendica say when a post was written in place of when it was edited.
        if post.edited_at or self.software == "friendica":
            note["updated"] = _iso(post.edited_at or post.posted_at)
        return note

    def status(self, post: Post, home: "Mastodon | None" = None) -> dict[str, Any]:
        """Return a post as the entity `Status`."""
        home, extra = home or self, post.extra
        mentions = _MENTION.findall(post.text)
        parent = {
            "in_reply_to_id": self.id_of(post.reply_to or ""),
            "in_reply_to_account_id": f"9{extra.get('to', 'other')}",
        }
        original = next((one for one in home.posts if one.id == post.repost_of), None)
        quoted = next((one for one in home.posts if one.id == post.quote_of), None)
        status: dict[str, Any] = {
            "id": self.id_of(post.id),
            "uri": home.uri_of(post.id, post.author) + ("/activity" if original else ""),
            "url": f"{home.address}/@{post.author}/{home.id_of(post.id)}",
            "created_at": _iso(post.posted_at),
            "edited_at": _iso(post.edited_at) if post.edited_at else None,
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "sensitive": bool(post.title),
            "spoiler_text": post.title or "",
            "visibility": extra.get("visibility", "private" if post.is_private else "public"),
            "language": post.language,
            "content": self._html(post, home),
            "account": self._account(post, home),
            "reblog": self.status(original, home) if original else None,
            "reblogs_count": post.shares,
            "favourites_count": post.likes,
            "replies_count": post.replies,
            "quotes_count": 0,
            "media_attachments": [],
            "mentions": [
                {
                    "id": f"8{name}",
                    "username": name,
                    "acct": self._acct(name, server or home.host),
                    "url": "https://x.test",
                }
                for name, server in mentions
            ],
            "tags": [{"name": tag.lower(), "url": f"{self.address}/tags/{tag}"} for tag in _TAG.findall(post.text)],
            "emojis": [],
            "card": _card(post) if post.links else None,
            "poll": None,
            "newFieldOfTomorrow": {"state": "unknown"},
        }
        if quoted:
            state = extra.get("quote_state", "accepted")
            status["quote"] = {"state": state, "quoted_status": self.status(quoted, home)}
        if home.software == "akkoma":
            status |= {"pleroma": {"local": True, "content": {"text/plain": post.text}}}
        if home.software == "pixelfed":
            place = {"id": 7, "slug": "a-place", "name": "A place", "country": post.extra.get("country")}
            status |= {"content": status["content"] or None, "spoiler_text": None, "language": None}
            status["place"] = place if place["country"] else None
        if home.software != "mastodon":
            # What Mastodon always has, its relatives leave out or set to null.
            status |= {"quotes_count": None, "card": None}
            for name in ("discoverable", "indexable", "noindex"):
                del status["account"][name]
        return status | (parent if post.reply_to else {})

    def _acct(self, name: str, server: str) -> str:
        return name if server == self.host else f"{name}@{server}"

    def _account(self, post: Post, home: "Mastodon") -> dict[str, Any]:
        about = post.extra.get("note", "Likes ferns")
        return {
            "id": f"9{post.author}",
            "username": post.author,
            "acct": self._acct(post.author, home.host),
            "display_name": post.author.title(),
            "locked": False,
            "bot": post.is_bot,
            "discoverable": post.extra.get("discoverable", True),
            "indexable": post.extra.get("indexable", True),
            "group": False,
            "noindex": post.is_opted_out,
            "created_at": "2020-01-01T00:00:00.000Z",
            "followers_count": post.extra.get("followers", 12),
            "note": "<p>"
            + _TAG.sub(r'<a href="#" class="mention hashtag" rel="tag">#<span>\1</span></a>', str(about))
            + "</p>",
            "url": f"{home.address}/@{post.author}",
            "fields": [],
            "emojis": [],
        }

    def _html(self, post: Post, home: "Mastodon") -> str:
        quote = '<p class="quote-inline">RE: <a href="https://q.test/1">q.test/1</a></p>' if post.quote_of else ""
        html = post.text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "</p><p>")
        for link in post.links:
            shown = f'<span class="invisible">https://</span><span class="ellipsis">{link[8:]}</span>'
            html = html.replace(link, f'<a href="{link}" rel="nofollow noopener">{shown}</a>')
        tag = r'<a href="https://tags.example.org/tags/\1" class="mention hashtag" rel="tag">#<span>\1</span></a>'
        html = _TAG.sub(tag, html)
        who = r'<a href="https://people.example.org/@\1" class="u-url mention">@<span>\1</span></a>'
        return f"{quote}<p>{_MENTION.sub(who, html)}</p>" if html or not quote else quote


# Whose posts have addresses that lead to the post itself, and hold no id of the API.
_BY_ADDRESS = ("akkoma", "friendica")
_VERSIONS = {
    "mastodon": "4.4.2",
    "gotosocial": "0.20.2+git-5fbdd5e",
    "akkoma": "2.7.2 (compatible; Akkoma 3.15.2)",
    "friendica": "2.8.0 (compatible; Friendica 2024.12)",
    "pixelfed": "3.5.3 (compatible; Pixelfed 0.12.5)",
}


def _card(post: Post) -> dict[str, str]:
    return {"url": post.links[0], "title": post.link_title or "", "description": "A page", "type": "link"}


def _uuid(own_id: str) -> str:
    return f"{int(own_id):08d}-5e3a-4b1c-9d2f-0123456789ab"


def _snowflake(post: Post) -> int:
    return (int(post.posted_at.timestamp() * 1_000) << 16) + int(post.id) % 65_536


def _checked(call: Call, known: set[str]) -> int:
    if unknown := set(call.params) - known:
        raise Refuse(400, {"error": f"unknown parameters {sorted(unknown)}"})
    limit = int(call.one("limit", "20"))
    if not 1 <= limit <= 40:
        raise Refuse(400, {"error": "limit must be 1 to 40"})
    return limit


def _iso(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"


def limits(remaining: int, seconds: float) -> dict[str, str]:
    """Return the headers that say what is left and when there is more: a time, not a number."""
    reset = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": str(remaining), "X-RateLimit-Reset": reset}
