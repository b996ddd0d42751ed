"""`report.json`: the figures that a report shows, for programs and for the mail that brings the report.

'*' stands where a figure is hidden. No comment text; of what is quoted, the ids alone.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from wordround.errors import FileUnreadable
from wordround.published.authority import Statement
from wordround.published.comparisons import Counted
from wordround.published.disclosure import HIDDEN, percent
from wordround.published.figures import ServiceFigures
from wordround.spc.differences import Difference

NAME = "report.json"


class _Part(BaseModel):
    # A rotation of the key notes in the file under how many keys the quoted ids are.
    model_config = ConfigDict(frozen=True, extra="ignore")


class ThemeShares(_Part):
    """Of all comments, how many are on a theme, and how many criticise it."""

    share: str
    negative_share: str


class Beside(_Part):
    """The figures of an earlier month or quarter, and how far the share lies above it, with a 95 % interval."""

    comments: str
    negative_share: str
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None


class ServiceReport(_Part):
    """The figures of one service, in the week, month or quarter of the report."""

    service_id: str
    service_label: str
    site_label: str
    status: str
    comments: str
    usual_comments_a_week: str | None
    negative_share: str
    before: Beside | None = None
    year_before: Beside | None = None
    mean_share: str | None
    upper_limit_share: str | None
    no_limits_reason: str | None
    suitable_chart: str | None = None
    hidden_week_count: int
    negative_under_best_scores_share: str
    scores: dict[str, str]
    words: dict[str, str]
    themes: dict[str, ThemeShares]


class Report(_Part):
    """One report. An erasure looks in `quoted_comment_ids` for reports that quote what was erased.

    period: its week (2026-W46), month (2026-10) or quarter (2026-Q3); title: what people call that.
    """

    period: str
    title: str
    first_day: date
    last_day: date
    trust: str
    edition: str = ""
    edition_title: str = ""
    build_id: str
    rules: dict[str, str]
    governance: list[Statement]
    findings: list[str]
    first_page: dict[str, list[str]]
    services: list[ServiceReport]
    quoted_comment_ids: list[str]

    @property
    def folder(self) -> str:
        """What its folder is called."""
        return f"{self.period}-{self.edition}" if self.edition else self.period

    @property
    def name(self) -> str:
        """By what it is known whether this was sent: the period, and the edition where it is a lead's."""
        return f"{self.period}/{self.edition}" if self.edition else self.period

    @property
    def largest_hidden_count(self) -> int:
        """Counts from 1 to this one are hidden."""
        return int(self.rules["largest_hidden_count"])


def of_service(figures: ServiceFigures) -> ServiceReport:
    """The figures that the report shows for one service; '*' where one is hidden."""
    latest = figures.points[-1] if figures.points else None
    return ServiceReport(
        service_id=figures.service_id,
        service_label=figures.label,
        site_label=figures.site,
        status=figures.status,
        **_counted(figures),
        mean_share=percent(latest.mean) if latest and latest.mean is not None else None,
        upper_limit_share=percent(latest.upper) if latest and latest.upper is not None else None,
        no_limits_reason=figures.no_limits_reason,
        suitable_chart=figures.suitable_chart,
        hidden_week_count=figures.hidden_count,
        negative_under_best_scores_share=figures.gap.share or HIDDEN,
        scores={part.label: part.share or HIDDEN for part in figures.scores},
        words={part.label: part.share or HIDDEN for part in figures.words},
        themes={
            theme.label: ThemeShares(share=theme.share or HIDDEN, negative_share=theme.negative_share or HIDDEN)
            for theme in figures.themes
        },
    )


def written(report: Report) -> str:
    """The content of the file."""
    return json.dumps(report.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def read(folder: Path) -> Report:
    """The report that was written into this folder. Raises FileUnreadable where it is not there or not whole."""
    try:
        return Report.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"{folder}: holds no complete report. Run `wordround report` first.") from error


def _counted(figures: ServiceFigures) -> dict[str, Any]:
    compared = figures.period
    if compared is None:
        return {
            "comments": figures.comments,
            "usual_comments_a_week": figures.usual,
            "negative_share": figures.negative or HIDDEN,
        }
    return {
        **_beside(compared.now, None).model_dump(include={"comments", "negative_share"}),
        "usual_comments_a_week": None,
        "before": compared.before and _beside(compared.before, compared.change),
        "year_before": compared.year_before and _beside(compared.year_before, compared.change_in_year),
    }


def _beside(counted: Counted, change: Difference | None) -> Beside:
    found = change and {
        "difference": round(change.size, 4), "difference_low": round(change.low, 4),
        "difference_high": round(change.high, 4),
    }  # fmt: skip
    comments = HIDDEN if counted.comments is None else f"{counted.comments:,}"
    return Beside(comments=comments, negative_share=counted.share or HIDDEN, **(found or {}))
