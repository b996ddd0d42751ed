"""What a review on the NHS website says: it becomes a comment record, or a refusal. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wordround.comments import Comment, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item
from wordround.plain_text import one_line


def item_of(comment: Mapping[str, Any], response: Any, trust_code: str, query_id: str) -> Item:
    """Return a review as a comment, or as refused; `response` is what the organisation answered to it, if anything."""
    if str(comment.get("status") or "published").lower() != "published":
        return Refused("removed")
    if not comment["commentId"]:
        raise ValueError("no id")
    posted = texts.moment(comment["dateSubmitted"])
    text, links = texts.text_of_html(comment.get("commentText") or "")
    rating = _rating(comment.get("ratings") or ())
    department = one_line(str(comment.get("department") or ""))
    return Comment(
        native_id=str(comment["commentId"]),
        kind="review",
        posted_on=texts.day_of(posted),
        text=text or None,
        title=texts.text_of_html(comment.get("title") or "")[0] or None,
        trust_code=trust_code,
        posted_at=posted,
        edited_at=_edited(comment.get("lastUpdated"), posted),
        rating=rating,
        rating_max=rating and 5,
        site_code=comment.get("odsCode") or None,
        locations=(department,) if department else (),
        link_domains=texts.domains_of([*links, *texts.links_in(text)]),
        # What the organisation answered is not the public's voice: only that it did is kept.
        replies=1 if response else 0,
        query_id=query_id,
    )


def _rating(given: Sequence[Any]) -> int | None:
    """Return the overall stars, 1 to 5. Of several questions, the one that asks for them says "overall"."""
    rated = [one for one in given if isinstance(one, dict)]
    if len(rated) > 1:
        rated = [one for one in rated if "overall" in str(one.get("question")).lower()]
    stars = texts.count(rated[0].get("rating")) if rated else None
    return stars if stars is not None and 1 <= stars <= 5 else None


def _edited(written: Any, posted: datetime) -> datetime | None:
    """Return when a review was changed after it was written."""
    try:
        edited = texts.moment(written)
    except (ValueError, OverflowError):
        return None
    return edited if edited > posted else None
