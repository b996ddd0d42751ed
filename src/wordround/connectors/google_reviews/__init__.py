"""What the terms of Google reviews allow, and the block `[sources.google_reviews]` of the settings."""

import re
from typing import Self

from pydantic import Field, model_validator

from wordround.connectors.blocks import Address, AskedSource
from wordround.connectors.terms import SourceTerms

# The API's policies let a trust report on its own locations. They could not be read in full as to how long content may
# be kept: 30 days is the strictest limit that Google sets to those who store content of its programs.
TERMS = SourceTerms(
    keeps_author_key=False,
    needs_locator=True,
    locator_days=30,
    may_quote_verbatim=False,
    is_social=False,
    locates_author=False,
    longest_retention_days=30,
    deletion_check="asks the source",
    reads="reviews of locations that the trust manages, with their stars",
    refuses="reviews of other places; names and pictures of reviewers, and the trust's own replies",
)

LOCATION = r"accounts/[\w-]+/locations/[\w-]+"


class Block(AskedSource):
    """`[sources.google_reviews]`. Places are locations: `accounts/1/locations/2`."""

    answers_to = ("places",)
    address: Address = "https://mybusiness.googleapis.com/v4"
    token_address: Address = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    sites: dict[str, str] = Field(default={}, description="the ODS code of the site at each location")

    @model_validator(mode="after")
    def _are_locations(self) -> Self:
        for place in (*self.sites, *(place for query in self.queries for place in query.places)):
            if not re.fullmatch(LOCATION, place):
                raise ValueError(f"'{place}' is no location: write accounts/<number>/locations/<number>")
        return self
