"""What a person decided about a rendered report: approved or rejected, by whom and why.

It lies beside the report, as `decision.json`, and holds for exactly the page that was decided on: a report that is
rendered anew waits for a decision of its own. A rejected one is not sent. What was typed as a reason is de-identified
before it is written, and goes nowhere else.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from wordround.errors import ReportRenderedAnew
from wordround.registers.typed_words import without_identifiers
from wordround.storage import write_whole

NAME = "decision.json"
_LONGEST_REASON = 500
_NOT_KEPT = "(not kept: it may name somebody)"


class Decision(BaseModel):
    """One decision; `by` as Airflow knows the person, `why` as they typed it, without identifiers."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: datetime
    is_approved: bool
    by: str
    why: str
    page_sha256: str


def note(folder: Path, page_sha256: str, *, is_approved: bool, by: str, why: str = "") -> Decision:
    """Write a decision on the page of this folder that has this digest. Raises ReportRenderedAnew for another."""
    refuse_another(folder, page_sha256)
    decision = Decision(
        at=datetime.now(UTC),
        is_approved=is_approved,
        by=" ".join(by.split()) or "somebody",
        why=_reason(why),
        page_sha256=page_sha256,
    )
    write_whole(folder / NAME, json.dumps(decision.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n")
    return decision


def _reason(typed: str) -> str:
    kept = without_identifiers(typed).kept
    # Cut afterwards: half a name is none that could be found.
    return _NOT_KEPT if kept is None else " ".join(kept.split())[:_LONGEST_REASON]


def rejection(folder: Path) -> Decision | None:
    """Return the decision by which the report of this folder is not sent; None where there is none."""
    try:
        found = Decision.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValueError, ValidationError):
        return None
    page = folder / "report.html"
    is_of_it = page.is_file() and found.page_sha256 == digest(page)
    return found if is_of_it and not found.is_approved else None


def refuse_another(folder: Path, page_sha256: str) -> None:
    """Raise ReportRenderedAnew unless the page of this folder is the one with this digest."""
    page = folder / "report.html"
    if not page.is_file() or digest(page) != page_sha256:
        raise ReportRenderedAnew(
            f"{folder.name}: another page lies there than the one that was to be decided on and sent. Nobody has "
            "decided on it, and it was not sent. Run report_weekly again, and read the page that it writes."
        )


def digest(page: Path) -> str:
    """Return by what a page is known."""
    return hashlib.sha256(page.read_bytes()).hexdigest()
