"""What the terms of Threads allow, and the block `[sources.threads]` of the settings."""

from typing import Self

from pydantic import Field, model_validator

from wordround.connectors.blocks import Address, AskedSource
from wordround.connectors.terms import SourceTerms
from wordround.folders import documentation

TERMS = SourceTerms(
    keeps_author_key=True,
    needs_locator=True,
    locator_days=365,
    may_quote_verbatim=False,
    is_social=True,
    deletion_check="asks the source",
    checked_within_days=1,
    reads="public posts that a search by a word or a topic tag finds, with replies, quotes and reposts",
    refuses="private profiles, and whatever the search of Meta leaves out as sensitive",
    search_shows="what Meta chooses: nothing that it deems sensitive, and perhaps popular posts rather than others",
)

# A user may send 2,200 in any 24 hours. A budget is counted by the day, and 24 hours touch two of them.
MOST_QUERIES, _HALF = 2_200, 1_100


class Block(AskedSource):
    """`[sources.threads]`. It cannot be enabled without Meta's approval."""

    answers_to = ("hashtags", "phrases")
    address: Address = "https://graph.threads.net/v1.0"
    budget: float | None = Field(
        default=_HALF, gt=0, le=_HALF, description="queries a day (UTC), so that no 24 hours hold more than 2,200"
    )
    approval_reference: str = Field(
        default="", max_length=200, description="how Meta named its approval of `threads_keyword_search`"
    )
    account: str = Field(
        default="", max_length=30, description="the trust's own account: its posts are nobody's opinion"
    )

    @model_validator(mode="after")
    def _is_approved(self) -> Self:
        if self.enabled and not self.approval_reference.strip():
            raise ValueError(
                "`approval_reference` is missing: before Meta has approved `threads_keyword_search` a search finds the "
                "trust's own posts alone, and looks as if nobody wrote anything. Ask for the review, then write down "
                f"how Meta refers to it ({documentation('sources/threads.md')})"
            )
        if self.enabled and not self.account.strip():
            raise ValueError("`account` is missing: without it the trust's own posts cannot be told from others")
        if self.budget is None:
            raise ValueError(f"`budget` cannot be left out: Threads answers {MOST_QUERIES:,} queries in 24 hours")
        return self
