"""Terms: what the terms and the nature of a source allow, one record a source, declared in its package.

Landing, the driver, retention and the reports obey it; docs/sources.md shows it as a table.
"""

from dataclasses import dataclass
from typing import Literal

DeletionCheck = Literal["asks the source", "feed of removals", "list from the trust", "none"]


@dataclass(frozen=True)
class SourceTerms:
    """What may be kept of a source, and what must be.

    `keeps_author_key`: distinct voices may be counted, by a keyed hash that holds within one week. `needs_locator`: a
    server can be asked what was deleted; then native ids go to the vault, for `locator_days`. `may_quote_verbatim`: a
    report may show its words. `is_social`: a social medium, not a place for reviews or stories. `locates_author`: the
    vault may hold the author's id beside that of the post. `longest_retention_days`: for how long the terms let the
    text be kept, whatever governance says; None where they set no limit. `allows_derived_metrics`: sentiment and themes
    may be made of it without an agreement that a setting must confirm. `may_show_text`: analysts may read its words;
    else they are only counted. `deletion_check`: how a deletion at the source is found. `checked_within_days`: within
    how many days the terms want it honoured. `reads`, `refuses`: for the page of sources. `search_shows`: which posts
    with a hashtag its search shows rather than others, for sources that are asked by hashtag.
    """

    keeps_author_key: bool
    needs_locator: bool
    locator_days: int
    may_quote_verbatim: bool
    is_social: bool
    locates_author: bool = True
    longest_retention_days: int | None = None
    allows_derived_metrics: bool = True
    may_show_text: bool = True
    deletion_check: DeletionCheck = "list from the trust"
    checked_within_days: int | None = None
    reads: str = ""
    refuses: str = ""
    search_shows: str = ""
