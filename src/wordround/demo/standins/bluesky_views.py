"""How Bluesky shows a post: the views of `app.bsky.feed.defs`, with the fields that the real server sends.

What a post lacks (an embed, facets, languages, a display name) is absent, never null. A label on a
whole account lies with the author of each post. `tests/live` compares these with the real server's.
"""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from wordround.demo.standins.world import Post

TAG = re.compile(r"(?<!\w)#(\w+)")
MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")


def uri_of(post_id: str, author: str = "ann") -> str:
    return f"at://{did_of(author)}/app.bsky.feed.post/{post_id}"


def did_of(author: str) -> str:
    return (
        "did:plc:" + "".join(c for c in author.lower() if c in "abcdefghijklmnopqrstuvwxyz234567").ljust(24, "a")[:24]
    )


def indexed(post: Post) -> datetime:
    """When the network saw the post as it is: an edit is indexed anew."""
    return max(post.received, post.edited_at or post.received)


def tags_of(post: Post) -> list[str]:
    """Hashtags in the text, and those beside it (`record.tags`; `extra` of the post)."""
    return [*TAG.findall(post.text), *_beside(post)]


def view(post: Post, there: dict[str, Post]) -> dict[str, Any]:
    """Return a post as a search shows it; `there`: the posts that are shown at all, by uri."""
    record = record_of(post, there)
    shown: dict[str, Any] = {
        "uri": uri_of(post.id, post.author),
        "cid": _cid(post),
        "author": _author(post),
        "record": record,
        "bookmarkCount": 0,
        **_counts(post),
        "indexedAt": iso(indexed(post)),
        "viewer": {"bookmarked": False, "threadMuted": False, "embeddingDisabled": False},
        "labels": [],
        # Whoever reads must not stumble over what is added tomorrow.
        "newFieldOfTomorrow": {"$type": "app.bsky.unknown#thing"},
    }
    if "embed" in record:
        shown["embed"] = _shown(record["embed"], there)
    return shown


def record_of(post: Post, there: dict[str, Post]) -> dict[str, Any]:
    """Return a post as its client wrote it; whose post it answers or quotes is known of those that are shown."""
    record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": post.text, "createdAt": iso(post.posted_at)}
    if post.language:
        record["langs"] = [post.language]
    facets = [
        *(_facet(post.text, found.group(), "tag", tag=found.group(1)) for found in TAG.finditer(post.text)),
        *(_facet(post.text, found.group(), "mention", did=did_of(found[1])) for found in MENTION.finditer(post.text)),
        *(_facet(post.text, link, "link", uri=link) for link in post.links if link in post.text),
    ]
    if facets:
        record["facets"] = facets
    if _beside(post):
        record["tags"] = _beside(post)
    if post.reply_to:
        record["reply"] = {"parent": _ref(post.reply_to, there), "root": _ref(post.reply_to, there)}
    if post.quote_of:
        record["embed"] = {"$type": "app.bsky.embed.record", "record": _ref(post.quote_of, there)}
    elif post.links and post.link_title:
        card = {"uri": post.links[0], "title": post.link_title, "description": "A page"}
        record["embed"] = {"$type": "app.bsky.embed.external", "external": card}
    return record


def _shown(embed: dict[str, Any], there: dict[str, Post]) -> dict[str, Any]:
    if "external" in embed:
        return {"$type": "app.bsky.embed.external#view", "external": embed["external"]}
    return {"$type": "app.bsky.embed.record#view", "record": _quoted(embed["record"]["uri"], there)}


def iso(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"


def _beside(post: Post) -> list[str]:
    tags = post.extra.get("tags", [])
    assert isinstance(tags, list)
    return tags


def _author(post: Post) -> dict[str, Any]:
    did = did_of(post.author)
    values = [*(["!no-unauthenticated"] if post.is_opted_out else []), *(["bot"] if post.is_bot else [])]
    profile = f"at://{did}/app.bsky.actor.profile/self"
    author: dict[str, Any] = {
        "did": did,
        # Who has a domain of their own is called by it.
        "handle": post.author if "." in post.author else f"{post.author}.example.test",
        "associated": {"activitySubscription": {"allowSubscriptions": "followers"}},
        "viewer": {"muted": False, "mutedOnlyReposts": False, "mutedOnlyQuoteposts": False, "blockedBy": False},
        "labels": [
            {"src": did, "uri": profile, "cid": _cid_of(did), "val": value, "cts": "1970-01-01T00:00:00.000Z"}
            for value in values
        ],
    }
    # Only somebody who has filled in a profile has a name to show, or labels.
    return author | ({"displayName": post.author.title()} if values else {})


def _counts(post: Post) -> dict[str, int]:
    return {"replyCount": post.replies, "repostCount": post.shares, "likeCount": post.likes, "quoteCount": 0}


def _quoted(uri: str, there: dict[str, Post]) -> dict[str, Any]:
    if uri not in there:
        return {"$type": "app.bsky.embed.record#viewNotFound", "uri": uri, "notFound": True}
    post = there[uri]
    return {
        "$type": "app.bsky.embed.record#viewRecord",
        "uri": uri,
        "cid": _cid(post),
        "author": _author(post),
        "value": record_of(post, there),
        "labels": [],
        **_counts(post),
        "indexedAt": iso(indexed(post)),
        "embeds": [],
    }


def _ref(post_id: str, there: dict[str, Post]) -> dict[str, str]:
    uri = next((uri for uri, post in there.items() if post.id == post_id), uri_of(post_id))
    return {"uri": uri, "cid": _cid_of(post_id)}


def _cid(post: Post) -> str:
    return _cid_of(f"{post.id} {post.text}")


def _cid_of(content: str) -> str:
    return "bafyrei" + "".join("abcdefghijklmnopqrstuvwxyz234567"[byte % 32] for byte in _long_hash(content))[:52]


def _long_hash(content: str) -> bytes:
    return hashlib.sha512(content.encode()).digest()


def _facet(text: str, part: str, kind: str, **feature: str) -> dict[str, Any]:
    start = len(text[: text.index(part)].encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + len(part.encode())},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
    }
