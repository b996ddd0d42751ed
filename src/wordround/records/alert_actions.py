"""Actions on alerts: who did what about which, and when. Added to and never changed; words that were typed can go.

Each action has the number of its alert's actions so far (`version`): who acts says which version was seen, and is
refused where somebody has acted since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import alert_action_words, alert_actions
from wordround.settings import Settings

Event = Literal["acknowledged", "assigned", "noted", "closed", "rebased", "rebase_withdrawn"]
ChangeOutcome = Literal["no_change", "planned", "made"]


@dataclass(frozen=True)
class Action:
    """What somebody does about an alert. `by`: a role or initials, or the login of the machine (`is_login`).

    `acted_on` is the day of what was done, `week_date` the Monday from which a chart starts anew.
    """

    alert_id: str
    series_id: str
    event: Event
    by: str
    is_login: bool = False
    words: str | None = None
    assigned_to: str | None = None
    outcome: ChangeOutcome | None = None
    acted_on: date | None = None
    week_date: date | None = None


@dataclass(frozen=True)
class LoggedAction:
    """An action, its number among those of its alert, and when it was logged."""

    action: Action
    version: int
    at: datetime


class VersionTaken(Exception):
    """Somebody has acted since the version that was seen; `last`: their action."""

    def __init__(self, last: LoggedAction | None) -> None:
        self.last = last


def of_alert(settings: Settings, alert_id: str) -> list[LoggedAction]:
    """All actions on one alert, oldest first."""
    with store.reading(settings) as connection:
        return _read(connection, alert_actions.c.alert_id == alert_id)


def all_actions(settings: Settings) -> list[LoggedAction]:
    """All actions, oldest first."""
    with store.reading(settings) as connection:
        return _read(connection, sa.true())


def log(settings: Settings, action: Action, expected: int) -> LoggedAction:
    """Log an action of somebody who saw version `expected` of the alert (0: nobody had acted); return it as logged.

    Raises VersionTaken, and logs nothing, where the alert has another version now.
    """
    values = {column: getattr(action, column) for column in _COLUMNS}
    with store.writing(settings) as connection:
        so_far = _read(connection, alert_actions.c.alert_id == action.alert_id)
        last = so_far[-1] if so_far else None
        version = last.version if last else 0
        if version != expected:
            raise VersionTaken(last)
        logged = LoggedAction(action, version + 1, datetime.now(UTC))
        row = {**values, "version": logged.version, "at": logged.at}
        action_id: int = connection.execute(
            sa.insert(alert_actions).values(row).returning(alert_actions.c.id)
        ).scalar_one()
        if action.words is not None:
            connection.execute(sa.insert(alert_action_words), {"action_id": action_id, "words": action.words})
    return logged


def forget_words(settings: Settings, alert_id: str, version: int) -> bool:
    """Delete what was typed with an action; who acted, when and how stays. Return whether there was anything.

    The words are in no byte afterwards, also where an earlier call was cut short after deleting.
    """
    if not store.is_there(settings):
        return False
    those = sa.select(alert_actions.c.id).where(
        alert_actions.c.alert_id == alert_id, alert_actions.c.version == version
    )
    with store.writing(settings) as connection:
        found = connection.execute(
            sa.delete(alert_action_words).where(alert_action_words.c.action_id.in_(those))
        ).rowcount
    store.leave_no_trace(settings, alert_action_words)
    return bool(found)


_COLUMNS = (
    "alert_id", "series_id", "event", "by", "is_login", "assigned_to", "outcome", "acted_on", "week_date",
)  # fmt: skip


def _read(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[LoggedAction]:
    select = (
        sa.select(alert_actions, alert_action_words.c.words)
        .outerjoin(alert_action_words, alert_action_words.c.action_id == alert_actions.c.id)
        .where(condition)
        .order_by(alert_actions.c.id)
    )
    return [_logged(row) for row in connection.execute(select)]


def _logged(row: Any) -> LoggedAction:
    values = {column: getattr(row, column) for column in _COLUMNS}
    return LoggedAction(Action(**values, words=row.words), row.version, row.at)


def rebase_weeks(logged: Iterable[LoggedAction]) -> dict[tuple[str, date], LoggedAction]:
    """The rebases in force by alert and week: those that were not taken back since."""
    found: dict[tuple[str, date], LoggedAction] = {}
    for one in logged:
        week = one.action.week_date
        if week is None:
            continue
        if one.action.event == "rebased":
            found[one.action.alert_id, week] = one
        else:
            found.pop((one.action.alert_id, week), None)
    return found
