"""From published rows to the figures of one service, with everything that must be hidden already left out.

What is None here was hidden or never there, so that a chart, a sentence or a template cannot show it by mistake.
Totals over weeks use only the weeks that are shown: a total over all weeks, less the weeks in the table, would give the
hidden ones away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median_low

from wordround.plain_text import label as as_label
from wordround.published import wording
from wordround.published.comparisons import Compared
from wordround.published.disclosure import SmallNumbers, hidden_weeks, is_hidden, label_shown, percent
from wordround.published.reading import Published
from wordround.published.tables import AlertEpisode, ChartPoint, Service, ServiceWeek
from wordround.published.themes import Theme, ThemeMove, moves, themes
from wordround.published.watching import ServiceWatch

CHART_WEEKS = 78
THIS_WEEK_ONLY = "not judged"  # how the marts begin a reason that is about one week and not about the service
FEWEST_POINTS_FOR_A_CHART = 8
FEWEST_FORMS = 20

# Of the Friends and Family Test, in the order of its columns.
SCORES = ("Very good", "Good", "Neither good nor poor", "Poor", "Very poor", "Don't know")


@dataclass(frozen=True)
class Point:
    """One week of the control chart. `value` and `share` are None where the week is hidden or has no comments."""

    week: date
    comments: str
    value: float | None
    share: str | None
    kind: str
    is_hidden: bool
    mean: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Part:
    """One row of a bar chart: a share in words and as a length, None where hidden."""

    label: str
    share: str | None
    value: float | None


@dataclass(frozen=True)
class Gap:
    """Comments with negative words and a score, over the shown weeks, and those under the best two scores.

    The counts are for adding up over services; `share` is what may be shown."""

    negative: int
    under_best: int
    share: str | None


@dataclass(frozen=True)
class ServiceFigures:
    service_id: str
    label: str
    site: str
    trust: str
    is_registered: bool
    comments: str
    forms: str | None
    voices: str | None
    usual: str
    negative: str | None
    points: list[Point]
    has_limits: bool
    no_limits_reason: str | None
    suitable_chart: str | None
    alerts: list[AlertEpisode]
    shown_recent_weeks: int
    recent_weeks: int
    gap: Gap
    scored_forms: str | None
    scores: list[Part] = field(default_factory=list)
    words: list[Part] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    moves: list[ThemeMove] = field(default_factory=list)
    sources: list[Part] = field(default_factory=list)
    watch: ServiceWatch | None = None
    period: Compared | None = None

    @property
    def latest(self) -> Point | None:
        """The last week whose share is shown."""
        return next((point for point in reversed(self.points) if point.value is not None), None)

    @property
    def is_quiet(self) -> bool:
        """No comment in the report's weeks and no open alert: it is named, and has no section."""
        return not self.recent_weeks and not self.alert

    @property
    def hidden_count(self) -> int:
        """How many weeks of the chart are hidden."""
        return sum(point.is_hidden for point in self.points)

    @property
    def has_chart(self) -> bool:
        return sum(point.value is not None for point in self.points) >= FEWEST_POINTS_FOR_A_CHART

    @property
    def alert(self) -> AlertEpisode | None:
        """The open episode, an alert before what is watched, and a concern before an improvement."""
        still = (a for a in self.alerts if a.status == "open")
        return min(still, key=lambda a: (a.tier_code, a.direction), default=None)

    @property
    def is_watched(self) -> bool:
        """Whether the rule that decides on alerts watches its own share; its chart may have no limits all the same."""
        return self.watch is not None and self.watch.is_monitored

    @property
    def status(self) -> str:
        """concern, improvement, common_cause or not_monitored."""
        if self.alert:
            return self.alert.direction
        return "common_cause" if self.is_watched else "not_monitored"


def services(published: Published) -> list[ServiceFigures]:
    """The figures of every service that has a comment, in the order of the published services."""
    labels = [service.service_label for service in published.services]
    return [_service(published, service, labels) for service in published.services]


def _service(published: Published, service: Service, labels: list[str]) -> ServiceFigures:
    service_id = service.service_id
    weeks = published.service_weeks.get(service_id, [])
    chart = published.points.get(service_id, [])
    hidden = hidden_weeks(weeks, chart)
    recent = [week for week in weeks if published.window.has(week.week_date)]
    shown = [week for week in recent if week.comment_count and week.week_date not in hidden]
    this_week = next((week for week in weeks if week.week_date == published.week.week_date), None)
    has_limits, reason = _limits(chart, published)
    label, site = as_label(service.service_label), as_label(service.site_label)
    small = published.small_numbers
    scored, scores = _scores(recent, small)
    spoken = sum(week.comment_count for week in recent)
    former = [week for week in weeks if published.window.has_before(week.week_date)]
    return ServiceFigures(
        service_id=service_id,
        label=f"{label}, {site}" if labels.count(service.service_label) > 1 and site else label,
        site=site,
        trust=as_label(service.trust_label),
        is_registered=service.is_registered,
        comments=_count_label(this_week.comment_count_label if this_week else None),
        forms=label_shown(this_week.response_count_label) if this_week else None,
        voices=label_shown(this_week.voice_count_label) if this_week else None,
        usual=_usual(recent, small),
        negative=label_shown(this_week.negative_share_label)
        if this_week and this_week.week_date not in hidden
        else None,
        points=_points(weeks, chart, hidden),
        has_limits=has_limits,
        no_limits_reason=reason,
        suitable_chart=None if has_limits or not chart else wording.suitable_chart(chart[-1].suitable_chart),
        alerts=[a for a in published.alerts if a.service_id == service_id and a.series_code == "service"],
        shown_recent_weeks=len(shown),
        recent_weeks=sum(1 for week in recent if week.comment_count),
        gap=_gap(shown, small),
        scored_forms=scored,
        scores=scores,
        words=_words(shown, small),
        themes=themes(spoken, published.themes.get(service_id, []), small),
        moves=moves(
            spoken,
            published.themes.get(service_id, []),
            sum(week.comment_count for week in former),
            published.quarter.before.get(service_id, []),
            small,
            published.window.before,
        ),
        sources=_sources(published, service_id),
        watch=published.watching.services.get(service_id),
        period=published.period.services.get(service_id) if published.period else None,
    )


def _count_label(label: str | None) -> str:
    # Not "fewer than 5": a large service is hidden too where its figure would give away a small one's.
    if is_hidden(label):
        return "hidden"
    return label_shown(label) or "0"


def _usual(recent: list[ServiceWeek], small: SmallNumbers) -> str:
    """The middle of the recent weeks' counts; hidden weeks stand at the bottom without saying where."""
    counts = [_as_count(week.comment_count_label) for week in recent]
    if not counts:
        return "0"
    middle = median_low(counts)
    return "few" if middle < 0 else small.count_shown(middle)


def _as_count(label: str | None) -> int:
    shown = label_shown(label)
    return int(shown.replace(",", "")) if shown else -1 if is_hidden(label) else 0


def _limits(chart: list[ChartPoint], published: Published) -> tuple[bool, str | None]:
    """Whether the chart of the service had limits in any recent week, and if not why not."""
    recent = [point for point in chart if published.window.has(point.week_date)]
    if any(point.is_monitored and point.mean_value is not None for point in recent):
        return True, None
    reasons = [point.not_monitored_reason for point in recent if point.not_monitored_reason]
    of_service = [reason for reason in reasons if not reason.startswith(THIS_WEEK_ONLY)]
    return False, wording.no_limits(next(reversed(of_service or reasons), None))


def _points(weeks: list[ServiceWeek], chart: list[ChartPoint], hidden: set[date]) -> list[Point]:
    by_week = {point.week_date: point for point in chart}
    return [_point(week, by_week.get(week.week_date), hidden) for week in weeks[-CHART_WEEKS:]]


def _point(week: ServiceWeek, chart: ChartPoint | None, hidden: set[date]) -> Point:
    is_hidden_week = week.week_date in hidden
    shown = bool(week.comment_count) and not is_hidden_week
    return Point(
        week=week.week_date,
        comments=_count_label(week.comment_count_label),
        value=week.negative_share if shown else None,
        share=label_shown(week.negative_share_label) if shown else None,
        kind=chart.point_type if chart else "common_cause",
        is_hidden=is_hidden_week,
        mean=_line(chart.mean_value, hidden) if chart else None,
        lower=_line(chart.lower_limit, hidden) if chart else None,
        upper=_line(chart.upper_limit, hidden) if chart else None,
    )


def _line(value: float | None, hidden: set[date]) -> float | None:
    """A line of the chart; to the whole per cent where it rests on hidden weeks, which it would else give away."""
    return round(value, 2) if value is not None and hidden else value


def _scores(recent: list[ServiceWeek], small: SmallNumbers) -> tuple[str | None, list[Part]]:
    """How the forms of the weeks whose number of forms is shown were scored."""
    weeks = [_score_counts(week) for week in recent if not is_hidden(week.response_count_label)]
    counts = {label: sum(week[label] for week in weeks) for label in SCORES}
    total = sum(counts.values())
    if total < FEWEST_FORMS:
        return None, []
    hidden = small.hidden_parts(counts)
    shares = {label: None if label in hidden else small.in_steps(count, total) for label, count in counts.items()}
    return f"{total:,}", [
        Part(label, None if share is None else percent(share), share) for label, share in shares.items()
    ]


def _score_counts(week: ServiceWeek) -> Mapping[str, int]:
    counts = (
        week.fft_1_count, week.fft_2_count, week.fft_3_count, week.fft_4_count, week.fft_5_count,
        week.fft_dont_know_count,
    )  # fmt: skip
    return dict(zip(SCORES, counts, strict=True))


def _gap(shown: list[ServiceWeek], small: SmallNumbers) -> Gap:
    negative = sum(week.scored_negative_count for week in shown)
    best = sum(week.negative_under_best_scores_count for week in shown)
    share = small.rolling_share(best, negative)
    return Gap(negative, best, None if share is None else percent(share))


def _words(shown: list[ServiceWeek], small: SmallNumbers) -> list[Part]:
    others = sum(week.without_sentiment_count for week in shown)
    total = sum(week.comment_count for week in shown) - others
    negative = sum(week.negative_count for week in shown)
    if small.is_small(others) or small.share_shown(negative, total) is None:
        return []
    rest = total - negative
    return [
        Part("Negative words", percent(negative / total), negative / total),
        Part("Neutral or positive words", percent(rest / total), rest / total),
    ]


def _sources(published: Published, service_id: str) -> list[Part]:
    """Of the comments of the recent weeks, the share that came from each source; the most frequent first."""
    counts = {each.source_label: each.comment_count for each in published.quarter.sources.get(service_id, [])}
    small, total = published.small_numbers, sum(counts.values())
    hidden = small.hidden_parts(counts)
    shares = {label: None if label in hidden else small.in_steps(count, total) for label, count in counts.items()}
    return [Part(as_label(label), None if share is None else percent(share), share) for label, share in shares.items()]
