"""What the terms of Instagram allow, and the block `[sources.instagram]` of the settings."""

from typing import Self

from pydantic import Field, model_validator

from wordround.connectors.blocks import Address, AskedSource
from wordround.connectors.terms import SourceTerms

TERMS = SourceTerms(
    keeps_author_key=True,
    needs_locator=True,
    locator_days=365,
    may_quote_verbatim=False,
    is_social=True,
    deletion_check="asks the source",
    checked_within_days=1,
    reads="the trust's own media, the comments under them, and public media in which its account is tagged",
    refuses="private profiles, stories and messages; what is hidden; media of others that do not tag the trust",
)


class Block(AskedSource):
    """`[sources.instagram]`."""

    answers_to = ("places",)
    address: Address = "https://graph.facebook.com/v26.0"
    comments_days: int = Field(
        default=30, ge=0, le=365, description="how old a medium may be that is looked at for new comments"
    )

    @model_validator(mode="after")
    def _asks_accounts(self) -> Self:
        for place in (place for query in self.queries for place in query.places):
            if not place.isascii() or not place.isdigit():
                raise ValueError(
                    "a place is the number of the trust's own professional account, not its name or address"
                )
        return self
