"""`report.json`: the figures that a report shows, for programs and for the mail that brings the report.

'*' stands where a figure is hidden. No comment text; of what is quoted, the ids alone.
"""

import json
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from wordround.errors import FileUnreadable
from wordround.published.authority import Statement

NAME = "report.json"


class _Part(BaseModel):
    # A rotation of the key notes in the file under how many keys the quoted ids are.
    model_config = ConfigDict(frozen=True, extra="ignore")


class ThemeShares(_Part):
    """Of all comments, how many are on a theme, and how many criticise it."""

    share: str
    negative_share: str


class ServiceReport(_Part):
    """The figures of one service."""

    service_id: str
    service_label: str
    site_label: str
    status: str
    comments_this_week: str
    usual_comments_a_week: str
    negative_share_this_week: str
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
    """One report. An erasure looks in `quoted_comment_ids` for reports that quote what was erased."""

    week: str
    week_from: date
    week_to: date
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
        return f"{self.week}-{self.edition}" if self.edition else self.week

    @property
    def name(self) -> str:
        """By what it is known whether this was sent: the week, and the edition where it is a lead's."""
        return f"{self.week}/{self.edition}" if self.edition else self.week

    @property
    def largest_hidden_count(self) -> int:
        """Counts from 1 to this one are hidden."""
        return int(self.rules["largest_hidden_count"])


def written(report: Report) -> str:
    """The content of the file."""
    return json.dumps(report.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def read(folder: Path) -> Report:
    """The report that was written into this folder. Raises FileUnreadable where it is not there or not whole."""
    try:
        return Report.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"{folder}: holds no complete report. Run `wordround report` first.") from error
