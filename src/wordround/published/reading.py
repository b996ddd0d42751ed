"""Reads what the weekly report, the quotes and the alerts need from the published warehouse, and nothing else.

One opening of the file serves one reading, so that it cannot mix two publications; rows come in a fixed order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb

from wordround.errors import NothingPublished, PublicationUnusable
from wordround.published import comparisons, periods, quarter, watching, windows, wording
from wordround.published.database import published_warehouse, rows
from wordround.published.disclosure import SmallNumbers
from wordround.published.quarter import by_service
from wordround.published.rules import NEEDED, Rules
from wordround.published.tables import (
    AlertEpisode,
    ChartPoint,
    Coverage,
    LeadingTheme,
    ModelSwitch,
    OwnReading,
    Publication,
    PublishedComment,
    QueryDay,
    Rule,
    Service,
    ServiceWeek,
    Source,
    ThemeCount,
    ThemeExample,
    ThemeName,
    ThemeWeek,
    Week,
)
from wordround.settings import Settings, Trust


@dataclass(frozen=True)
class Published:
    """One publication, as far as the report reads it.

    `week`: the week that the report is about, or the last one of its month or quarter; `period`: that one's figures.
    """

    publication: Publication
    rules: Rules
    week: Week
    incomplete_week: Week | None
    services: list[Service]
    service_weeks: dict[str, list[ServiceWeek]]
    points: dict[str, list[ChartPoint]]
    themes: dict[str, list[ThemeCount]]
    week_themes: dict[str, list[ThemeWeek]]
    comments: list[PublishedComment] = field(repr=False)
    alerts: list[AlertEpisode]
    sources: list[Source]
    coverage: list[Coverage]
    query_days: list[QueryDay]
    own_reading: OwnReading | None
    model_switches: list[ModelSwitch]
    examples: dict[str, list[ThemeExample]] = field(repr=False)
    quarter: quarter.Quarter
    watching: watching.Watching
    window: windows.Window
    period: comparisons.PeriodFigures | None = None

    @property
    def small_numbers(self) -> SmallNumbers:
        """Which counts must not be shown."""
        return self.rules.small_numbers

    @property
    def recent_weeks(self) -> list[ServiceWeek]:
        """The weeks of all services that the report looks over."""
        return [week for weeks in self.service_weeks.values() for week in weeks if self.window.has(week.week_date)]


def trust_name(trust: Trust, services: Sequence[Service]) -> str:
    """Name of the trust of the settings where a comment is about one of its services; else of those that have any.

    Settings that were not filled in must not put one trust's name, or "fictional", over another one's patients.
    """
    labels = {service.trust_code: str(service.trust_label) for service in services if service.comment_count}
    return trust.name if trust.code in labels or not labels else " and ".join(labels.values())


def read_publication(connection: duckdb.DuckDBPyConnection) -> Publication:
    """Build id, time and versions of the publication."""
    found = rows(connection, "select * from meta.publication", Publication)
    if len(found) != 1:
        raise PublicationUnusable(f"meta.publication of the published warehouse has {len(found)} rows, not one.")
    return found[0]


def read_rules(connection: duckdb.DuckDBPyConnection) -> Rules:
    """The rules that the figures were made by. Raises PublicationUnusable where one that words rest on is not there."""
    found = rows(connection, "select * from meta.rules order by rule_code", Rule)
    values = {rule.rule_code: rule.rule_value for rule in found}
    for name in NEEDED:
        if not values.get(name, "").isdigit():
            raise PublicationUnusable(f"meta.rules of the published warehouse has no whole number for {name}.")
    return Rules(values)


def read(settings: Settings, asked: periods.Asked | None = None) -> Published:
    """Everything a report needs, from one opening of the file, so that it cannot mix two publications.

    asked: the month or quarter that it is about; without one, the last complete week. Raises NothingPublished,
    PublicationUnusable, and MonthNotThere where that month or quarter cannot be reported.
    """
    with published_warehouse(settings) as connection:
        return read_from(connection, asked)


def read_from(connection: duckdb.DuckDBPyConnection, asked: periods.Asked | None = None) -> Published:
    """The same from a publication that is open."""
    reported = periods.read(connection, asked) if asked else None
    week, incomplete = (_last_week(connection, reported), None) if reported else _report_week(connection)
    window = reported.window if reported else windows.recent(week.week_date)
    last, span = week.week_date, (window.first, window.last)
    alerts = rows(connection, _ALERTS, AlertEpisode)
    service_weeks = by_service(rows(connection, _SERVICE_WEEKS, ServiceWeek, last))
    this_week = COMMENTS.format(condition="comments.week_date = ?")
    return Published(
        publication=read_publication(connection),
        rules=read_rules(connection),
        week=week,
        incomplete_week=incomplete,
        services=rows(connection, _SERVICES, Service),
        service_weeks=service_weeks,
        points=by_service(rows(connection, _POINTS, ChartPoint, last)),
        themes=by_service(rows(connection, _THEMES, ThemeCount, *span)),
        # Of a month or a quarter no week is quoted: examples of themes carry none.
        week_themes={} if reported else by_service(rows(connection, _WEEK_THEMES, ThemeWeek, last)),
        comments=[] if reported else rows(connection, this_week, PublishedComment, last),
        alerts=periods.as_of(alerts, last) if reported else alerts,
        sources=rows(connection, _SOURCES, Source),
        coverage=rows(connection, _COVERAGE, Coverage, window.first),
        query_days=rows(connection, _QUERY_DAYS, QueryDay, window.first, week.week_end_date),
        own_reading=next(iter(rows(connection, "select * from meta.own_reading", OwnReading)), None),
        model_switches=rows(connection, _MODEL_SWITCHES, ModelSwitch, window.first),
        examples=by_service(rows(connection, _EXAMPLES, ThemeExample, *span)),
        watching=watching.read(connection),
        quarter=quarter.read(
            connection,
            _THEMES,
            (window.before_first, window.before_last),
            span,
            reported.year_before.weeks if reported and reported.year_before else None,
        ),
        window=window,
        period=comparisons.read(connection, reported, service_weeks, alerts) if reported else None,
    )


@dataclass(frozen=True)
class Episodes:
    """The published alert episodes, the last week that has data, and what their services and themes are called.

    leading: by alert, the themes that make most of its change, where there are any.
    """

    publication: Publication
    rules: Rules
    last_week: date | None
    alerts: list[AlertEpisode]
    services: list[Service]
    sources: list[Source]
    themes: dict[str, ThemeName]
    leading: dict[str, list[str]]

    def subject(self, alert: AlertEpisode) -> str:
        """What an alert is about, in words."""
        services = {each.service_id: each.service_label for each in self.services}
        themes = {code: each.theme_label for code, each in self.themes.items()}
        trust = wording.trust_of(alert.trust_code, {each.trust_code: each.trust_label for each in self.services})
        return wording.subject(alert.service_id, alert.theme_code, services, themes, trust)

    def heading(self, alert: AlertEpisode) -> str:
        """What an alert says, as a heading."""
        return wording.heading(self.subject(alert), alert.direction, alert.theme_code is not None)

    def theme_codes(self, alert: AlertEpisode) -> frozenset[str]:
        """The codes that an alert can be asked for by: of its theme, and of the major one that it belongs to."""
        if alert.theme_code is None:
            return frozenset()
        theme = self.themes.get(alert.theme_code)
        return frozenset({alert.theme_code, theme.major_code if theme else alert.theme_code})


def read_episodes(settings: Settings) -> Episodes:
    """What `alerts` compares with its log."""
    with published_warehouse(settings) as connection:
        return episodes_from(connection)


def episodes_from(connection: duckdb.DuckDBPyConnection) -> Episodes:
    """The same from a publication that is open."""
    weeks = rows(connection, _WEEKS, Week)
    return Episodes(
        publication=read_publication(connection),
        rules=read_rules(connection),
        last_week=weeks[0].week_date if weeks else None,
        alerts=rows(connection, _ALERTS, AlertEpisode),
        services=rows(connection, "select * from marts.dim_services order by trust_label, service_id", Service),
        sources=rows(connection, _SOURCES, Source),
        themes={
            each.theme_code: each
            for each in rows(connection, "select * from marts.dim_themes order by theme_code", ThemeName)
        },
        leading=_listed(rows(connection, _LEADING_THEMES, LeadingTheme)),
    )


def _listed(themes: list[LeadingTheme]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in themes:
        found.setdefault(each.alert_id, []).append(each.theme_label)
    return found


def _report_week(connection: duckdb.DuckDBPyConnection) -> tuple[Week, Week | None]:
    """The last complete week, and the week after it where that has begun."""
    weeks = rows(connection, _WEEKS, Week)
    if not weeks:
        raise NothingPublished("The published warehouse holds no week of data yet. Load comments and publish again.")
    complete = [week for week in weeks if week.is_complete]
    week = complete[0] if complete else weeks[0]
    later = [other for other in weeks if other.week_date > week.week_date]
    if not complete:
        return week, week
    return week, later[-1] if later else None


def _last_week(connection: duckdb.DuckDBPyConnection, reported: periods.Reported) -> Week:
    """The last week of a month or quarter."""
    (week,) = rows(connection, "select * from marts.dim_weeks where week_date = ?", Week, reported.period.weeks[1])
    return week


_WEEKS = "select * from marts.dim_weeks order by week_date desc"

_SOURCES = "select * from marts.dim_sources order by source_code"

# Of each alert the two themes that make most of its change, a point at least; none that rests on small numbers.
_LEADING_THEMES = """
select
    changes.alert_id,
    themes.theme_label,
    changes.whole_change * case alerts.direction when 'concern' then 1 else -1 end as size
from marts.fct_alert_changes as changes
inner join marts.fct_alerts as alerts on changes.alert_id = alerts.alert_id
inner join marts.dim_themes as themes on changes.part_code = themes.theme_code
where changes.dimension_code = 'theme' and not changes.is_small and size >= 0.01
qualify row_number() over (partition by changes.alert_id order by size desc, themes.theme_label) <= 2
order by changes.alert_id, size desc, themes.theme_label
"""

_ALERTS = "select * from marts.fct_alerts order by opened_week_date, alert_id"

_SERVICES = """
select * from marts.dim_services
where comment_count > 0
order by trust_label, lower(service_label), lower(site_label), service_id
"""

_SERVICE_WEEKS = """
select * from marts.fct_service_weeks where week_date <= ? order by service_id, week_date
"""

_POINTS = """
select * from marts.fct_control_chart_points
where measure_code = 'negative_share' and week_date <= ?
order by service_id, week_date
"""

_WEEK_THEMES = """
select weeks.*
from marts.fct_service_theme_weeks as weeks
inner join marts.dim_themes as themes on weeks.theme_code = themes.theme_code
where weeks.week_date = ? and themes.frame_code = 'patient_experience' and themes.level = 'major'
order by weeks.service_id, weeks.theme_code
"""

# A comment of a source that the list of sources does not hold is not read: nobody has said what its terms are. One in
# another language, or of placeholders only, has no sentiment and is not quoted.
COMMENTS = """
select
    comments.*,
    sources.is_social
from marts.fct_comments as comments
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
where
    comments.is_counted
    and coalesce(comments.labelled_by, '') not in ('other_language', 'no_words')
    and {condition}
order by comments.comment_id
"""

# Examples of minor themes are those of the major one.
_EXAMPLES = """
select
    comments.*,
    sources.is_social,
    themes.major_code as theme_code,
    examples.polarity,
    examples.example_rank
from marts.fct_theme_examples as examples
inner join marts.dim_themes as themes on examples.theme_code = themes.theme_code
inner join marts.fct_comments as comments on examples.comment_id = comments.comment_id
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
where
    comments.is_counted
    and coalesce(comments.labelled_by, '') not in ('other_language', 'no_words')
    and comments.week_date between ? and ?
    and themes.frame_code = 'patient_experience'
order by comments.service_id, examples.example_rank, comments.week_date desc, comments.comment_id
"""

# Reports speak of the major themes of patient experience. Their counts are added up before they leave the database: the
# report never shows a theme's single week.
_THEMES = """
select
    weeks.service_id,
    themes.theme_code,
    themes.theme_label,
    sum(weeks.comment_count)::bigint as comment_count,
    sum(weeks.negative_count)::bigint as negative_count,
    sum(weeks.positive_count)::bigint as positive_count
from marts.fct_service_theme_weeks as weeks
inner join marts.dim_themes as themes on weeks.theme_code = themes.theme_code
where
    weeks.week_date between ? and ?
    and themes.frame_code = 'patient_experience'
    and themes.level = 'major'
group by weeks.service_id, themes.theme_code, themes.theme_label, themes.sort_order
having sum(weeks.comment_count) > 0
order by weeks.service_id, comment_count desc, themes.sort_order
"""

_MODEL_SWITCHES = "select * from marts.fct_model_switches where switched_at >= ? order by switched_at, task_code"
_QUERY_DAYS = """
select * from marts.fct_query_days
where posted_date between ? and ?
order by source_code, query_id, posted_date
"""

_COVERAGE = """
select * from marts.fct_source_coverage where logical_date >= ? order by source_code, logical_date
"""
