"""A post of X, as the comment that it becomes, in the vocabulary of OpenAPI 2.167 or the one before.

Pure: what the API answers in, a comment out. Nothing of its author is read. Only the id, the date and the words must be
readable; an odd part costs that part.
"""

from datetime import UTC, datetime
from html import unescape
from typing import Any

from wordround.comments import Comment, Kind
from wordround.connectors.asking import texts
from wordround.connectors.asking.parts import is_set, name, names, part, parts, words, written
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
    long = part({"": either(post, "note_post")}, "")
    entities, counts = part(long, "entities") or part(post, "entities"), part(post, "public_metrics")
    text = plain(unescape(words(long.get("text")) or written(post.get("text"))))
    versions = _versions(post)
    is_edited = len(versions) > 1
    posted = _moment_of(versions[0]) if is_edited else _written(post)
    kind: Kind = "quote" if quoted else "reply" if parent else "post"
    code = words(post.get("lang"))
    return Comment(
        native_id=versions[0],
        kind=kind,
        posted_on=texts.day_of(posted),
        text=None if reposted else text,
        trust_code="",
        posted_at=posted,
        edited_at=_moment_of(versions[-1]) if is_edited else None,
        language=texts.language(code) if code not in _NO_LANGUAGE else None,
        hashtags=tuple(dict.fromkeys(names([tag.get("tag") for tag in parts(entities.get("hashtags"))]))),
        link_domains=_domains(entities),
        mentions=tuple(dict.fromkeys(names([one.get("username") for one in parts(entities.get("mentions"))]))),
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
    named = (name(one.get("id")) for one in parts(either(post, "referenced_posts")) if one.get("type") in kinds)
    return next(filter(None, named), None)


def written_at(post: Any) -> datetime | None:
    """Return when a row of an answer was written, by which the answer is sorted; None where it does not say.

    By its id, to the millisecond; its date is cut to the second.
    """
    try:
        return _moment_of(post["id"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return texts.moment_or_none(part({"": post}, "").get("created_at"))


def _written(post: dict[str, Any]) -> datetime:
    return texts.moment_or_none(post.get("created_at")) or _moment_of(post["id"])


def is_withheld(post: dict[str, Any]) -> bool:
    """Whether a post may not be shown here, by order or for copyright."""
    withheld = part(post, "withheld")
    return is_set(withheld.get("copyright")) or not _WITHHELD_HERE.isdisjoint(names(withheld.get("country_codes")))


def _versions(post: dict[str, Any]) -> list[str]:
    """Return the ids of all versions of a post, the first one first. Raises ValueError where it has no id."""
    own = name(post.get("id"))
    if own is None:
        raise ValueError("no id")
    versions = names(either(post, "edit_history_post_ids"))
    return versions if own in versions and all(map(str.isdigit, versions)) else [own]


def _native(post_id: str | None, posts: dict[str, Any]) -> str | None:
    """Return the id by which a post is kept: that of its first version, as far as the answer tells."""
    versions = names(either(part(posts, post_id or ""), "edit_history_post_ids"))
    return versions[0] if versions else post_id


def _domains(entities: dict[str, Any]) -> tuple[str, ...]:
    """Return where links lead; those to X are pictures and quotes."""
    links = [name(one.get("unwound_url")) or name(one.get("expanded_url")) for one in parts(entities.get("urls"))]
    return tuple(domain for domain in texts.domains_of(names(links)) if domain not in ("x.com", "twitter.com"))


def id_at(when: datetime) -> str:
    """Return the first id of a moment: those before it are smaller."""
    return str((-(-int(when.timestamp() * 1_000_000) // 1000) - _FIRST_MOMENT) << 22)


def _moment_of(post_id: str) -> datetime:
    """Return when a version was made: its id counts milliseconds from a day in 2010."""
    return datetime.fromtimestamp(((int(post_id) >> 22) + _FIRST_MOMENT) / 1000, UTC)
