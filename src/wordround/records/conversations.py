"""Conversations that people declare on the page or by a verb, and tags of which they say that they are none.

Added to and never changed: the last event of a conversation holds. Whether words name somebody is asked before
(`conversations/declaring.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import conversation_events
from wordround.settings import Settings

Event = Literal["declared", "withdrawn", "dismissed"]


@dataclass(frozen=True)
class ConversationEvent:
    """What somebody did. `by`: a role, initials or a login. `what`: the plan without its name, or {"tag": ...}."""

    at: datetime
    by: str
    conversation_id: str | None
    event: Event
    what: dict[str, Any]


class AlreadyDeclared(Exception):
    """The conversation is declared; `first`: by whom and when. Nothing was written."""

    def __init__(self, first: ConversationEvent) -> None:
        self.first = first


def in_force(settings: Settings) -> dict[str, ConversationEvent]:
    """The conversations that are declared and not withdrawn since, by id."""
    with store.reading(settings) as connection:
        return _in_force(connection)


def dismissed(settings: Settings) -> dict[str, ConversationEvent]:
    """The tags that were dismissed, each with the last time that it was."""
    those = conversation_events.c.event == "dismissed"
    with store.reading(settings) as connection:
        return {str(one.what["tag"]): one for one in _read(connection, those)}


def declare(settings: Settings, conversation_id: str, by: str, plan: Mapping[str, Any]) -> ConversationEvent:
    """Declare a conversation. Raises AlreadyDeclared."""
    with store.writing(settings) as connection:
        if first := _in_force(connection).get(conversation_id):
            raise AlreadyDeclared(first)
        return _log(connection, by, "declared", conversation_id, plan)


def withdraw(settings: Settings, conversation_id: str, by: str) -> bool:
    """Withdraw a conversation; False where none of this id is declared."""
    with store.writing(settings) as connection:
        if conversation_id not in _in_force(connection):
            return False
        _log(connection, by, "withdrawn", conversation_id, {})
        return True


def dismiss(settings: Settings, tag: str, by: str) -> ConversationEvent:
    """Say that the traffic of a tag is no conversation."""
    with store.writing(settings) as connection:
        return _log(connection, by, "dismissed", None, {"tag": tag})


def _log(
    connection: sa.Connection, by: str, event: Event, conversation_id: str | None, what: Mapping[str, Any]
) -> ConversationEvent:
    logged = ConversationEvent(datetime.now(UTC), by, conversation_id, event, dict(what))
    connection.execute(sa.insert(conversation_events), vars(logged))
    return logged


def _in_force(connection: sa.Connection) -> dict[str, ConversationEvent]:
    last = {one.conversation_id: one for one in _read(connection, conversation_events.c.conversation_id.is_not(None))}
    return {str(name): one for name, one in last.items() if one.event == "declared"}


def _read(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[ConversationEvent]:
    columns = (conversation_events.c[name] for name in ConversationEvent.__dataclass_fields__)
    rows = connection.execute(sa.select(*columns).where(condition).order_by(conversation_events.c.id))
    return [ConversationEvent(**row._mapping) for row in rows]
