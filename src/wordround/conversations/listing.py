"""The conversations that there are, for a terminal, `--json` and the page: how each stands and who declared it."""

from datetime import datetime
from typing import Literal

from wordround.conversations import declared
from wordround.conversations.declared import Declared, State
from wordround.outcomes import Outcome
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


class Listed(Outcome):
    """Conversations, the last first. `overruled`: names that people declared too, and the settings hold.

    `dismissed`: tags that are no conversation. `refused`: what is wrong with a declaration.
    """

    conversations: tuple[Line, ...]
    overruled: tuple[str, ...]
    dismissed: tuple[str, ...]
    refused: tuple[str, ...]


def listed(settings: Settings, now: datetime) -> Listed:
    """Return the conversations as they stand. Raises RecordsFailed, RegistryInvalid."""
    return Listed(
        conversations=tuple(_line(one, now) for one in reversed(declared.known(settings))),
        overruled=tuple(declared.overruled(settings)),
        dismissed=tuple(sorted(conversations.dismissed(settings))),
        refused=tuple(declared.faults(settings)),
    )


def _line(one: Declared, now: datetime) -> Line:
    own = {name: getattr(one, name) for name in Line.model_fields if name != "state"}
    return Line(**own, state=one.state(now))
