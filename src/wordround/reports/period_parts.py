"""What the pages of a month or a quarter have beside those of a week: totals, alerts, what was done, and themes.

Alerts stand as they did at the end of the period; what became of an action is as of the day of the figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from wordround.charts import bars as bar_charts
from wordround.published import episodes, themes, wording
from wordround.published.comparisons import Counted, PeriodFigures
from wordround.published.figures import Part
from wordround.published.periods import Reported, name
from wordround.published.reading import Published
from wordround.published.tables import AlertEpisode, ThemeCount
from wordround.published.themes import Theme
from wordround.reports import period_words
from wordround.spc.answering import WEEKS_AFTER

_FEWEST_MONTHS = 3


@dataclass(frozen=True)
class AlertLine:
    """An alert that was open within the period: what it says, since when, and how it stood at the end."""

    about: str
    direction: str
    said: str
    since: date
    noticed: date
    state: str


@dataclass(frozen=True)
class ThemeLine:
    """One theme over all services: the share of comments that praise it, or criticise it; None where it is hidden.

    moved: how it differs from the period before; nothing where one of the two is not shown.
    """

    label: str
    now: str | None
    before: str | None
    year_before: str | None
    moved: str


@dataclass(frozen=True)
class Total:
    """One trust: what it is called, its figures in words, and its months."""

    trust: str
    sentences: list[str]
    months: list[tuple[str, Counted]]
    chart: Markup | None


@dataclass(frozen=True)
class Parts:
    """What the pages of a month or a quarter have beside those of a week; the templates know each by its name."""

    reported: Reported
    is_beside_a_year: bool
    totals: list[Total]
    alerts: list[AlertLine]
    watched: int
    actions: list[str]
    handled: str | None
    criticised: list[ThemeLine]
    praised: list[ThemeLine]
    arrived: str


def parts(published: Published, figures: PeriodFigures) -> Parts:
    """Return what the pages show beside the services."""
    told = [each for each in published.alerts if not each.part_of_alert_id]
    return Parts(
        reported=figures.reported,
        is_beside_a_year=figures.reported.year_before is not None,
        totals=[_total(published, figures, trust, number) for number, trust in enumerate(figures.trusts, start=1)],
        alerts=[_line(published, each) for each in told if _was_alert(published, each)],
        watched=sum(each.tier_code == "watch" and each.status == "open" for each in told),
        actions=_actions(published),
        handled=_handled(published),
        criticised=_theme_lines(published, is_praise=False),
        praised=_theme_lines(published, is_praise=True),
        arrived=" ".join(period_words.silence_told(published, figures)) or "all arrived",
    )


def _total(published: Published, figures: PeriodFigures, trust: str, number: int) -> Total:
    months = [(name("month", code), counted) for code, counted in figures.months[trust]]
    return Total(
        period_words.trust_label(published, trust),
        period_words.sentences(published, figures, trust),
        months,
        _chart(months, number),
    )


def _chart(months: list[tuple[str, Counted]], number: int) -> Markup | None:
    """A bar a month: the share of negative comments."""
    if sum(counted.value is not None for _, counted in months) < _FEWEST_MONTHS:
        return None
    bars = [
        Part(month, counted.share or ("none" if counted.comments == 0 else None), counted.value)
        for month, counted in months
    ]
    description = "; ".join(f"{bar.label} {bar.share or 'hidden'}" for bar in bars)
    return bar_charts.share_bars(bars, f"months-{number}", "Share of negative comments, month by month", description)


def _was_alert(published: Published, alert: AlertEpisode) -> bool:
    """Whether it was an alert at some time within the period."""
    if alert.tier_code != "alert":
        return False
    is_over = alert.closed_week_date is not None and alert.closed_week_date < published.window.first
    return published.window.has(alert.alerted_week_date) if alert.status == "withdrawn" else not is_over


def _line(published: Published, alert: AlertEpisode) -> AlertLine:
    change = wording.change(alert.direction, alert.theme_code is not None)
    if alert.status == "open":
        state = "open"
    elif alert.status == "withdrawn":
        state = "withdrawn: data that came later do not show it"
    else:
        state = f"closed in the week of {wording.day(alert.closed_week_date)}" if alert.closed_week_date else "closed"
    usual = f"{change[:1].upper()}{change[1:]} than {wording.usual(alert.expected_share)}"
    noticed = alert.alerted_week_date or alert.opened_week_date
    return AlertLine(episodes.subject(published, alert), alert.direction, usual, alert.since_week_date, noticed, state)


def _actions(published: Published) -> list[str]:
    """What was done within the period, and what answered itself in it."""
    alerts = {each.alert_id: each for each in published.alerts}
    found = []
    for each in published.watching.done:
        monday = each.acted_date - timedelta(days=each.acted_date.weekday())
        is_of_it = published.window.has(monday) or published.window.has(monday + timedelta(weeks=WEEKS_AFTER))
        alert = alerts.get(each.alert_id)
        if alert and is_of_it:
            found.append(f"{episodes.subject(published, alert)}, {episodes.action(each)}")
    return found


def _handled(published: Published) -> str | None:
    """Of the alerts of a year, how many led to a change."""
    handling = published.watching.handling
    count, made = (sum(each.alert_count for each in handling), sum(each.changed_count for each in handling))
    if not count:
        return None
    end = wording.day(max(each.last_week_date for each in handling) + timedelta(days=6))
    led = wording.in_words(made) if made else "none"
    return f"Of {wording.counted(count, 'alert')} in the year to {end}, {led} led to a change."


def _theme_lines(published: Published, *, is_praise: bool) -> list[ThemeLine]:
    """The themes over all services, those of most comments first."""
    spans = (published.themes, published.quarter.before, published.quarter.year_before)
    now, before, year_before = (_shares(published, found, place) for place, found in enumerate(spans))
    moved = {
        move.label: "more" if move.is_up else "less"
        for move in themes.moves(
            _comments(published, 0), themes.over_services(published.themes), _comments(published, 1),
            themes.over_services(published.quarter.before), published.small_numbers,
            published.window.before,
        )
        if move.is_praise == is_praise
    }  # fmt: skip

    def share(theme: Theme | None) -> str | None:
        if theme is None:
            return None
        return theme.positive_share if is_praise else theme.negative_share

    none_before, none_year_before = ("none" if not _comments(published, place) else None for place in (1, 2))
    lines = []
    for label, theme in now.items():
        shown, of_before, of_year = share(theme), share(before.get(label)), share(year_before.get(label))
        said = moved.get(label, "as before" if shown and of_before else "")
        lines.append(ThemeLine(label, shown, of_before or none_before, of_year or none_year_before, said))
    return sorted(lines, key=lambda line: (-_size(line.now), line.label))


def _size(share: str | None) -> int:
    return int(share.rstrip("%")) if share else -1


def _shares(published: Published, found: Mapping[str, Iterable[ThemeCount]], place: int) -> dict[str, Theme]:
    totals = themes.over_services(found)
    shown = themes.themes(_comments(published, place), totals, published.small_numbers)
    return {theme.label: theme for theme in shown}


def _comments(published: Published, place: int) -> int:
    """Comments of the period, of the one before (1), or of a year before (2)."""
    figures, weeks = published.period, published.service_weeks.values()
    if figures is None:
        return 0
    period = (figures.reported.period, figures.reported.before, figures.reported.year_before)[place]
    if period is None:
        return 0
    first, last = period.weeks
    return sum(week.comment_count for of_service in weeks for week in of_service if first <= week.week_date <= last)
