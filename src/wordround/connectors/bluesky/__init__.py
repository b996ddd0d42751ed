"""What the terms of Bluesky allow, and the block `[sources.bluesky]` of the settings."""

import re

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
    reads="public posts that a search finds, with replies and quotes",
    refuses="posts of people who ask not to be shown to those who are not signed in, and of accounts labelled as bots",
    search_shows="what the network has indexed, newest first, popular or not; posts that moderation hides are missing",
)


class Block(AskedSource):
    """`[sources.bluesky]`."""

    answers_to = ("hashtags", "accounts", "phrases")
    account_form = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*", re.IGNORECASE)
    address: Address = "https://bsky.social"
