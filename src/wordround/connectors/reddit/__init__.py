"""What the terms of Reddit allow, and the block `[sources.reddit]` of the settings."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from wordround.connectors.blocks import Address, AskedSource, Words
from wordround.connectors.terms import SourceTerms
from wordround.folders import documentation

TERMS = SourceTerms(
    keeps_author_key=True,
    needs_locator=True,
    locator_days=365,
    may_quote_verbatim=False,
    is_social=True,
    deletion_check="asks the source",
    checked_within_days=2,
    reads="submissions and comments of named communities, and submissions that a search finds",
    refuses="communities that are private, quarantined or for adults, and what bots and moderators post by office",
)


def communities(names: tuple[str, ...]) -> tuple[str, ...]:
    bare = tuple(re.sub(r"^/?r/", "", name.strip()) for name in names)
    for name in bare:
        if name.lower().startswith(("u_", "u/", "/u/")):
            raise ValueError("the page of one person is no community: nobody is followed")
        if not re.fullmatch(r"[A-Za-z0-9_]{2,21}", name):
            raise ValueError("a community is named by letters, digits and underscores, such as 'Fernvale'")
    return bare


class Block(AskedSource):
    """`[sources.reddit]`. It cannot be enabled without Reddit's approval."""

    answers_to = ("phrases", "places")
    address: Address = "https://oauth.reddit.com"
    sign_in_address: Address = "https://www.reddit.com"
    approval_reference: str = Field(default="", max_length=200, description="how Reddit named its approval of this use")
    account: str = Field(default="", max_length=40, description="the trust's account, which every request must name")
    search_in: Annotated[Words, AfterValidator(communities)] = Field(
        default=(), description="communities in which phrases are searched; none is all of Reddit"
    )

    @model_validator(mode="after")
    def _is_approved(self) -> Self:
        for query in self.queries:
            communities(query.places)
        if self.enabled and not self.approval_reference.strip():
            raise ValueError(
                "`approval_reference` is missing: since November 2025 Reddit lets nobody use its Data API whom it has "
                "not approved. Ask for approval, then write down how Reddit refers to it "
                f"({documentation('sources/reddit.md')})"
            )
        if self.enabled and not self.account.strip():
            raise ValueError("`account` is missing: Reddit wants every request to name the account behind it")
        return self
