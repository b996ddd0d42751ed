"""What the rule that decides saw of one series week by week, and what became of actions: for the page of an alert."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb

from wordround.published.database import rows
from wordround.published.disclosure import percent
from wordround.published.figures import CHART_WEEKS, Point
from wordround.published.tables import ActionAnswer


@dataclass(frozen=True)
class DecisionWeek:
    """One week of a series: counts, and the share that the rule expected."""

    TABLE: ClassVar = "marts.fct_decision_weeks"

    week_date: date
    comment_count: int
    negative_count: int
    negative_share: float | None
    expected_share: float | None
    is_concern_open: bool
    is_improvement_open: bool


def points(connection: duckdb.DuckDBPyConnection, series_id: str) -> list[Point]:
    """The latest weeks of a series as points of a chart, with the expected share as its line.

    Small numbers are in it: it is for those who may see them.
    """
    query = "select * from marts.fct_decision_weeks where series_id = ? order by week_date desc limit ?"
    weeks = rows(connection, query, DecisionWeek, series_id, CHART_WEEKS)
    return [_point(week) for week in reversed(weeks)]


def answers(connection: duckdb.DuckDBPyConnection, alert_id: str) -> dict[int, str]:
    """What became of what was said of an alert, by the version that said it."""
    query = "select * from marts.fct_actions where alert_id = ?"
    found = rows(connection, query, ActionAnswer, alert_id)
    return {each.action_version: each.answer_label for each in found if each.answer_label}


def theme_series(connection: duckdb.DuckDBPyConnection, theme_code: str, service_id: str | None) -> str | None:
    """The series of a theme in one service, or over all of a trust; None where there is none, or several trusts."""
    query = """
    select distinct series_id
    from marts.fct_decision_weeks
    where theme_code = ? and service_id is not distinct from ?
    """
    found = connection.execute(query, [theme_code, service_id]).fetchall()
    return str(found[0][0]) if len(found) == 1 else None


def all_answers(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, int], str]:
    """What became of whatever was said of any alert, by the alert and the version that said it."""
    found = rows(connection, "select * from marts.fct_actions", ActionAnswer)
    return {(each.alert_id, each.action_version): each.answer_label for each in found if each.answer_label}


def _point(week: DecisionWeek) -> Point:
    kind = "concern" if week.is_concern_open else "improvement" if week.is_improvement_open else "common_cause"
    share = week.negative_share if week.comment_count else None
    return Point(
        week=week.week_date,
        comments=f"{week.comment_count:,}",
        value=share,
        share=None if share is None else percent(share),
        kind=kind,
        is_hidden=False,
        mean=week.expected_share,
        lower=None,
        upper=None,
    )
