"""Notices: what was told of which alert, with the figures that it was told with."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import notices
from wordround.settings import Settings

Event = Literal["opened", "updated", "closed", "withdrawn", "known"]
What = Literal["restated", "reopened"]

_DATES = ("since_week", "opened_week")


@dataclass(frozen=True)
class Figures:
    """What may be said about an episode: labels and whole percentages, None where hidden. Weeks are their Mondays.

    negative, comments: of the weeks since it began, as issued; restated_*: what they would be today.
    leading: the themes that make most of the change. is_of_theme: the negative ones are those that criticise a theme.
    """

    subject: str
    direction: str
    status: str
    since_week: date
    opened_week: date
    negative: str | None
    comments: str | None
    expected: int
    once_in_years: int
    explained_by: str | None = None
    leading: str | None = None
    restated_negative: str | None = None
    restated_comments: str | None = None
    is_of_theme: bool = False


@dataclass(frozen=True)
class Notice:
    """One notice of one alert. `what` is said of an update; `before` are the figures that it restates."""

    alert_id: str
    event: Event
    figures: Figures
    is_told: bool = True
    what: What | None = None
    before: Figures | None = None


@dataclass(frozen=True)
class LoggedNotice:
    """A notice, when it was logged, and of which build. Whom it was told to: records/deliveries."""

    notice: Notice
    at: datetime
    build_id: str | None


def logged(settings: Settings) -> list[LoggedNotice]:
    """All notices of the rule that decides, in the order in which they were logged.

    Those of control charts, which decided before it, stay in the store and are of other episodes.
    """
    with store.reading(settings) as connection:
        rows = connection.execute(sa.select(notices).order_by(notices.c.id)).all()
    return [
        LoggedNotice(
            Notice(
                row.alert_id, row.event, _read(row.figures), row.is_told, row.what, row.before and _read(row.before)
            ),
            row.at,
            row.build_id,
        )
        for row in rows
        if set(_DATES) <= set(row.figures)
    ]


def log(settings: Settings, due: Iterable[Notice], build_id: str | None) -> None:
    """Log notices, all or none."""
    at = datetime.now(UTC)
    rows = [
        {
            "at": at,
            "alert_id": notice.alert_id,
            "event": notice.event,
            "is_told": notice.is_told,
            "what": notice.what,
            "figures": _written(notice.figures),
            "before": notice.before and _written(notice.before),
            "build_id": build_id,
        }
        for notice in due
    ]
    if rows:
        with store.writing(settings) as connection:
            connection.execute(sa.insert(notices), rows)


def _written(figures: Figures) -> dict[str, str | int | None]:
    values = asdict(figures)
    return values | {name: values[name].isoformat() for name in _DATES}


def _read(values: dict[str, Any]) -> Figures:
    return Figures(**values | {name: date.fromisoformat(values[name]) for name in _DATES})
