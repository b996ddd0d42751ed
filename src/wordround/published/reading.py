"""Reads what the weekly report and the alerts need from the published warehouse, and nothing else.

Comes in: settings (where the published file lies). Goes out: plain rows of the marts, in a fixed order.
Refuses: any file but the published one; it is opened read-only, and NothingPublished is raised when it is not there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import duckdb

from wordround.errors import NothingPublished
from wordround.published.disclosure import SmallNumbers
from wordround.published.rules import NEEDED, Rules
from wordround.settings import Settings, Trust

Row = dict[str, Any]

RECENT_WEEKS = 12  # a quarter, give or take a week


@dataclass(frozen=True)
class Published:
    """One publication, as far as the report reads it. `week` is the week that the report is about."""

    publication: Row
    rules: Rules
    week: Row
    incomplete_week: Row | None
    services: list[Row]
    service_weeks: dict[str, list[Row]]
    points: dict[str, list[Row]]
    themes: dict[str, list[Row]]
    week_themes: dict[str, list[Row]]
    comments: list[Row] = field(repr=False)
    alerts: list[Row]
    sources: list[Row]
    coverage: list[Row]
    query_days: list[Row]

    @property
    def small_numbers(self) -> SmallNumbers:
        """Which counts must not be shown."""
        return self.rules.small_numbers

    @property
    def recent_from(self) -> date:
        """Monday of the first of the recent weeks."""
        monday: date = self.week["week_date"]
        return monday - timedelta(weeks=RECENT_WEEKS - 1)


def whose(trust: Trust, services: list[Row]) -> str:
    """Name of the trust of the settings where a comment is about one of its services; else of those that have any.

    Settings that were not filled in must not put one trust's name, or "fictional", over another one's patients.
    """
    labels = {service["trust_code"]: str(service["trust_label"]) for service in services if service["comment_count"]}
    return trust.name if trust.code in labels or not labels else " and ".join(labels.values())


@contextmanager
def published_warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse, read-only. Raises NothingPublished when it is missing or cannot be opened."""
    path = settings.published / "wordround.duckdb"
    if not path.is_file():
        raise NothingPublished(f"{path}: nothing has been published yet. `wordround run` loads, builds and publishes.")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise NothingPublished(f"{path}: cannot be opened as a published warehouse. Publish it again.") from error
    try:
        connection.execute("set TimeZone = 'Europe/London'")
        yield connection
    except duckdb.CatalogException as error:
        raise NothingPublished(f"{path}: lacks a table that the report needs. Build and publish it again.") from error
    finally:
        connection.close()


def rows(connection: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[Row]:
    """The answer of a query as one dict a row."""
    answer = connection.execute(query, values)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def read_publication(connection: duckdb.DuckDBPyConnection) -> Row:
    """Build id, time and versions of the publication."""
    found = rows(connection, "select * from meta.publication limit 1")
    return found[0] if found else {}


def read_rules(connection: duckdb.DuckDBPyConnection) -> Rules:
    """The rules that the figures were made by. Raises NothingPublished where one that words rest on is not there."""
    found = rows(connection, "select rule_code, rule_value from meta.rules order by rule_code")
    values = {row["rule_code"]: row["rule_value"] for row in found}
    for name in NEEDED:
        if not values.get(name, "").isdigit():
            raise NothingPublished(
                f"The published warehouse has no whole number for the rule {name} in meta.rules. "
                "Build and publish it again."
            )
    return Rules(values)


def read(settings: Settings) -> Published:
    """Everything the report needs, from one opening of the file, so that it cannot mix two publications."""
    with published_warehouse(settings) as connection:
        week, incomplete = _report_week(connection)
        last: date = week["week_date"]
        recent = last - timedelta(weeks=RECENT_WEEKS - 1)
        return Published(
            publication=read_publication(connection),
            rules=read_rules(connection),
            week=week,
            incomplete_week=incomplete,
            services=rows(connection, _SERVICES),
            service_weeks=_by_service(rows(connection, _SERVICE_WEEKS, last)),
            points=_by_service(rows(connection, _POINTS, last)),
            themes=_by_service(rows(connection, _THEMES, recent, last)),
            week_themes=_by_service(rows(connection, _WEEK_THEMES, last)),
            comments=rows(connection, COMMENTS.format(condition="comments.week_date = ?"), last),
            alerts=rows(connection, "select * from marts.fct_alerts order by opened_week_date, alert_id"),
            sources=rows(connection, "select * from marts.dim_sources order by source_code"),
            coverage=rows(connection, _COVERAGE, recent),
            query_days=rows(connection, _QUERY_DAYS, recent, week["week_end_date"]),
        )


@dataclass(frozen=True)
class Episodes:
    """The published alert episodes, the last week that has data, services, sources, and the weeks alerted on."""

    publication: Row
    rules: Rules
    last_week: date | None
    alerts: list[Row]
    services: list[Row]
    sources: list[Row]
    service_weeks: dict[str, list[Row]]
    points: dict[str, list[Row]]

    def label(self, service_id: str) -> str | None:
        """The service's name, or None where it is no longer listed."""
        return next((row["service_label"] for row in self.services if row["service_id"] == service_id), None)


def read_episodes(settings: Settings) -> Episodes:
    """What `alerts` compares with its log; weeks and points only of services that have an episode."""
    with published_warehouse(settings) as connection:
        last = rows(connection, "select max(week_date) as week_date from marts.dim_weeks")
        return Episodes(
            publication=read_publication(connection),
            rules=read_rules(connection),
            last_week=last[0]["week_date"],
            alerts=rows(connection, "select * from marts.fct_alerts order by opened_week_date, alert_id"),
            services=rows(connection, "select * from marts.dim_services order by trust_label, service_id"),
            sources=rows(connection, "select * from marts.dim_sources order by source_code"),
            service_weeks=_by_service(rows(connection, _EPISODE_WEEKS.format(table="fct_service_weeks"))),
            points=_by_service(rows(connection, _EPISODE_WEEKS.format(table="fct_control_chart_points"))),
        )


def _report_week(connection: duckdb.DuckDBPyConnection) -> tuple[Row, Row | None]:
    """The last complete week, and the week after it where that has begun."""
    weeks = rows(connection, "select * from marts.dim_weeks order by week_date desc")
    if not weeks:
        raise NothingPublished("The published warehouse holds no week of data yet. Load comments and publish again.")
    complete = [week for week in weeks if week["is_complete"]]
    week = complete[0] if complete else weeks[0]
    later = [other for other in weeks if other["week_date"] > week["week_date"]]
    if not complete:
        return week, week
    return week, later[-1] if later else None


def _by_service(found: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in found:
        grouped.setdefault(row["service_id"], []).append(row)
    return grouped


_SERVICES = """
select * from marts.dim_services
where comment_count > 0
order by trust_label, lower(service_label), lower(site_label), service_id
"""

_SERVICE_WEEKS = """
select * from marts.fct_service_weeks where week_date <= ? order by service_id, week_date
"""

_EPISODE_WEEKS = """
select * from marts.{table}
where service_id in (select service_id from marts.fct_alerts)
order by service_id, week_date
"""

_POINTS = """
select * from marts.fct_control_chart_points
where measure_code = 'negative_share' and week_date <= ?
order by service_id, week_date
"""

_WEEK_THEMES = """
select * from marts.fct_service_theme_weeks where week_date = ? order by service_id, theme_code
"""

# A comment of a source that the list of sources does not hold is not read: nobody has said what its terms are.
COMMENTS = """
select
    comments.comment_id,
    comments.service_id,
    comments.week_date,
    comments.source_code,
    comments.kind,
    comments.comment_text,
    comments.sentiment_label,
    comments.theme_codes,
    comments.is_nothing_to_improve,
    comments.is_withheld,
    comments.updated_at,
    sources.source_label,
    sources.is_social
from marts.fct_comments as comments
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
where comments.is_counted and {condition}
order by comments.comment_id
"""

# Theme counts are added up before they leave the database: the report never shows a theme's single week.
_THEMES = """
select
    weeks.service_id,
    themes.theme_code,
    themes.theme_label,
    sum(weeks.comment_count)::bigint as comment_count,
    sum(weeks.negative_count)::bigint as negative_count
from marts.fct_service_theme_weeks as weeks
inner join marts.dim_themes as themes on weeks.theme_code = themes.theme_code
where weeks.week_date between ? and ?
group by weeks.service_id, themes.theme_code, themes.theme_label, themes.sort_order
having sum(weeks.comment_count) > 0
order by weeks.service_id, comment_count desc, themes.sort_order
"""

_QUERY_DAYS = """
select source_code, query_id, query_label, posted_date, was_answered, is_gap, cut_reason, error_code
from marts.fct_query_days
where posted_date between ? and ?
order by source_code, query_id, posted_date
"""

_COVERAGE = """
select * from marts.fct_source_coverage where logical_date >= ? order by source_code, logical_date
"""
