"""What a person decided about a rendered report: approved or rejected, by whom and why.

It lies beside the report, as `decision.json`, and holds for exactly the page that was decided on: a report that is
rendered anew waits for a decision of its own. A rejected one is not sent.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from wordround.storage import write_whole

NAME = "decision.json"
_LONGEST_REASON = 500


class Decision(BaseModel):
    """One decision; `by` and `why` as the person gave them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: datetime
    is_approved: bool
    by: str
    why: str
    page_sha256: str

    @property
    def in_words(self) -> str:
        """Why the report is not sent."""
        return f"rejected by {self.by}" + (f": {self.why}" if self.why else " without a reason")


def note(folder: Path, *, is_approved: bool, by: str, why: str = "") -> Decision:
    """Write a decision on the report of this folder."""
    decision = Decision(
        at=datetime.now(UTC),
        is_approved=is_approved,
        by=" ".join(by.split()) or "somebody",
        why=" ".join(why.split())[:_LONGEST_REASON],
        page_sha256=digest(folder / "report.html"),
    )
    write_whole(folder / NAME, json.dumps(decision.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n")
    return decision


def rejection(folder: Path) -> Decision | None:
    """Return the decision by which the report of this folder is not sent; None where there is none."""
    try:
        found = Decision.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValueError, ValidationError):
        return None
    page = folder / "report.html"
    is_of_it = page.is_file() and found.page_sha256 == digest(page)
    return found if is_of_it and not found.is_approved else None


def digest(page: Path) -> str:
    """Return by what a page is known."""
    return hashlib.sha256(page.read_bytes()).hexdigest()
