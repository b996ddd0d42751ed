"""What the terms of X allow, and the block `[sources.x]` of the settings."""

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from wordround.connectors.blocks import Address, AskedSource
from wordround.connectors.terms import SourceTerms

TERMS = SourceTerms(
    keeps_author_key=False,
    needs_locator=True,
    # Each kept post must be checked every day, and each check costs. A post that is not kept needs no check.
    locator_days=30,
    longest_retention_days=30,
    may_quote_verbatim=False,
    is_social=True,
    locates_author=False,
    deletion_check="asks the source",
    checked_within_days=1,
    reads="public posts that a search finds, with replies and quotes; from the archive also reposts",
    refuses="posts of protected accounts, and posts that are withheld in the United Kingdom or everywhere",
    may_show_text=False,
    search_shows="what X has indexed, which it does not say is all; no reposts, without `archive` seven days alone",
)


class Block(AskedSource):
    """`[sources.x]`."""

    answers_to = ("hashtags", "accounts", "phrases")
    account_form = re.compile(r"[A-Za-z0-9_]{1,15}", re.IGNORECASE)
    address: Address = "https://api.x.com"
    overlap_hours: int = Field(
        default=0, ge=0, le=720, description="what is asked again, for posts that surface late: each is paid for again"
    )
    archive: bool = Field(default=False, description="search all years, not the last seven days; needs that access")
    tells_organisations: bool = Field(
        default=True, description="look at account names to tell organisations from people; an account costs two posts"
    )
    vocabulary: Literal["post", "tweet"] = Field(default="post", description="what the API calls a post in parameters")

    @model_validator(mode="after")
    def _has_a_budget(self) -> Self:
        if self.enabled and self.budget is None:
            raise ValueError("every post costs: say in `budget` how many dollars a day may cost at most")
        return self
