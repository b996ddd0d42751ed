"""What watches each service, whether its voice fades, and why an episode moved: read for the report.

How a change divides is exact (fct_alert_changes): its parts add up to the whole. Parts that rest on small numbers are
left out here, and what is told of the others is rounded to whole points.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

import duckdb

from wordround.published.database import rows
from wordround.published.quarter import by_service
from wordround.published.tables import ThemeName


@dataclass(frozen=True)
class ServiceWatch:
    """What watches one service, in words; `voice_code`: whether as many people are heard as usual."""

    TABLE: ClassVar = "marts.fct_service_watch"

    service_id: str
    watched_by: str
    voice_code: str
    is_monitored: bool
    is_fading: bool


@dataclass(frozen=True)
class AlertChange:
    """One part of the change of an episode: within the part, and by its weight in the mix. Shares, 0 to 1."""

    TABLE: ClassVar = "marts.fct_alert_changes"

    alert_id: str
    dimension_code: str
    part_code: str
    within_change: float
    mix_change: float
    whole_change: float
    is_small: bool


@dataclass(frozen=True)
class AlertWord:
    """A word that rose in the negative comments of an episode."""

    TABLE: ClassVar = "marts.fct_alert_words"

    alert_id: str
    word: str


@dataclass(frozen=True)
class Rebase:
    """From this week on a service's chart has new limits, and why."""

    TABLE: ClassVar = "marts.fct_rebases"

    service_id: str
    rebase_date: date
    reason: str | None


@dataclass(frozen=True)
class DoneAction:
    """What was said to be done about an alert, and what became of it; the last word of each alert."""

    TABLE: ClassVar = "marts.fct_actions"

    alert_id: str
    service_id: str | None
    outcome_code: str | None
    action_text: str | None
    answer_label: str | None
    acted_date: date


@dataclass(frozen=True)
class Handling:
    """Alerts of one direction that opened in the year up to a week, and how many of them led to a change."""

    TABLE: ClassVar = "marts.fct_alert_handling"

    direction: str
    alert_count: int
    changed_count: int
    last_week_date: date


@dataclass(frozen=True)
class SourceWeeks:
    """The first and the last week in which a source brought a comment on a service that counts."""

    TABLE: ClassVar = "marts.fct_comments"

    service_id: str
    source_label: str
    first_week_date: date
    last_week_date: date


@dataclass(frozen=True)
class Watching:
    """By service, what watches it; by episode, its parts and words; by code, what themes are called.

    `done`: all that was done, about services and about totals. `handling`: what came of the alerts of a year.
    """

    services: dict[str, ServiceWatch] = field(default_factory=dict)
    changes: dict[str, list[AlertChange]] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    rebases: dict[str, list[Rebase]] = field(default_factory=dict)
    source_weeks: dict[str, list[SourceWeeks]] = field(default_factory=dict)
    actions: dict[str, list[DoneAction]] = field(default_factory=dict)
    done: list[DoneAction] = field(default_factory=list)
    handling: list[Handling] = field(default_factory=list)


def read(connection: duckdb.DuckDBPyConnection) -> Watching:
    """Read what watches and why it moved."""
    changes: dict[str, list[AlertChange]] = defaultdict(list)
    for change in rows(connection, _CHANGES, AlertChange):
        if not change.is_small:
            changes[change.alert_id].append(change)
    words: dict[str, list[str]] = defaultdict(list)
    for word in rows(connection, "select * from marts.fct_alert_words order by alert_id, word_rank", AlertWord):
        words[word.alert_id].append(word.word)
    watched = rows(connection, "select * from marts.fct_service_watch order by service_id", ServiceWatch)
    names = rows(connection, "select * from marts.dim_themes order by theme_code", ThemeName)
    done, actions = rows(connection, _ACTIONS, DoneAction), defaultdict(list)
    for each in done:
        if each.service_id is not None:
            actions[each.service_id].append(each)
    return Watching(
        {each.service_id: each for each in watched},
        dict(changes),
        dict(words),
        {each.theme_code: each.theme_label for each in names},
        by_service(rows(connection, _REBASES, Rebase)),
        by_service(rows(connection, _SOURCE_WEEKS, SourceWeeks)),
        dict(actions),
        done,
        rows(connection, "select * from marts.fct_alert_handling order by direction", Handling),
    )


_REBASES = "select * from marts.fct_rebases where measure_code = 'negative_share' order by service_id, rebase_date"

_ACTIONS = """
select * from marts.fct_actions
where is_in_force and acted_date is not null
order by acted_date, action_id
"""

_SOURCE_WEEKS = """
select
    comments.service_id,
    sources.source_label,
    min(comments.week_date) as first_week_date,
    max(comments.week_date) as last_week_date
from marts.fct_comments as comments
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
where comments.is_counted
group by comments.service_id, sources.source_label
-- One comment is no source that came or went.
having count(*) >= 20
order by comments.service_id, sources.source_label
"""


_CHANGES = """
select * from marts.fct_alert_changes
order by alert_id, dimension_code, abs(whole_change) desc, part_code
"""
