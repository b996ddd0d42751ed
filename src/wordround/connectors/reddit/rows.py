"""What a thing of Reddit's says: a submission (`t3`) or a comment (`t1`) becomes a comment record, or a refusal.

Pure. A thing whose author is `[deleted]` is gone, whatever text still stands there: that is how Reddit shows that its
author took it, or their account, away.
"""

import re
from collections.abc import Iterator
from typing import Any

from wordround.comments import Comment, Kind, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item
from wordround.plain_text import plain

_GONE = ("[deleted]", "[removed]", "[ removed by reddit ]")
_OPEN = ("public", "restricted", "archived", "user")
_BOT = re.compile(r"[_-]bot$|[a-z0-9]B(?:ot|OT)$|^automoderator$|^bot[_-]", re.ASCII)
_SAYS_BOT = re.compile(r"\bi am a bot\b|\bi'm a bot\b", re.IGNORECASE)
_USER = re.compile(r"(?<![\w/])/?u/([\w-]{3,20})")
_SPOILER = re.compile(r">!|!<")


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
    text = str(data.get("body") or data.get("selftext") or "").strip()
    author: str = data.get("author") or "[deleted]"
    if author in _GONE or text.lower() in _GONE or data.get("removed_by_category"):
        return "removed"
    if data.get("over_18") or data.get("quarantine") or data.get("subreddit_type", "public") not in _OPEN:
        return "not_public"
    if data.get("distinguished") or author == "AutoModerator" or _BOT.search(author) or _SAYS_BOT.search(text):
        return "bot"
    return None


def _submission(data: dict[str, Any], trust_code: str, query_id: str) -> Comment:
    title = plain(data["title"])
    text, links = _plain_of(data.get("selftext") or "")
    original = data.get("crosspost_parent")
    kind: Kind = "post"
    if original:
        originals = data.get("crosspost_parent_list") or [{}]
        # A title of one's own over somebody else's post is a comment on it.
        text = title if title != plain(originals[0].get("title") or title) else ""
        kind = "quote" if text else "post"
    elif not data.get("is_self") and data.get("url"):
        links = [*links, data["url"]]
    has_own_title = bool(text) and text != title
    return _record(data, kind, text or (None if original else title), links, trust_code, query_id)._replace(
        title=title if has_own_title else None,
        reshare_of=original,
        shares=texts.count(data.get("num_crossposts")),
        replies=texts.count(data.get("num_comments")),
    )


def _originals(data: dict[str, Any], trust_code: str, query_id: str) -> Iterator[Item]:
    for original in data.get("crosspost_parent_list") or ():
        reason = refusal(original)
        yield Refused(reason) if reason else _submission(original, trust_code, query_id)


def _comment(data: dict[str, Any], trust_code: str, query_id: str) -> Comment:
    text, links = _plain_of(data["body"])
    return _record(data, "reply", text, links, trust_code, query_id)._replace(in_reply_to=data["parent_id"])


def _record(
    data: dict[str, Any], kind: Kind, text: str | None, links: list[str], trust_code: str, query_id: str
) -> Comment:
    posted, edited = texts.moment(data["created_utc"]), data.get("edited")
    written = text or ""
    return Comment(
        native_id=data["name"],
        kind=kind,
        posted_on=texts.day_of(posted),
        text=text,
        trust_code=trust_code,
        author_id=data.get("author_fullname"),
        author_handle=data["author"],
        posted_at=posted,
        # Old edits are `true`, without a moment.
        edited_at=texts.moment(edited) if edited and not isinstance(edited, bool) else None,
        hashtags=texts.hashtags_in(written),
        link_domains=texts.domains_of(links),
        mentions=tuple(dict.fromkeys([*_USER.findall(written), *texts.mentions_in(written)])),
        likes=texts.count(data.get("score", data.get("ups"))),
        query_id=query_id,
    )


def _plain_of(markdown: str) -> tuple[str, list[str]]:
    """Return (plain text, links). Reddit's Markdown knows no HTML: what looks like a tag is what somebody wrote."""
    text, links = texts.text_of_markdown(_SPOILER.sub("", markdown).replace("<", "&lt;"))
    return text, [*links, *texts.links_in(text)]
