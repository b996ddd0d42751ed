"""Rows of the published tables, with the columns that reports, alerts and quotes read.

A column may be None where dbt's contract of the table lets it be null, and nowhere else; a test compares the two.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True)
class Publication:
    """Which build was published when, and by which versions."""

    TABLE: ClassVar = "meta.publication"

    build_id: str
    published_at: datetime
    wordround_version: str
    annotations_model_version: str | None
    vader_version: str | None


@dataclass(frozen=True)
class ModelSwitch:
    """When a new version of a model took the place of the one before, in all figures at once, and what is new in it."""

    TABLE: ClassVar = "marts.fct_model_switches"

    switched_at: datetime
    cause: str


@dataclass(frozen=True)
class Rule:
    """One rule that the figures were made by."""

    TABLE: ClassVar = "meta.rules"

    rule_code: str
    rule_value: str


@dataclass(frozen=True)
class OwnReading:
    """How well the model reads comments that the trust's own people have coded, weighted to all its comments."""

    TABLE: ClassVar = "meta.own_reading"

    comment_count: int
    waiting_count: int
    right_share: float
    right_low: float
    right_high: float
    negative_recall: float | None
    negative_labelled_share: float
    negative_shown_share: float


@dataclass(frozen=True)
class Week:
    """One week, from Monday (`week_date`) to Sunday."""

    TABLE: ClassVar = "marts.dim_weeks"

    week_date: date
    week_end_date: date
    week_label: str
    is_complete: bool


@dataclass(frozen=True)
class Service:
    """One service, with its site and trust."""

    TABLE: ClassVar = "marts.dim_services"

    service_id: str
    service_label: str
    site_label: str | None
    trust_code: str | None
    trust_label: str | None
    comment_count: int
    is_registered: bool


@dataclass(frozen=True)
class Source:
    """One source: what became of its comments, and on what authority they are read."""

    TABLE: ClassVar = "marts.dim_sources"

    source_code: str
    source_label: str
    is_social: bool | None
    comment_count: int
    not_about_care_count: int
    copy_count: int
    not_discoverable_share: float | None
    last_posted_date: date | None
    last_loaded_at: datetime | None
    controller: str | None
    contact: str | None
    dpia_reference: str | None
    dpia_reviewed_on: date | None
    privacy_notice_url: str | None
    lawful_basis_article_6: str | None
    condition_article_9: str | None
    purpose: str | None
    purpose_decided_on: date | None
    purpose_decided_by: str | None
    research_approval_reference: str | None
    retention_days: int | None


@dataclass(frozen=True)
class ServiceWeek:
    """One week of one service. A label is '*' where its figure is hidden."""

    TABLE: ClassVar = "marts.fct_service_weeks"

    service_id: str
    week_date: date
    without_sentiment_count: int
    comment_count: int
    negative_count: int
    positive_count: int
    negative_share: float | None
    fft_1_count: int
    fft_2_count: int
    fft_3_count: int
    fft_4_count: int
    fft_5_count: int
    fft_dont_know_count: int
    scored_negative_count: int
    negative_under_best_scores_count: int
    comment_count_label: str
    response_count_label: str
    voice_count_label: str | None
    negative_count_label: str
    neutral_count_label: str
    positive_count_label: str
    negative_share_label: str | None


@dataclass(frozen=True)
class ChartPoint:
    """One week of a service's control chart, with the limits that stood in that week."""

    TABLE: ClassVar = "marts.fct_control_chart_points"

    service_id: str
    week_date: date
    value: float | None
    rebase_group: int
    is_baseline: bool
    is_monitored: bool
    not_monitored_reason: str | None
    suitable_chart: str
    point_type: str
    mean_value: float | None
    lower_limit: float | None
    upper_limit: float | None


@dataclass(frozen=True)
class ThemeWeek:
    """One theme in one week of one service; `negative_count` criticise it. A label is '*' where it is hidden."""

    TABLE: ClassVar = "marts.fct_service_theme_weeks"

    service_id: str
    theme_code: str
    comment_count: int
    negative_count: int
    comment_count_label: str
    negative_count_label: str


@dataclass(frozen=True)
class ThemeCount:
    """One theme of one service over several weeks, added up before it leaves the database."""

    TABLE: ClassVar = "marts.fct_service_theme_weeks"

    service_id: str
    theme_code: str
    theme_label: str
    comment_count: int
    negative_count: int
    positive_count: int


@dataclass(frozen=True)
class PublishedComment:
    """One counted comment in English of a listed source. `comment_text` is None where it is withheld or has expired."""

    TABLE: ClassVar = "marts.fct_comments"

    comment_id: str
    service_id: str
    source_code: str
    kind: str | None
    comment_text: str | None = field(repr=False)
    sentiment_label: str
    major_codes: tuple[str, ...]
    is_nothing_to_improve: bool
    is_withheld: bool | None
    is_social: bool | None
    updated_at: datetime


@dataclass(frozen=True)
class ThemeExample(PublishedComment):
    """A survey comment that is an example of a major theme of patient experience, and how it speaks of it.

    `example_rank`: 1 is the best one. The same comment may be an example of several minor themes.
    """

    TABLE: ClassVar = "marts.fct_theme_examples"

    theme_code: str
    polarity: str
    example_rank: int
    week_date: date


@dataclass(frozen=True)
class AlertEpisode:
    """One episode of the rule that decides. Counts and expected share are as issued; `restated_*`: as of today."""

    TABLE: ClassVar = "marts.fct_alerts"

    alert_id: str
    series_id: str
    series_code: str
    trust_code: str
    service_id: str | None
    theme_code: str | None
    part_of_alert_id: str | None
    direction: str
    tier_code: str
    status: str
    explained_by: str | None
    negative_count: int
    comment_count: int
    expected_share: float
    baseline_comment_count: int
    baseline_week_count: int
    evidence: float
    once_in_years: int
    restated_negative_count: int | None
    restated_comment_count: int | None
    negative_count_label: str
    comment_count_label: str
    since_week_date: date
    opened_week_date: date
    alerted_week_date: date | None
    closed_week_date: date | None
    rebase_proposed_week_date: date | None


@dataclass(frozen=True)
class ActionAnswer:
    """What became of what somebody said of an alert, in words; `is_in_force`: nobody has said anything else since."""

    TABLE: ClassVar = "marts.fct_actions"

    alert_id: str
    action_version: int
    answer_label: str | None
    is_in_force: bool


@dataclass(frozen=True)
class LeadingTheme:
    """A theme that makes much of an alert's change."""

    TABLE: ClassVar = "marts.fct_alert_changes"

    alert_id: str
    theme_label: str


@dataclass(frozen=True)
class ThemeName:
    """A theme's code and its name, and the major theme that it belongs to or is."""

    TABLE: ClassVar = "marts.dim_themes"

    theme_code: str
    theme_label: str
    major_code: str


@dataclass(frozen=True)
class Coverage:
    """What became of the rows that one source brought on one day."""

    TABLE: ClassVar = "marts.fct_source_coverage"

    logical_date: date
    rows_in: int
    rows_quarantined: int
    quarantine_reasons: str | None
    is_of_conversations_alone: bool


@dataclass(frozen=True)
class QueryDay:
    """Whether one query was answered for one day, and why not."""

    TABLE: ClassVar = "marts.fct_query_days"

    source_code: str
    query_id: str
    query_label: str
    posted_date: date
    was_answered: bool
    is_gap: bool
    cut_reason: str | None
    error_code: str | None
    listing_count: int
    answered_listing_count: int


@dataclass(frozen=True)
class FftMonth:
    """Forms of the Friends and Family Test of one service in one month of the calendar, by one mode of collection."""

    TABLE: ClassVar = "marts.fct_fft_months"

    service_id: str
    trust_code: str
    collection_mode_code: str
    response_count: int
    fft_1_count: int
    fft_2_count: int
    fft_3_count: int
    fft_4_count: int
    fft_5_count: int
    fft_dont_know_count: int
    fft_unknown_count: int

    @property
    def answers(self) -> tuple[int, ...]:
        """Forms by answer, in the order of the test: Very good to Very poor, Don't know."""
        return (
            self.fft_1_count, self.fft_2_count, self.fft_3_count, self.fft_4_count, self.fft_5_count,
            self.fft_dont_know_count,
        )  # fmt: skip
