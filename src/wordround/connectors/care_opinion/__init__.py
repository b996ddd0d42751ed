"""What the terms of Care Opinion allow, and the block `[sources.care_opinion]` of the settings."""

from wordround.connectors.blocks import Address, AskedSource
from wordround.connectors.terms import SourceTerms

# The licence (CC BY-NC-SA) lets a story be quoted with attribution and a link. A report has no link, because only the
# locked vault knows the address of a story. So nothing is quoted.
TERMS = SourceTerms(
    keeps_author_key=False,
    needs_locator=True,
    locator_days=1095,
    may_quote_verbatim=False,
    is_social=False,
    locates_author=False,
    deletion_check="asks the source",
    reads="published stories, with what their author says of their role and the services that they are about",
    refuses="stories that are withdrawn; names, ages and ids of authors",
    search_shows="every published story with the tag; stories are moderated first and come days after an event",
)


class Block(AskedSource):
    """`[sources.care_opinion]`. Places are ODS codes, hashtags are Care Opinion's own tags."""

    answers_to = ("places", "hashtags")
    address: Address = "https://www.careopinion.org.uk/api/v2"
