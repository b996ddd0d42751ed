"""What the terms of Facebook allow, and the block `[sources.facebook]` of the settings."""

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
    reads="posts on the trust's own Page, its own posts, and the comments under both",
    refuses="groups, profiles and other Pages; what is hidden, unpublished or not shown to everybody",
)


class Block(GraphBlock):
    """`[sources.facebook]`."""

    place_is = "the trust's own Page"
