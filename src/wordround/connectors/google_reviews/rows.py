"""What a review of a location says: it becomes a comment record, without its writer. Pure."""

from collections.abc import Mapping
from typing import Any

from wordround.comments import Comment
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item
from wordround.connectors.asking.parts import name, words, written
from wordround.plain_text import plain

_STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
_TRANSLATED, _ORIGINAL = "(Translated by Google)", "(Original)"


def item_of(review: Mapping[str, Any], site_code: str | None, trust_code: str, query_id: str) -> Item:
    """Return a review as a comment; `site_code` is that of its location. Raises ValueError without id or date."""
    own_id, created = name(review.get("name")), texts.moment(review["createTime"])
    if own_id is None:
        raise ValueError("no id")
    updated = texts.moment_or_none(review.get("updateTime")) or created
    text = plain(_original(written(review.get("comment"))))
    rating = _STARS.get(words(review.get("starRating")))
    return Comment(
        native_id=own_id,
        kind="review",
        posted_on=texts.day_of(created),
        text=text or None,
        trust_code=trust_code,
        posted_at=created,
        surfaced_at=updated,
        edited_at=updated if updated > created else None,
        rating=rating,
        rating_max=rating and 5,
        site_code=site_code,
        hashtags=texts.hashtags_in(text),
        link_domains=texts.domains_of(texts.links_in(text)),
        # What the trust answered is not the public's voice: only that it did is kept.
        replies=1 if review.get("reviewReply") else 0,
        query_id=query_id,
    )


def _original(comment: str) -> str:
    """Return what was written, without the translation that stands before or after it."""
    before, marker, after = comment.partition(_TRANSLATED)
    if not marker:
        return comment
    return after.partition(_ORIGINAL)[2] or before.strip() or after
