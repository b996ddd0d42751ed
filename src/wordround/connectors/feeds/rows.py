"""What an entry of a feed says, as feedparser has read it: it becomes a comment record. Pure."""

import calendar
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wordround.comments import Comment, Kind, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item
from wordround.connectors.asking.parts import name, part, parts, words
from wordround.plain_text import plain

_REPLY_KEY = "thr_in-reply-to"
# A pingback or trackback: words of another page that links here, cut out of it.
_PINGBACK = re.compile(r"\s*\[(?:…|\.{3})\].*\[(?:…|\.{3})\]\s*", re.DOTALL)
_REPLY_LINE = re.compile(
    r"\s*(?:<p>)?\s*In reply to\s+(?:<a\s[^>]*href=[\"'](?P<address>[^\"'>]*)[\"'][^>]*>[^<]{0,200}</a>|[^<\n]{1,100}?)"
    r"\s*\.\s*(?:</p>|<br\s*/?>|\n|$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<=#comment-)\d+")


def item_of(entry: Mapping[str, Any], feed: Mapping[str, Any], kind: Kind, trust_code: str, query_id: str) -> Item:
    """Return an entry as a comment of this kind, or as refused. Raises ValueError where it has no id or no date."""
    published, updated = (_moment(entry.get(f"{when}_parsed")) for when in ("published", "updated"))
    posted = published or updated or _moment(feed.get("updated_parsed"))
    native_id = name(entry.get("id")) or name(entry.get("link"))
    if posted is None or not native_id:
        raise ValueError("no id or no date")
    bodies = [*parts(entry.get("content")), part(entry, "summary_detail")]
    # content:encoded holds the whole entry, a description often its beginning alone.
    whole: Mapping[str, Any] = next((body for body in bodies if name(body.get("value"))), {})
    is_comment = kind == "blog_comment"
    parent = name(part(entry, _REPLY_KEY).get("ref"))
    if is_comment:
        whole, parent = _without_reply_line(whole, native_id, parent)
    text, links = _text(whole)
    if is_comment and _PINGBACK.fullmatch(text):
        return Refused("not_a_comment")
    return Comment(
        native_id=native_id,
        kind="reply" if parent and not is_comment else kind,
        posted_on=texts.day_of(posted),
        text=text or None,
        # Of a comment a feed makes the title itself: "By: NAME", "Comment on POST by NAME".
        title=None if is_comment else _title(entry),
        trust_code=trust_code,
        posted_at=posted,
        edited_at=updated if updated and updated > posted else None,
        is_date_corrected=published is None and updated is None,
        language=texts.language(whole.get("language")) or texts.language(feed.get("language")),
        hashtags=texts.hashtags_in(text),
        link_domains=texts.domains_of([*links, *texts.links_in(text)]),
        in_reply_to=parent,
        replies=texts.count(entry.get("slash_comments")),
        query_id=query_id,
    )


def _title(entry: Mapping[str, Any]) -> str | None:
    """Return the title that an author gave; none where it ends with their name, as in feeds of comments."""
    title, author = _text(part(entry, "title_detail"))[0], plain(words(entry.get("author")))
    is_byline = bool(author) and re.search(rf"\b(?:by:?|from)\s+{re.escape(author)}$", title, re.IGNORECASE)
    return None if is_byline else title or None


def _without_reply_line(
    whole: Mapping[str, Any], native_id: str, parent: str | None
) -> tuple[Mapping[str, Any], str | None]:
    """Return a body without the line "In reply to NAME." that WordPress puts before it, and what is replied to."""
    found = _REPLY_LINE.match(words(whole.get("value")))
    if found is None:
        return whole, parent
    number = _NUMBER.search(found["address"] or "")
    answered = _NUMBER.sub(number[0], native_id) if number and _NUMBER.search(native_id) else None
    return {**whole, "value": whole["value"][found.end() :]}, parent or answered


def _text(body: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return (plain text, links) of what a feed gives as text or as HTML."""
    value = words(body.get("value"))
    return (plain(value), []) if body.get("type") == "text/plain" else texts.text_of_html(value)


def _moment(parsed: Any) -> datetime | None:
    """Return a moment that feedparser has read, in UTC; None where it could not."""
    try:
        return texts.moment_or_none(calendar.timegm(parsed)) if parsed else None
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
