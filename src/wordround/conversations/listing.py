"""The conversations that there are, for a terminal and `--json`: how each stands, and tags that may be more of them."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Literal

from wordround.conversation_plans import LONDON
from wordround.conversations import declared
from wordround.conversations.declared import Declared, State
from wordround.errors import NothingPublished
from wordround.outcomes import Outcome
from wordround.plain_text import tag_key
from wordround.published.conversations import Surge, surges
from wordround.published.database import published_warehouse
from wordround.records import conversations
from wordround.settings import Settings


class Line(Outcome):
    """One conversation. Moments are in UTC; `by`: who declared it, where the settings do not."""

    conversation_id: str
    label: str
    state: State
    tags: tuple[str, ...]
    hosts: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    baseline_days: int
    sources: tuple[str, ...]
    declared_in: Literal["settings", "records"]
    by: str | None


class Proposal(Outcome):
    """A tag whose traffic rose on a day; nobody has declared it, or dismissed it since."""

    tag: str
    posted_date: date
    post_count: int
    times_usual: float


class Listed(Outcome):
    """Conversations, the last first. `overruled`: names that people declared too, and the settings hold.

    `proposed`: tags of the last publication for somebody to declare or dismiss. `dismissed`: tags that are no
    conversation. `refused`: what is wrong with a declaration.
    """

    conversations: tuple[Line, ...]
    proposed: tuple[Proposal, ...]
    overruled: tuple[str, ...]
    dismissed: tuple[str, ...]
    refused: tuple[str, ...]


def listed(settings: Settings, now: datetime) -> Listed:
    """Return the conversations as they stand. Raises RecordsFailed, RegistryInvalid, PublicationUnusable."""
    return Listed(
        conversations=tuple(_line(one, now) for one in reversed(declared.known(settings))),
        proposed=tuple(_proposed(settings)),
        overruled=tuple(declared.overruled(settings)),
        dismissed=tuple(sorted(conversations.dismissed(settings))),
        refused=tuple(declared.faults(settings)),
    )


def awaited(settings: Settings, published: Collection[str], now: datetime) -> list[Line]:
    """Return the conversations that the publication does not have yet, the last first. Raises as `declared.known`."""
    return [_line(one, now) for one in reversed(declared.known(settings)) if one.conversation_id not in published]


def _line(one: Declared, now: datetime) -> Line:
    own = {name: getattr(one, name) for name in Line.model_fields if name != "state"}
    return Line(**own, state=one.state(now))


def _proposed(settings: Settings) -> list[Proposal]:
    try:
        with published_warehouse(settings) as connection:
            found = surges(connection)
    except NothingPublished:
        return []
    return proposed(settings, found)


def proposed(settings: Settings, found: Iterable[Surge]) -> list[Proposal]:
    """Return the tags that rose after somebody last said that they are no conversation."""
    last = {tag_key(tag): one.at.astimezone(LONDON).date() for tag, one in conversations.dismissed(settings).items()}
    return [
        Proposal(**{name: getattr(one, name) for name in Proposal.model_fields})
        for one in found
        if (key := tag_key(one.tag)) not in last or last[key] < one.posted_date
    ]
