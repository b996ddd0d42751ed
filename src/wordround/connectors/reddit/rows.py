"""What a thing of Reddit's says: a submission (`t3`) or a comment (`t1`) becomes a comment record, or a refusal.

Pure. A thing whose author is `[deleted]` is gone, whatever text still stands there: that is how Reddit shows that its
author took it, or their account, away.
"""

import re
from collections.abc import Iterator
from typing import Any

from wordround.comments import Comment, Kind, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item, each
from wordround.connectors.asking.parts import is_set, name, names, parts, words, written
from wordround.plain_text import plain

_GONE = ("[deleted]", "[removed]", "[ removed by reddit ]")
_OPEN = ("public", "restricted", "archived", "user")
_BOT = re.compile(r"[_-]bot$|[a-z0-9]B(?:ot|OT)$|^automoderator$|^bot[_-]", re.ASCII)
# As programs introduce themselves: a sentence of its own. People say it too, within one ("as if I am a bot").
_SAYS_BOT = re.compile(
    r"(?:^|[.!?:*_^(\n])[\s*_^(]*(?:beep boop\W+)?i(?:'m| am) a bot(?=\s*(?:[.,!*_)^\n]|and\b|$))", re.I
)
_USER = re.compile(r"(?<![\w/])/?u/([\w-]{3,20})")


def item_of(child: dict[str, Any], trust_code: str, query_id: str) -> list[Item] | Item | None:
    """Return what a thing of a listing is; with a crosspost comes its original. None for what is neither."""
    kind, data = child["kind"], child["data"]
    if kind not in ("t1", "t3"):
        return None
    if reason := refusal(data):
        return Refused(reason)
    if kind == "t1":
        return _comment(data, trust_code, query_id)
    return [_submission(data, trust_code, query_id), *_originals(data, trust_code, query_id)]


def refusal(data: dict[str, Any]) -> str | None:
    """Return why a thing may not be kept, one of comments.REFUSALS; None where it may."""
    text = (words(data.get("body")) or words(data.get("selftext"))).strip()
    author = "[deleted]" if data.get("author") in (None, "") else words(data.get("author"))
    if author in _GONE or text.lower() in _GONE or is_set(data.get("removed_by_category")):
        return "removed"
    if (
        is_set(data.get("over_18"))
        or is_set(data.get("quarantine"))
        or data.get("subreddit_type", "public") not in _OPEN
    ):
        return "not_public"
    if is_set(data.get("distinguished")) or _BOT.search(author) or author == "AutoModerator" or _SAYS_BOT.search(text):
        return "bot"
    return None


def _submission(data: dict[str, Any], trust_code: str, query_id: str) -> Comment:
    title = plain(words(data.get("title")))
    text, links = _plain_of(written(data.get("selftext")))
    original = name(data.get("crosspost_parent"))
    kind: Kind = "post"
    if original:
        originals = parts(data.get("crosspost_parent_list")) or [{}]
        # A title of one's own over somebody else's post is a comment on it.
        text = title if title != plain(words(originals[0].get("title")) or title) else ""
        kind = "quote" if text else "post"
    elif not is_set(data.get("is_self")):
        links = [*links, *names([data.get("url")])]
    has_own_title = bool(text) and text != title
    return _record(data, kind, text or (None if original else title), links, trust_code, query_id)._replace(
        title=title if has_own_title else None,
        reshare_of=original,
        shares=texts.count(data.get("num_crossposts")),
        replies=texts.count(data.get("num_comments")),
    )


def _originals(data: dict[str, Any], trust_code: str, query_id: str) -> Iterator[Item]:
    def original_of(data: dict[str, Any]) -> Item:
        reason = refusal(data)
        return Refused(reason) if reason else _submission(data, trust_code, query_id)

    yield from each(parts(data.get("crosspost_parent_list")), original_of)


def _comment(data: dict[str, Any], trust_code: str, query_id: str) -> Comment:
    text, links = _plain_of(written(data.get("body")))
    parent = name(data.get("parent_id"))
    return _record(data, "reply", text, links, trust_code, query_id)._replace(in_reply_to=parent)


def _record(
    data: dict[str, Any], kind: Kind, text: str | None, links: list[str], trust_code: str, query_id: str
) -> Comment:
    own_id, posted, edited = name(data.get("name")), texts.moment(data["created_utc"]), data.get("edited")
    if own_id is None:
        raise ValueError("no id")
    shown = text or ""
    return Comment(
        native_id=own_id,
        kind=kind,
        posted_on=texts.day_of(posted),
        text=text,
        trust_code=trust_code,
        author_id=name(data.get("author_fullname")),
        author_handle=name(data.get("author")),
        posted_at=posted,
        # Old edits are `true`, without a moment.
        edited_at=texts.moment_or_none(edited),
        hashtags=texts.hashtags_in(shown),
        link_domains=texts.domains_of(links),
        mentions=tuple(dict.fromkeys([*_USER.findall(shown), *texts.mentions_in(shown)])),
        likes=texts.count(data.get("score", data.get("ups"))),
        query_id=query_id,
    )


def _plain_of(markdown: str) -> tuple[str, list[str]]:
    """Return (plain text, links). Reddit's Markdown knows no HTML: what looks like a tag is what somebody wrote."""
    text, links = texts.text_of_markdown(markdown, has_html=False)
    return text, [*links, *texts.links_in(text)]
