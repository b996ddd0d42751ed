"""Summaries of conversations that were written: whether somebody has approved one, so that it may be put out.

A decision is of exactly one page, as it is of reports: one that is written anew with other figures waits for its own.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from wordround.records import report_decisions
from wordround.records.report_decisions import Decision
from wordround.settings import Settings


@dataclass(frozen=True)
class Summary:
    """A summary that lies in the home: its page, what that is known by, and the decision in force.

    decision_count: how many decisions on this page there were.
    """

    page: Path
    page_sha256: str
    decision: Decision | None
    decision_count: int

    @property
    def is_approved(self) -> bool:
        """Whether it may be put out."""
        return self.decision is not None and self.decision.is_approved

    @property
    def says(self) -> str:
        """How it stands, in words."""
        return self.decision.says if self.decision else "waits for somebody who approves or rejects it"


def folder(settings: Settings, conversation_id: str) -> Path:
    """Return where the summary of a conversation lies."""
    return settings.reports / f"conversation-{conversation_id}"


def of(settings: Settings, conversation_id: str) -> Summary | None:
    """Return the summary of a conversation; None where none was written."""
    page = folder(settings, conversation_id) / "report.html"
    if not page.is_file():
        return None
    digest, name = hashlib.sha256(page.read_bytes()).hexdigest(), page.parent.name
    known = [each for each in report_decisions.of_reports(settings, [name]) if each.page_sha256 == digest]
    return Summary(page, digest, report_decisions.in_force(known, name, digest), len(known))


def decide(settings: Settings, summary: Summary, *, is_approved: bool, by: str, why: str, seen: int) -> None:
    """Log a decision on a summary as it was read. Raises AlreadyDecided where somebody has decided since."""
    pages = {summary.page.parent.name: summary.page_sha256}
    report_decisions.log(settings, pages, is_approved=is_approved, by=by, way="page", why=why, seen=seen)
