"""Google reviews of the trust's own, verified locations, by the Business Profile API.

Contract: `accounts.locations.reviews` of the My Business API, version 4, the only version with reviews. The latest
change comes first; the listing takes no window. Sign-in turns the refresh token of somebody who manages the locations
into a key for an hour.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Page, Request, Window, each
from wordround.connectors.blocks import Query
from wordround.connectors.google_reviews import LOCATION, TERMS, Block
from wordround.connectors.google_reviews.rows import item_of
from wordround.errors import AnswerUnreadable, SourceRefused

_REVIEWS_A_PAGE = 50
_REVIEW = re.compile(rf"({LOCATION})/reviews/[\w=-]+")


class Source(Connector):
    """Lists the reviews of each location, latest change first."""

    name = "google_reviews"
    terms = TERMS
    block_type = Block
    credentials = {  # noqa: RUF012
        "login": "client id of the trust's own OAuth client",
        "password": "client secret of it",
        "refresh_token": "refresh token with the scope business.manage, of somebody who manages the locations",
    }
    newest_first = True

    def sign_in(self) -> Request:
        form = {
            "grant_type": "refresh_token",
            "client_id": self.secrets["login"],
            "client_secret": self.secrets["password"],
            "refresh_token": self.secrets["refresh_token"],
        }
        return Request(self.block.token_address if isinstance(self.block, Block) else "", form=form)

    def headers(self, session: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {session['access_token']}"} if session else {}

    def is_not_found_an_answer(self) -> bool:
        return True

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        for place in query.places:
            yield self._list(place, _REVIEWS_A_PAGE)._replace(listing=place)

    def read(self, answer: Answer, asked: Asked) -> Page:
        if answer.content is None:
            raise SourceRefused(f"{self.name}: there is no such location, or it is not verified. Look at `places`.")
        site = self.block.sites.get(asked.request.about) if isinstance(self.block, Block) else None
        found = answer.content.get("reviews") or ()
        items = each(found, lambda review: item_of(review, site, self.trust_code, asked.query.id))
        token = answer.content.get("nextPageToken")
        params = {**asked.request.params, "pageToken": token}
        return Page(items, asked.request._replace(params=params) if token else None)

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        named = [match for native_id in native_ids if (match := _REVIEW.fullmatch(native_id))]
        for place in dict.fromkeys(match.group(1) for match in named):
            # First checks that the location is there: of one that has moved, every review would seem gone.
            yield (), self._list(place, 1)
        for match in named:
            yield [match.group()], Request(f"{self.block.address}/{match.group()}")

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        if not native_ids and not isinstance(answer.content, dict):
            raise AnswerUnreadable(f"{self.name}: a location gives no list of reviews. Nothing was erased.")
        return set(native_ids) if answer.content is None else set()

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        place = native_ids[0].rpartition("/reviews/")[0]
        site = self.block.sites.get(place) if isinstance(self.block, Block) else None
        return each([answer.content], lambda review: item_of(review, site, self.trust_code, ""))

    def _list(self, place: str, size: int) -> Request:
        params = {"pageSize": size, "orderBy": "updateTime desc"}
        return Request(f"{self.block.address}/{place}/reviews", params, about=place, most_items=size)
