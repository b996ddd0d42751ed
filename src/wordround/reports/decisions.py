"""What a person decided about a rendered report: it holds for exactly the page that was decided on.

The decisions are kept in the records (records/report_decisions). A rejected page is not sent; a report that is rendered
anew waits for a decision of its own.
"""

import hashlib
from pathlib import Path

from wordround.errors import ReportRenderedAnew
from wordround.records import report_decisions
from wordround.records.report_decisions import Decision
from wordround.settings import Settings

PAGE = "report.html"


def note(settings: Settings, folder: Path, page_sha256: str, *, is_approved: bool, by: str, why: str = "") -> Decision:
    """Log what Airflow was answered about the page of this folder that has this digest; return what is in force.

    Raises ReportRenderedAnew where another page lies there.
    """
    refuse_another(folder, page_sha256)
    pages = {folder.name: page_sha256}
    name = " ".join(by.split()) or "somebody"
    report_decisions.log(settings, pages, is_approved=is_approved, by=name, way="airflow", why=why)
    decided = of_page(settings, folder)
    assert decided is not None, "it was logged just now"  # noqa: S101 - for the type checker
    return decided


def of_page(settings: Settings, folder: Path) -> Decision | None:
    """Return the decision that is in force for the page that lies in this folder; None where nobody has decided."""
    page = folder / PAGE
    if not page.is_file():
        return None
    return report_decisions.in_force(report_decisions.of_reports(settings, [folder.name]), folder.name, digest(page))


def rejection(settings: Settings, folder: Path) -> Decision | None:
    """Return the decision by which the report of this folder is not sent; None where there is none."""
    found = of_page(settings, folder)
    return found if found and not found.is_approved else None


def refuse_another(folder: Path, page_sha256: str) -> None:
    """Raise ReportRenderedAnew unless the page of this folder is the one with this digest."""
    page = folder / PAGE
    if not page.is_file() or digest(page) != page_sha256:
        raise ReportRenderedAnew(
            f"{folder.name}: another page lies there than the one that was to be decided on and sent. Nobody has "
            "decided on it, and it was not sent. Run report_weekly again, and read the page that it writes."
        )


def digest(page: Path) -> str:
    """Return by what a page is known."""
    return hashlib.sha256(page.read_bytes()).hexdigest()
