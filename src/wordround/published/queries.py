"""The queries behind the figures of a page, as an analyst runs them on the published file.

They give the counts: a page rounds them, and hides the small ones. Nothing but ids, codes and dates is put into them,
as quoted literals.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from wordround.published.reading import Published
from wordround.published.windows import RECENT_WEEKS


@dataclass(frozen=True)
class Query:
    """One query: what it gives, and its SQL."""

    name: str
    sql: str


@dataclass(frozen=True)
class Span:
    """Mondays of the first and the last week of the quarter that a page shows."""

    first: date
    last: date

    @property
    def before(self) -> "Span":
        """As many weeks before."""
        return Span(self.first - timedelta(weeks=RECENT_WEEKS), self.first - timedelta(weeks=1))


def quarter(published: Published) -> Span:
    """The recent weeks of a publication."""
    return Span(published.window.first, published.window.last)


def of_service(service_id: str, weeks: Span) -> dict[str, Query]:
    """The queries behind the page of a service, by the part of the page."""
    values = {"service": _text(service_id), "first": _day(weeks.first), "last": _day(weeks.last)}
    return {name: Query(title, _filled(sql, values)) for name, (title, sql) in _OF_SERVICE.items()}


def of_theme(theme_code: str, weeks: Span, service_id: str | None = None) -> Query:
    """The query behind a theme's shares in two quarters, of one service or of all."""
    values = {
        "theme": _text(theme_code),
        "first": _day(weeks.first),
        "last": _day(weeks.last),
        "first_before": _day(weeks.before.first),
        "and_service": f"and service_id = {_text(service_id)}" if service_id else "",
    }
    return Query("The theme in this quarter and the one before", _filled(_OF_THEME, values))


def of_theme_by_service(theme_code: str, weeks: Span) -> Query:
    """The query behind a theme's shares by service."""
    values = {"theme": _text(theme_code), "first": _day(weeks.first), "last": _day(weeks.last)}
    return Query("The theme by service", _filled(_OF_THEME_BY_SERVICE, values))


def of_all_themes(frame_code: str, weeks: Span) -> Query:
    """The query behind the list of themes of a frame."""
    values = {"frame": _text(frame_code), "first": _day(weeks.first), "last": _day(weeks.last)}
    return Query("All themes of the frame", _filled(_OF_ALL_THEMES, values))


def of_board(weeks: Span) -> Query:
    """The query behind the board."""
    return Query("The services of the board in the last week", _filled(_OF_BOARD, {"last": _day(weeks.last)}))


def of_conversation(conversation_id: str) -> Query:
    """The query behind the themes of a conversation."""
    return Query("The themes of the conversation", _filled(_OF_CONVERSATION, {"conversation": _text(conversation_id)}))


def of_comparison(level: str, theme_code: str | None) -> Query:
    """The query behind a comparison of services, sites or areas by one measure."""
    measure = f"theme_code = {_text(theme_code)}" if theme_code else "theme_code is null"
    return Query("The funnels, with their limits", _filled(_OF_COMPARISON, {"level": _text(level), "measure": measure}))


CONVERSATIONS = Query("All conversations", "select * from marts.fct_conversations order by begins_at desc")
OWN_POSTS = Query(
    "What the trust's own posts drew",
    "select * from marts.fct_own_post_subjects order by split_code, value_code, replies_per_post desc nulls last",
)
HANDLING = Query("What came of the alerts", "select * from marts.fct_alert_handling")
TRIANGULATION = Query(
    "How far words and scores go together",
    "select * from marts.fct_triangulation_pairs order by kind_label nulls first, words_code, outcome_code",
)
THEME_LEADS = Query("Where themes rose first", "select * from marts.fct_theme_leads order by theme_code, rise_number")
COVERAGE = Query(
    "What became of the rows of each source",
    "select * from marts.fct_source_coverage order by source_code, logical_date desc",
)


def _filled(sql: str, values: dict[str, str]) -> str:
    """The query with its literals; a line that is left empty goes."""
    lines = sql.strip().format(**values).splitlines()
    return "\n".join(line for line in lines if line.strip())


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _day(value: date) -> str:
    return f"date '{value.isoformat()}'"


_OF_SERVICE = {
    "weeks": (
        "Comments and negative comments by week",
        """
select week_date, comment_count, negative_count, negative_share, comment_count_label, negative_share_label
from marts.fct_service_weeks
where service_id = {service}
order by week_date desc
""",
    ),
    "chart": (
        "The control chart",
        """
select week_date, value, mean_value, lower_limit, upper_limit, point_type, not_monitored_reason
from marts.fct_control_chart_points
where service_id = {service} and measure_code = 'negative_share'
order by week_date desc
""",
    ),
    "themes": (
        "Themes of the last quarter",
        """
select
    themes.theme_code,
    themes.theme_label,
    sum(weeks.comment_count) as comments,
    sum(weeks.positive_count) as praise,
    sum(weeks.negative_count) as criticise,
    (
        select sum(comment_count)
        from marts.fct_service_weeks
        where service_id = {service} and week_date between {first} and {last}
    ) as all_comments
from marts.fct_service_theme_weeks as weeks
inner join marts.dim_themes as themes on weeks.theme_code = themes.theme_code
where weeks.service_id = {service} and weeks.week_date between {first} and {last}
    and themes.frame_code = 'patient_experience' and themes.level = 'major'
group by all
order by comments desc
""",
    ),
    "scores": (
        "Scores of the last quarter; a week whose number of forms is hidden is left out",
        """
select
    sum(fft_1_count) as very_good,
    sum(fft_2_count) as good,
    sum(fft_3_count) as neither,
    sum(fft_4_count) as poor,
    sum(fft_5_count) as very_poor,
    sum(fft_dont_know_count) as dont_know
from marts.fct_service_weeks
where service_id = {service} and week_date between {first} and {last} and response_count_label <> '*'
""",
    ),
    "sources": (
        "Comments of the last quarter by source",
        """
select sources.source_label, count(*) as comments
from marts.fct_comments as comments
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
where comments.is_counted and comments.service_id = {service} and comments.week_date between {first} and {last}
group by all
order by comments desc
""",
    ),
    "alerts": (
        "Alerts, open and past",
        """
select * from marts.fct_alerts where service_id = {service} order by opened_week_date desc, alert_id
""",
    ),
    "watch": ("What watches it", "select * from marts.fct_service_watch where service_id = {service}"),
    "actions": (
        "What was done, and what became of it",
        "select * from marts.fct_actions where service_id = {service} order by logged_at",
    ),
}

_OF_THEME = """
select
    if(week_date < {first}, 'before', 'now') as quarter,
    sum(comment_count) as comments,
    sum(positive_count) as praise,
    sum(negative_count) as criticise,
    (
        select sum(weeks.comment_count)
        from marts.fct_service_weeks as weeks
        where if(weeks.week_date < {first}, 'before', 'now') = quarter
            and weeks.week_date between {first_before} and {last}
            {and_service}
    ) as all_comments
from marts.fct_service_theme_weeks
where theme_code = {theme} and week_date between {first_before} and {last}
    {and_service}
group by all
order by quarter desc
"""

_OF_THEME_BY_SERVICE = """
select
    services.service_label,
    sum(weeks.comment_count) as comments,
    sum(weeks.positive_count) as praise,
    sum(weeks.negative_count) as criticise
from marts.fct_service_theme_weeks as weeks
inner join marts.dim_services as services on weeks.service_id = services.service_id
where weeks.theme_code = {theme} and weeks.week_date between {first} and {last}
group by all
order by services.service_label
"""

_OF_ALL_THEMES = """
select
    themes.theme_code,
    themes.theme_label,
    sum(weeks.comment_count) as comments,
    sum(weeks.positive_count) as praise,
    sum(weeks.negative_count) as criticise,
    (select sum(comment_count) from marts.fct_service_weeks where week_date between {first} and {last}) as all_comments
from marts.fct_service_theme_weeks as weeks
inner join marts.dim_themes as themes on weeks.theme_code = themes.theme_code
where themes.frame_code = {frame} and weeks.week_date between {first} and {last}
group by all
order by comments desc
"""

_OF_BOARD = """
select services.service_label, weeks.comment_count_label, weeks.negative_share_label, watch.watched_by, watch.is_fading
from marts.dim_services as services
left join marts.fct_service_weeks as weeks
    on services.service_id = weeks.service_id and weeks.week_date = {last}
left join marts.fct_service_watch as watch on services.service_id = watch.service_id
order by services.service_label
"""

_OF_CONVERSATION = """
select themes.theme_label, themes.level, counts.*
from marts.fct_conversation_themes as counts
inner join marts.dim_themes as themes on counts.theme_code = themes.theme_code
where counts.conversation_id = {conversation}
order by counts.frame_code, themes.major_code, themes.level, themes.sort_order
"""

_OF_COMPARISON = """
select
    kind_label, unit_label, numerator_count, denominator_count, measured_share, mix_expected_share, centre_share,
    lower_near_limit, upper_near_limit, lower_limit, upper_limit, side_code, is_outside, not_compared_reason
from marts.fct_service_comparison
where level_code = {level} and {measure}
order by kind_label, unit_label
"""
