"""What the terms of Mastodon allow, and the block `[sources.mastodon]` of the settings."""

import re
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

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
    reads="public posts written on the listed servers, with replies, quotes and boosts",
    refuses=(
        "posts that are not public or were kept out of timelines, of accounts that say they are bots or ask not to be "
        "indexed or recommended, and posts written on servers that are not listed"
    ),
    search_shows=(
        "what members of each listed server wrote, and of other servers what somebody there follows or boosted: local "
        "posts and those of much-followed accounts are favoured"
    ),
)


class Block(AskedSource):
    """`[sources.mastodon]`."""

    answers_to = ("hashtags", "accounts", "phrases")
    account_form = re.compile(r"[\w.-]+@[\w.-]+(?::\d+)?")
    instances: tuple[Address, ...] = Field(default=(), description="servers that are asked, and whose posts are kept")
    searches_at: Address = Field(default="", description="the one of them at which the trust has an account")

    @model_validator(mode="after")
    def _names_its_servers(self) -> Self:
        if self.address:
            raise ValueError("has no `address`: list the servers as `instances`")
        if self.queries and not self.instances:
            raise ValueError("`instances` is empty: list the servers that may be asked")
        if any(urlsplit(address).path for address in self.instances):
            raise ValueError("`instances` are addresses of servers, without a path")
        if self.searches_at and self.searches_at not in self.instances:
            raise ValueError("`searches_at` must be one of `instances`")
        if not self.searches_at and any(query.accounts or query.phrases for query in self.queries):
            raise ValueError(
                "accounts and phrases need a search: name the server of the trust's account: `searches_at`"
            )
        return self
