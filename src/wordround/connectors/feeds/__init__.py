"""What the terms of feeds allow, and the block `[sources.feeds]` of the settings."""

from typing import Self

from pydantic import Field, model_validator

from wordround.connectors.blocks import Address, AskedSource, api_address
from wordround.connectors.terms import SourceTerms

TERMS = SourceTerms(
    keeps_author_key=False,
    needs_locator=True,
    locator_days=365,
    may_quote_verbatim=False,
    is_social=True,
    locates_author=False,
    deletion_check="asks the source",
    reads="entries that the feeds of named blogs show: comments and posts",
    refuses="feeds behind a password, and feeds whose server asks not to be indexed (X-Robots-Tag)",
)


class Block(AskedSource):
    """`[sources.feeds]`. Places are the addresses of feeds."""

    answers_to = ("places",)
    comment_feeds: tuple[Address, ...] = Field(
        default=(), description="feeds of comments, where their address and title do not say so"
    )

    @model_validator(mode="after")
    def _are_addresses(self) -> Self:
        for query in self.queries:
            for place in query.places:
                api_address(place)
        return self
