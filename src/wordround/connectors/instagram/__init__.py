"""What the terms of Instagram allow, and the block `[sources.instagram]` of the settings."""

from wordround.connectors.graph.block import GraphBlock
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


class Block(GraphBlock):
    """`[sources.instagram]`."""

    place_is = "the trust's own professional account"
