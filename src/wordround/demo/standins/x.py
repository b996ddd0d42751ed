"""The X API: search and lookup as its OpenAPI description and tweepy know them, in both vocabularies.

A question in the words of `post` is answered in them, one in the words of `tweet` likewise, as the real one does.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import Post

TOKEN = "AAAAbearer-token-of-the-trust-0123456789"

_TAG, _MENTION, _URL = re.compile(r"(?<!\w)#(\w+)"), re.compile(r"(?<!\w)@(\w+)"), re.compile(r"https?://\S+")
_WORDS = {
    "query",
    "start_time",
    "end_time",
    "max_results",
    "next_token",
    "expansions",
    "sort_order",
    "user.fields",
    "until_id",
}


def id_of(post: Post) -> str:
    """Return an id that counts from the first moment of X, as all have since 2010."""
    return _id_at(post.posted_at, post.id)


def author_id_of(author: str) -> str:
    return str(5_000_000 + sum(ord(letter) * 31**place for place, letter in enumerate(author)) % 4_000_000)


class X(StandIn):
    """The API. Of its clock it is said how long ago a search reaches, and how near to now."""

    def answer(self, call: Call) -> Reply:
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Refuse(401, {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"})
        word = "tweet" if "tweet.fields" in call.params else "post"
        if call.path in ("/2/tweets/search/recent", "/2/tweets/search/all"):
            return Reply(_in(word, self._search(call, word, is_archive=call.path.endswith("all"))))
        if call.path == "/2/tweets":
            return Reply(_in(word, self._lookup(call, word)))
        raise Refuse(404, {"title": "Not Found", "detail": "Not Found", "type": "about:blank", "status": 404})

    def _search(self, call: Call, word: str, is_archive: bool) -> dict[str, Any]:
        if unknown := set(call.params) - _WORDS - {f"{word}.fields"}:
            raise _invalid(f"The query parameters {sorted(unknown)} are not known")
        rows, query = int(call.one("max_results", "10")), call.one("query")
        if not 10 <= rows <= (500 if is_archive else 100):
            raise _invalid(f"The `max_results` query parameter value [{rows}] is not valid")
        if not query or len(query) > (1024 if is_archive else 512):
            raise _invalid("The `query` is too long")
        now = datetime.now(UTC)
        since, until_id = datetime.fromisoformat(call.one("start_time")), int(call.one("until_id", "0"))
        end = call.one("end_time", (now - timedelta(seconds=30)).isoformat())
        until = datetime.fromisoformat(end)
        if until > now - timedelta(seconds=10) or (not is_archive and since < now - timedelta(days=7)):
            raise _invalid(
                "'end_time' must be a minimum of 10 seconds prior to the request time, 'start_time' of 7 days"
            )
        wanted = [term.lower() for term in query.split(" OR ")]
        found = [
            post
            for post in sorted(self.posts, key=lambda one: (one.posted_at, one.id), reverse=True)
            if not post.is_deleted
            and since <= post.posted_at < until
            and (not until_id or int(id_of(post)) < until_id)
            and (is_archive or not post.repost_of)
            and any(_matches(post, term) for term in wanted)
        ]
        page, cursor = self.page(found, call.one("next_token"), rows)
        expansions, fields = call.one("expansions").split(","), call.one(f"{word}.fields").split(",")
        meta = {"result_count": len(page)} | ({"next_token": cursor} if cursor else {})
        answer: dict[str, Any] = {"meta": meta} | ({"data": [self.post(one, fields) for one in page]} if page else {})
        included: dict[str, Any] = {}
        if "author_id" in expansions and page:
            included["users"] = [self._user(name) for name in sorted({one.author for one in page})]
        if f"referenced_{word}s.id" in expansions and page:
            known = {one.id: one for one in self.posts if not one.is_deleted}
            referred = {
                other for one in page for other in (one.reply_to, one.quote_of, one.repost_of) if other in known
            }
            included["posts"] = [self.post(known[other], fields) for other in sorted(referred)]
        return answer | ({"includes": included} if included else {})

    def _lookup(self, call: Call, word: str) -> dict[str, Any]:
        if unknown := set(call.params) - {"ids", f"{word}.fields", "expansions", "user.fields"}:
            raise _invalid(f"The query parameters {sorted(unknown)} are not known")
        ids = call.one("ids").split(",")
        if len(ids) > 100:
            raise _invalid("The number of values in the `ids` query parameter list is not between 1 and 100")
        known = {id_of(one): one for one in self.posts}
        shown, errors = [], []
        for one in ids:
            post = known.get(one)
            if post and not post.is_deleted and not post.is_private:
                shown.append(self.post(post, call.one(f"{word}.fields").split(",")))
                continue
            why = "not-authorized-for-resource" if post and post.is_private else "resource-not-found"
            about = {"value": one, "resource_id": one, "resource_type": "post", "parameter": "ids"}
            errors.append(
                about
                | {"title": "Error", "type": f"https://api.twitter.com/2/problems/{why}", "detail": "Could not find it"}
            )
        return ({"data": shown} if shown else {}) | ({"errors": errors} if errors else {})

    def post(self, post: Post, fields: list[str]) -> dict[str, Any]:
        """Return a post with the fields that were asked for, in today's vocabulary."""
        wanted = {post.reply_to, post.quote_of, post.repost_of}
        known = {one.id: id_of(one) for one in self.posts if one.id in wanted}
        refers = [("replied_to", post.reply_to), ("quoted", post.quote_of), ("reposted", post.repost_of)]
        versions = [id_of(post)] + ([_id_at(post.edited_at, post.id)] if post.edited_at else [])
        counts = {"repost_count": post.shares, "reply_count": post.replies, "like_count": post.likes, "quote_count": 2}
        whole: dict[str, Any] = {
            "author_id": author_id_of(post.author),
            "created_at": _iso(post.edited_at or post.posted_at),
            "lang": post.language,
            "public_metrics": counts | {"bookmark_count": 7, "impression_count": 900},
            "referenced_posts": [{"type": kind, "id": known.get(one, one)} for kind, one in refers if one] or None,
            "entities": {
                "hashtags": [{"start": m.start(), "end": m.end(), "tag": m[1]} for m in _TAG.finditer(post.text)],
                "mentions": [
                    {"start": m.start(), "end": m.end(), "username": m[1]} for m in _MENTION.finditer(post.text)
                ],
                "urls": [{"url": "https://t.co/a", "expanded_url": link} for link in _URL.findall(post.text)],
            },
            **post.extra,
        }
        text = post.text.replace("&", "&amp;").replace("<", "&lt;")
        always = {"id": versions[-1], "text": text, "edit_history_post_ids": versions, "fieldOfTomorrow": [{"a": 1}]}
        asked = {name.replace("tweet", "post") for name in fields}
        return always | {name: value for name, value in whole.items() if name in asked and value is not None}

    def _user(self, author: str) -> dict[str, Any]:
        is_protected = any(post.is_private for post in self.posts if post.author == author)
        return {"id": author_id_of(author), "name": author.title(), "username": author, "protected": is_protected}


def _matches(post: Post, term: str) -> bool:
    text = post.text.lower()
    if term.startswith('"'):
        return term.strip('"') in text
    return term[1:] in [one.lower() for one in (_TAG if term.startswith("#") else _MENTION).findall(post.text)]


def _in(word: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer in the words in which it was asked."""
    if word == "post":
        return answer
    written = json.dumps(answer)
    for name in ("referenced_posts", "edit_history_post_ids", "repost_count", "note_post", '"posts":'):
        written = written.replace(name, name.replace("post", "tweet"))
    translated: dict[str, Any] = json.loads(written.replace('"reposted"', '"retweeted"'))
    return translated


def _id_at(when: datetime, number: str) -> str:
    return str((int(when.timestamp() * 1000) - 1_288_834_974_657 << 22) + int(number) % 4_000_000)


def _invalid(why: str) -> Refuse:
    body = {"errors": [{"message": why}], "title": "Invalid Request", "detail": why, "type": "about:blank"}
    return Refuse(400, body)


def _iso(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"


def limits(remaining: int, seconds: float) -> dict[str, str]:
    """Return the headers that say what is left and when there is more."""
    reset = int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())
    return {"x-rate-limit-limit": "450", "x-rate-limit-remaining": str(remaining), "x-rate-limit-reset": str(reset)}
