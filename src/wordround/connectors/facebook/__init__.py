"""What the terms of Facebook allow, and the block `[sources.facebook]` of the settings."""

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
    reads="posts on the trust's own Page, its own posts, and the comments under both",
    refuses="groups, profiles and other Pages; what is hidden, unpublished or not shown to everybody",
)


class Block(AskedSource):
    """`[sources.facebook]`."""

    answers_to = ("places",)
    address: Address = "https://graph.facebook.com/v26.0"
    comments_days: int = Field(
        default=30, ge=0, le=365, description="how old a post may be that is looked at for new comments"
    )

    @model_validator(mode="after")
    def _asks_pages(self) -> Self:
        for place in (place for query in self.queries for place in query.places):
            if "group" in place.lower():
                raise ValueError("groups are closed spaces and are not read, whoever is a member of them")
            if not place.isascii() or not place.isdigit():
                raise ValueError("a place is the number of the trust's own Page, not its name or address")
        return self
