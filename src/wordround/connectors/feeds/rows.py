"""What an entry of a feed says, as feedparser has read it: it becomes a comment record. Pure."""

import calendar
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from wordround.comments import Comment, Kind
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item
from wordround.plain_text import plain

_REPLY_KEY = "thr_in-reply-to"


def item_of(entry: Mapping[str, Any], feed: Mapping[str, Any], kind: Kind, trust_code: str, query_id: str) -> Item:
    """Return an entry as a comment of this kind. Raises ValueError where it has no id or no date."""
    published, updated = (_moment(entry.get(f"{name}_parsed")) for name in ("published", "updated"))
    posted = published or updated or _moment(feed.get("updated_parsed"))
    native_id = entry.get("id") or entry.get("link")
    if posted is None or not native_id:
        raise ValueError("no id or no date")
    parts = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    # content:encoded holds the whole entry, a description often its beginning alone.
    whole: Mapping[str, Any] = next((part for part in parts if part.get("value")), {})
    text, links = _text(whole)
    parent = entry.get(_REPLY_KEY) or {}
    return Comment(
        native_id=native_id,
        kind="reply" if parent.get("ref") and kind != "blog_comment" else kind,
        posted_on=texts.day_of(posted),
        text=text or None,
        title=_text(entry.get("title_detail") or {})[0] or None,
        trust_code=trust_code,
        posted_at=posted,
        edited_at=updated if updated and updated > posted else None,
        is_date_corrected=published is None and updated is None,
        language=whole.get("language") or feed.get("language") or None,
        hashtags=texts.hashtags_in(text),
        link_domains=texts.domains_of([*links, *texts.links_in(text)]),
        in_reply_to=parent.get("ref") or None,
        replies=texts.count(entry.get("slash_comments")),
        query_id=query_id,
    )


def _text(part: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return (plain text, links) of what a feed gives as text or as HTML."""
    value = part.get("value") or ""
    return (plain(value), []) if part.get("type") == "text/plain" else texts.text_of_html(value)


def _moment(parsed: Any) -> datetime | None:
    """Return a moment that feedparser has read, in UTC; None where it could not."""
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
