"""Reviews on the NHS website: published comments about an organisation, with their stars.

Contract: the page "Ratings and Reviews API" of developer.api.nhs.uk. It does not say in which order the rows come, nor
which moment `fromDate` and `toDate` mean: so a day more is asked for on both sides, and the driver leaves out the rows
outside the window. The same list with `status=removed` names the reviews that were taken down; that of the published
ones shows what reviews of any age say now.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Page, Request, Window, each
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
    # Ids on the last page of a check: `checks` is resumed only after `gone` has read that page.
    _ids_on_page = frozenset[str]()

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
        places = dict.fromkeys(place for query in self.block.queries for place in query.places)
        for place in places:
            yield from self._pages(native_ids, place, "removed", set(native_ids))
        # Until each has been shown: nothing says how far back a list must be read for that.
        unseen = set(native_ids)
        for place in places:
            yield from self._pages(native_ids, place, "published", unseen)

    def _pages(
        self, native_ids: Sequence[str], place: str, status: str, unseen: set[str]
    ) -> Iterator[tuple[Sequence[str], Request]]:
        """Yield the pages of a list, to its end or until none is `unseen`; takes out of that what they show."""
        offset, last_page = 0, frozenset[str]()
        while unseen:
            self._ids_on_page = frozenset()
            yield native_ids, self._list(place, status, offset)
            if not self._ids_on_page:
                return
            if self._ids_on_page == last_page:
                raise AnswerUnreadable(f"{self.name}: gives the same page for ever. Please report this.")
            last_page = self._ids_on_page
            offset += len(last_page)
            if status == "published":
                unseen -= last_page

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        try:
            comments = [row["comment"] for row in answer.content["comments"]]
            # Only rows with the status "removed": a list of published ones in their place must not erase them.
            removed = {str(one["commentId"]) for one in comments if str(one["status"]).lower() == "removed"}
            self._ids_on_page = frozenset(str(one["commentId"]) for one in comments)
        except (KeyError, TypeError, AttributeError):
            raise AnswerUnreadable(f"{self.name}: gives no list of removals. Nothing was erased.") from None
        return removed & set(native_ids)

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        known = set(native_ids)
        rows = [row for row in answer.content["comments"] if str(row["comment"]["commentId"]) in known]
        return each(rows, lambda row: item_of(row["comment"], row.get("response"), self.trust_code, ""))

    def _list(self, place: str, status: str, offset: int, days: Mapping[str, str] = {}) -> Request:
        params = {"odsCode": place, "status": status, "offset": offset, "limit": _REVIEWS_A_PAGE, **days}
        block = self.block
        if isinstance(block, Block) and block.organisation_type:
            params["orgType"] = block.organisation_type
        return Request(f"{block.address}/Comments", params)
