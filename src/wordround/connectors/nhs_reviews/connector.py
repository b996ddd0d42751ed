"""Reviews on the NHS website: published comments about an organisation, with their stars.

Contract: the page "Ratings and Reviews API" of developer.api.nhs.uk. It does not say in which order the rows come, nor
which moment `fromDate` and `toDate` mean: so a day more is asked for on both sides, and the driver leaves out the rows
outside the window. The same list with `status=removed` names the reviews that were taken down.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from wordround.connectors.asking.contract import Answer, Asked, Connector, Page, Request, Window, each
from wordround.connectors.blocks import Query
from wordround.connectors.nhs_reviews import TERMS, Block
from wordround.connectors.nhs_reviews.rows import item_of
from wordround.errors import AnswerUnreadable

_REVIEWS_A_PAGE = 100
_DAY = timedelta(days=1)


class Source(Connector):
    """Lists the reviews of each place."""

    name = "nhs_reviews"
    terms = TERMS
    block_type = Block
    credentials = {"key": "the subscription key for the Ratings and Reviews API"}  # noqa: RUF012
    order = "none"
    # Rows on the last page of removals: `checks` is resumed only after `gone` has read that page.
    _removals_on_page = 0

    def headers(self, session: Any) -> dict[str, str]:
        return {"subscription-key": self.secrets["key"]}

    def is_out_of_budget(self, status: int, content: Any) -> bool:
        return status == 403 and "quota" in self.words_of(content).lower()

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        for place in query.places:
            days = {"fromDate": f"{window.since - _DAY:%Y-%m-%d}", "toDate": f"{window.until + _DAY:%Y-%m-%d}"}
            yield self._list(place, "published", 0, days)._replace(listing=place)

    def read(self, answer: Answer, asked: Asked) -> Page:
        rows = answer.content["comments"]
        items = each(rows, lambda row: item_of(row["comment"], row.get("response"), self.trust_code, asked.query.id))
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
            # Only rows with the status "removed": a list of published ones in their place must not erase them.
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
