"""A post of X, as the comment that it becomes, in the vocabulary of OpenAPI 2.167 or the one before.

Pure: comes in what the API answers, goes out a comment. Nothing of its author is read.
"""

from datetime import UTC, datetime
from html import unescape
from typing import Any

from wordround.comments import Comment, Kind
from wordround.connectors.asking import texts
from wordround.plain_text import plain

REPOSTED = ("reposted", "retweeted")

_WITHHELD_HERE = {"GB", "XX", "XY"}  # the last two are X's own: everywhere, and for copyright
_FIRST_MOMENT = 1_288_834_974_657  # ms since 1970; ids count from here
_NO_LANGUAGE = ("und", "zxx", "qme", "qht", "qam", "qst", "qct")  # X's own: undetermined, only pictures, only tags


def comment_of(post: dict[str, Any], posts: dict[str, Any]) -> Comment:
    """Return the comment of a post, without the trust and the query that it belongs to.

    `posts`: those that came along because others refer to them, by id. A post that was edited keeps the id of its
    first version.
    """
    reposted, quoted = referred(post, *REPOSTED), referred(post, "quoted")
    parent = referred(post, "replied_to")
    # Of a long post the text is cut; the whole of it, with what stands in it, is its note.
    long = either(post, "note_post") or {}
    entities, counts = long.get("entities") or post.get("entities") or {}, post.get("public_metrics") or {}
    text = plain(unescape(long.get("text") or post["text"]))
    versions = either(post, "edit_history_post_ids") or [post["id"]]
    is_edited = len(versions) > 1
    posted = _moment_of(versions[0]) if is_edited else texts.moment(post["created_at"])
    kind: Kind = "quote" if quoted else "reply" if parent else "post"
    return Comment(
        native_id=versions[0],
        kind=kind,
        posted_on=texts.day_of(posted),
        text=None if reposted else text,
        trust_code="",
        posted_at=posted,
        edited_at=_moment_of(versions[-1]) if is_edited else None,
        language=post.get("lang") if post.get("lang") not in _NO_LANGUAGE else None,
        hashtags=tuple(dict.fromkeys(tag["tag"] for tag in entities.get("hashtags") or ())),
        link_domains=_domains(entities),
        mentions=tuple(dict.fromkeys(one["username"] for one in entities.get("mentions") or ())),
        in_reply_to=_native(parent, posts),
        reshare_of=_native(reposted or quoted, posts),
        likes=texts.count(counts.get("like_count")),
        shares=texts.count(either(counts, "repost_count")),
        replies=texts.count(counts.get("reply_count")),
        quotes=texts.count(counts.get("quote_count")),
        views=texts.count(counts.get("impression_count")),
    )


def either(holder: dict[str, Any], name: str) -> Any:
    """Return a value by its name since OpenAPI 2.167, or by the one before."""
    found = holder.get(name)
    return holder.get(name.replace("post", "tweet")) if found is None else found


def referred(post: dict[str, Any], *kinds: str) -> str | None:
    """Return the id of what a post refers to in one of these ways."""
    return next((one["id"] for one in either(post, "referenced_posts") or () if one.get("type") in kinds), None)


def _native(post_id: str | None, posts: dict[str, Any]) -> str | None:
    """Return the id by which a post is kept: that of its first version, as far as the answer tells."""
    versions = either(posts.get(post_id or "", {}), "edit_history_post_ids")
    return versions[0] if versions else post_id


def written_at(post: dict[str, Any]) -> datetime | None:
    """Return when a row of an answer was written, by which the answer is sorted; None where it does not say."""
    try:
        return texts.moment(post.get("created_at", ""))
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def is_withheld(post: dict[str, Any]) -> bool:
    """Whether a post may not be shown here, by order or for copyright."""
    withheld = post.get("withheld") or {}
    return bool(withheld.get("copyright") or _WITHHELD_HERE & set(withheld.get("country_codes") or ()))


def _domains(entities: dict[str, Any]) -> tuple[str, ...]:
    """Return where links lead; those to X are pictures and quotes."""
    links = [one.get("unwound_url") or one.get("expanded_url") or "" for one in entities.get("urls") or ()]
    return tuple(domain for domain in texts.domains_of(links) if domain not in ("x.com", "twitter.com"))


def _moment_of(post_id: str) -> datetime:
    """Return when a version was made: its id counts milliseconds from a day in 2010."""
    return datetime.fromtimestamp(((int(post_id) >> 22) + _FIRST_MOMENT) / 1000, UTC)
