"""What a medium or a comment of Instagram says: it becomes a comment record, or a refusal.

Pure. Names of accounts are read only to tell the trust's own and to count voices (a keyed hash). What has no words (a
picture without a caption) is no row at all, unless it had some when it was stored.
"""

from typing import Any

from wordround.comments import Comment, Kind, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item
from wordround.connectors.asking.parts import is_set, name, part, parts, written
from wordround.plain_text import plain

# Media of others are found by the tag alone, and looked for there once more when deletions are checked.
_TAGGED = "tagged"


def medium_of(medium: dict[str, Any], trust_code: str, query_id: str, is_stored: bool = False) -> Item | None:
    """Return what a medium of the trust's own account is."""
    return _medium(medium, _id(medium), trust_code, query_id, "organisation", is_stored)


def tagged_of(
    medium: dict[str, Any], place: str, trust_code: str, query_id: str, is_stored: bool = False
) -> Item | None:
    """Return what a medium of somebody else is, in which the account `place` is tagged."""
    return _medium(medium, tagged_id(place, _id(medium)), trust_code, query_id, None, is_stored)


def tagged_id(place: str, medium_id: str) -> str:
    """Return the native id of a medium in which an account is tagged."""
    return f"{_TAGGED}:{place}:{medium_id}"


def tagged_at(native_id: str) -> tuple[str, str] | None:
    """Return the account and the medium of a native id; None where it is no tagged medium."""
    kind, _, rest = native_id.partition(":")
    place, _, medium_id = rest.partition(":")
    return (place, medium_id) if kind == _TAGGED and medium_id else None


def comment_of(
    one: dict[str, Any],
    answers: str | None,
    own: frozenset[str],
    trust_code: str,
    query_id: str,
    is_stored: bool = False,
) -> Item | None:
    """Return what one comment is. `answers`: the medium or comment under which it stands, where it does not say."""
    if is_set(one.get("hidden")):
        return Refused("removed")
    text = plain(written(one.get("text")))
    if not text and not is_stored:
        return None
    # `user` is there for what the account of the token wrote, and for nobody else.
    author = name(part(one, "from").get("id"))
    is_own = bool(part(one, "user")) or author in own
    record = _record(one, _id(one), "reply", text, trust_code, query_id)
    return record._replace(
        author_id=author,
        author_role="organisation" if is_own else None,
        in_reply_to=name(one.get("parent_id")) or answers,
        likes=texts.count(one.get("like_count")),
        replies=len(parts(part(one, "replies").get("data"))) if "replies" in one else None,
    )


def _medium(
    medium: dict[str, Any], native_id: str, trust_code: str, query_id: str, role: str | None, is_stored: bool
) -> Item | None:
    text = plain(written(medium.get("caption")))
    if not text and not is_stored:
        return None
    record = _record(medium, native_id, "post", text, trust_code, query_id)
    return record._replace(
        author_id=name(medium.get("username")),
        author_handle=name(medium.get("username")),
        author_role=role,
        likes=texts.count(medium.get("like_count")),
        replies=texts.count(medium.get("comments_count")),
    )


def _record(one: dict[str, Any], native_id: str, kind: Kind, text: str, trust_code: str, query_id: str) -> Comment:
    posted = texts.moment(one["timestamp"])
    return Comment(
        native_id=native_id,
        kind=kind,
        posted_on=texts.day_of(posted),
        text=text or None,
        trust_code=trust_code,
        posted_at=posted,
        hashtags=texts.hashtags_in(text),
        link_domains=texts.domains_of(texts.links_in(text)),
        query_id=query_id,
    )


def _id(one: dict[str, Any]) -> str:
    own_id = name(one.get("id"))
    if own_id is None:
        raise ValueError("no id")
    return own_id
