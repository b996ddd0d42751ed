"""The whole board: every service by group of themes, each cell what the charts behind it say; and what came of alerts.

A cell is the most pressing state of its charts. It tells no number, so that it can be shown to everybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import duckdb

from wordround.published.database import rows
from wordround.published.disclosure import percent
from wordround.published.reading import Published
from wordround.published.tables import AlertEpisode
from wordround.published.theme_trends import PATIENT_EXPERIENCE, CodedTheme
from wordround.published.wording import VARIATION, in_words, listed

# What a chart can say, the most pressing first.
STATES = {
    "concern": VARIATION["concern"],
    "watch": "Watched",
    "improvement": VARIATION["improvement"],
    "common_cause": VARIATION["common_cause"],
    "not_monitored": "Not monitored",
}
_ORDER = list(STATES)


@dataclass(frozen=True)
class WatchedSeries:
    """One series in the last week, and whether the rule that decides watches it."""

    TABLE: ClassVar = "marts.fct_decision_weeks"

    service_id: str | None
    theme_code: str | None
    is_monitored: bool


@dataclass(frozen=True)
class Handled:
    """Alerts of one direction in the last year, and what came of them."""

    TABLE: ClassVar = "marts.fct_alert_handling"

    direction: str
    alert_count: int
    seen_count: int
    changed_count: int
    planned_count: int
    unchanged_count: int

    @property
    def words(self) -> str:
        """The same as a sentence."""
        told = f"{in_words(self.alert_count)} {'alert' if self.alert_count == 1 else 'alerts'}"
        if not self.alert_count:
            return f"{self.name}: no alert."
        waits = self.alert_count - self.seen_count
        changed = in_words(self.changed_count) if self.changed_count else "none"
        parts = [f"{changed} led to a change ({percent(self.changed_count / self.alert_count)})"]
        if self.planned_count:
            parts.append(f"for {in_words(self.planned_count)} one is planned")
        if self.unchanged_count:
            parts.append(f"{in_words(self.unchanged_count)} led to none")
        if waits:
            parts.append(f"{in_words(waits)} {'waits' if waits == 1 else 'wait'} to be seen")
        return f"{self.name}: {told}, of which {listed(parts)}."

    @property
    def name(self) -> str:
        """What the alerts are of."""
        return "Concerns" if self.direction == "concern" else "Improvements"


@dataclass(frozen=True)
class Board:
    """The states of the cells by service and group of themes; None is all services, "" all comments of a service."""

    groups: list[CodedTheme]
    cells: Mapping[tuple[str | None, str], str]

    def state(self, service_id: str | None, group: str = "") -> str:
        """What the charts of a cell say."""
        return self.cells.get((service_id, group), "not_monitored")


def read(connection: duckdb.DuckDBPyConnection, published: Published, coded: Mapping[str, CodedTheme]) -> Board:
    """Read the board of the last week of a publication."""
    majors = {code: theme.major_code for code, theme in coded.items() if theme.frame_code == PATIENT_EXPERIENCE}
    cells: dict[tuple[str | None, str], str] = {}

    def say(service_id: str | None, theme_code: str | None, state: str) -> None:
        place = service_id, majors.get(theme_code, theme_code) if theme_code else ""
        cells[place] = min(cells.get(place, "not_monitored"), state, key=_ORDER.index)

    for series in rows(connection, _SERIES, WatchedSeries, published.week.week_date):
        say(series.service_id, series.theme_code, "common_cause" if series.is_monitored else "not_monitored")
    for alert in published.alerts:
        if alert.status == "open":
            say(alert.service_id, alert.theme_code, _state(alert))
    groups = [theme for theme in coded.values() if theme.is_major and theme.frame_code == PATIENT_EXPERIENCE]
    return Board(groups, cells)


def handling(connection: duckdb.DuckDBPyConnection) -> Sequence[Handled]:
    """What came of the alerts of the last year, concerns first."""
    return rows(connection, "select * from marts.fct_alert_handling order by direction", Handled)


def _state(alert: AlertEpisode) -> str:
    return alert.direction if alert.tier_code == "alert" else "watch"


_SERIES = "select * from marts.fct_decision_weeks where week_date = ? order by series_id"
