"""What the terms of reviews on the NHS website allow, and the block `[sources.nhs_reviews]` of the settings."""

from typing import Literal

from wordround.connectors.blocks import Address, AskedSource
from wordround.connectors.terms import SourceTerms

# Reviews may be shown again with attribution and a link. A report has no link, because only the locked vault knows the
# address of a review. So nothing is quoted.
TERMS = SourceTerms(
    keeps_author_key=False,
    needs_locator=True,
    locator_days=1095,
    may_quote_verbatim=False,
    is_social=False,
    locates_author=False,
    deletion_check="feed of removals",
    reads="published reviews with their stars",
    refuses="reviews that were taken down; screen names; the organisation's responses, which are no patient's words",
)


class Block(AskedSource):
    """`[sources.nhs_reviews]`. Places are ODS codes of trusts, hospitals, surgeries or clinics."""

    answers_to = ("places",)
    address: Address = "https://api.nhs.uk/comments"
    # As the source names them: dental, optician, hospital, pharmacy, general practice, trust, independent hospital,
    # social care location, clinic. It is needed for a code that several kinds of organisation share.
    organisation_type: Literal["DEN", "OPT", "HOS", "PHA", "GPB", "TRU", "IND", "SCL", "CLI"] | None = None
