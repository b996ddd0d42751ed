"""Reviews on the NHS website: published comments about an organisation, with their stars.

Contract: the page "Ratings and Reviews API" of developer.api.nhs.uk. Which order the rows come in is not said, nor
which moment `fromDate` and `toDate` mean: a day more is asked for on both sides, and the driver leaves out what is not
in the window. What is taken down is told by the same list with `status=removed`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from wordround.comments import Comment, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Page, Request, Window, each
from wordround.connectors.blocks import Query
from wordround.connectors.nhs_reviews import TERMS, Block
from wordround.errors import AnswerUnreadable
from wordround.plain_text import one_line

_REVIEWS_A_PAGE = 100
_DAY = timedelta(days=1)


class Source(Connector):
    """Lists the reviews of each place."""

    name = "nhs_reviews"
    terms = TERMS
    block_type = Block
    credentials = {"key": "the subscription key for the Ratings and Reviews API"}  # noqa: RUF012
    order = "none"
    # How many rows the last page of the list of removals held: `checks` is resumed only after `gone` has read it.
    _removals_on_page = 0

    def headers(self, session: Any) -> dict[str, str]:
        return {"subscription-key": self.secrets["key"]}

    def is_out_of_budget(self, status: int, content: Any) -> bool:
        return status == 403 and "quota" in self.words_of(content).lower()

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        for place in query.places:
            days = {"fromDate": f"{window.since - _DAY:%Y-%m-%d}", "toDate": f"{window.until + _DAY:%Y-%m-%d}"}
            yield self._list(place, "published", 0, days)

    def read(self, answer: Answer, asked: Asked) -> Page:
        rows = answer.content["comments"]
        items = each(rows, lambda row: self._item(row["comment"], row.get("response"), asked.query.id))
        params = {**asked.request.params, "offset": asked.request.params["offset"] + len(rows)}
        return Page(items, asked.request._replace(params=params) if rows else None)

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        for place in dict.fromkeys(place for query in self.block.queries for place in query.places):
            offset, self._removals_on_page = 0, 1
            while self._removals_on_page:
                self._removals_on_page = 0
                yield native_ids, self._list(place, "removed", offset)
                offset += self._removals_on_page

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        try:
            comments = [row["comment"] for row in answer.content["comments"]]
            # What is not said to be removed stays: a list of the published ones in its place would erase them all.
            removed = {str(one["commentId"]) for one in comments if str(one["status"]).lower() == "removed"}
        except (KeyError, TypeError, AttributeError):
            raise AnswerUnreadable(f"{self.name}: gives no list of removals. Nothing was erased.") from None
        self._removals_on_page = len(comments)
        return removed & set(native_ids)

    def _list(self, place: str, status: str, offset: int, days: Mapping[str, str] = {}) -> Request:
        params = {"odsCode": place, "status": status, "offset": offset, "limit": _REVIEWS_A_PAGE, **days}
        block = self.block
        if isinstance(block, Block) and block.organisation_type:
            params["orgType"] = block.organisation_type
        return Request(f"{block.address}/Comments", params)

    def _item(self, comment: Mapping[str, Any], response: Any, query_id: str) -> Item:
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
            trust_code=self.trust_code,
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
