"""What the terms of YouTube allow, and the block `[sources.youtube]` of the settings."""

import re
from typing import Self

from pydantic import Field, model_validator

from wordround.connectors.blocks import Address, AskedSource
from wordround.connectors.terms import SourceTerms
from wordround.folders import documentation

TERMS = SourceTerms(
    keeps_author_key=True,
    needs_locator=True,
    locator_days=30,
    may_quote_verbatim=False,
    is_social=True,
    longest_retention_days=30,
    allows_derived_metrics=False,
    deletion_check="asks the source",
    checked_within_days=7,
    reads="public comments, and answers to them, under the videos of named channels and under named videos",
    refuses="comments that wait for review or were rejected, threads that are not public, videos without comments",
)

_UNITS_A_DAY = 10_000
CHANNEL, VIDEO = re.compile(r"UC[\w-]{22}", re.ASCII), re.compile(r"[\w-]{11}", re.ASCII)


class Block(AskedSource):
    """`[sources.youtube]`. It cannot be enabled before the amendment on derived metrics is accepted."""

    answers_to = ("places",)
    address: Address = "https://youtube.googleapis.com"
    budget: float | None = Field(default=_UNITS_A_DAY, gt=0, description="units a day; YouTube gives 10,000")
    derived_metrics_accepted: bool = Field(
        default=False, description="the trust has accepted YouTube's amendment on derived metrics"
    )
    replies_days: int = Field(default=30, ge=0, le=365, description="how old a thread may be whose answers are read")

    @model_validator(mode="after")
    def _may_be_asked(self) -> Self:
        for query in self.queries:
            for place in query.places:
                if not CHANNEL.fullmatch(place) and not VIDEO.fullmatch(place):
                    raise ValueError(
                        f"query '{query.id}': a place is the id of a channel (UC and 22 signs) or of a video (11 "
                        "signs), not an address or a handle"
                    )
        if self.enabled and not self.derived_metrics_accepted:
            raise ValueError(
                "`derived_metrics_accepted` is not true: YouTube's terms forbid to make sentiment, themes or any other "
                "measure of its data before its amendment on derived metrics is accepted "
                f"({documentation('sources/youtube.md')})"
            )
        return self
