"""What a review on the NHS website says: it becomes a comment record, or a refusal. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from wordround.comments import Comment, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item
from wordround.connectors.asking.parts import name, parts, words, written
from wordround.plain_text import one_line


def item_of(comment: Mapping[str, Any], response: Any, trust_code: str, query_id: str) -> Item:
    """Return a review as a comment, or as refused; `response` is what the organisation answered to it, if anything."""
    if str(comment.get("status") or "published").lower() != "published":
        return Refused("removed")
    own_id, posted = _own_id(comment["commentId"]), texts.moment(comment["dateSubmitted"])
    text, links = texts.text_of_html(written(comment.get("commentText")))
    rating = _rating(parts(comment.get("ratings")))
    edited = texts.moment_or_none(comment.get("lastUpdated"))
    department = one_line(words(comment.get("department")))
    return Comment(
        native_id=own_id,
        kind="review",
        posted_on=texts.day_of(posted),
        text=text or None,
        title=texts.text_of_html(words(comment.get("title")))[0] or None,
        trust_code=trust_code,
        posted_at=posted,
        edited_at=edited if edited and edited > posted else None,
        rating=rating,
        rating_max=rating and 5,
        site_code=name(comment.get("odsCode")),
        locations=(department,) if department else (),
        link_domains=texts.domains_of([*links, *texts.links_in(text)]),
        # What the organisation answered is not the public's voice: only that it did is kept.
        replies=1 if response else 0,
        query_id=query_id,
    )


def _own_id(given: object) -> str:
    """Return the id of a review, a text or a number. Raises ValueError for anything else."""
    if not given or isinstance(given, bool) or not isinstance(given, str | int):
        raise ValueError("no id")
    return str(given)


def _rating(given: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the overall stars, 1 to 5. Of several questions, the one that asks for them says "overall"."""
    rated = given if len(given) == 1 else [one for one in given if "overall" in words(one.get("question")).lower()]
    stars = texts.count(rated[0].get("rating")) if rated else None
    return stars if stars is not None and 1 <= stars <= 5 else None
