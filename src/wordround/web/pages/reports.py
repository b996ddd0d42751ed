"""Reports that were made, as pages and PDFs, for those who approve, analyse or lead all of one."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, Response

from wordround.errors import FileUnreadable
from wordround.records import comment_readings
from wordround.reports import report_file
from wordround.reports.report_file import Report
from wordround.web import ready_pages
from wordround.web.people import Person
from wordround.web.visits import Visit, needs

router = APIRouter(prefix="/reports")

_FOLDER = re.compile(r"\d{4}-(?:W\d{2}|Q\d|\d{2})(?:-[\w-]+)?")
Reading = Annotated[Visit, Depends(needs("analyst", "approver", "lead"))]


@dataclass(frozen=True)
class Made:
    """One report and the name of its folder."""

    folder: str
    report: Report
    has_pdf: bool


@router.get("")
def reports(visit: Reading) -> HTMLResponse:
    """The reports that somebody may read, the latest first."""
    return visit.page("reports.html.j2", title="Reports", reports=_made(visit))


@router.get("/{folder}/page")
def report(visit: Reading, folder: str) -> HTMLResponse:
    """A report as it was made. What it quotes is logged as read."""
    made = _one(visit, folder)
    page = ready_pages.shown(ready_pages.below(visit.settings.reports, folder, "report.html"))
    _log(visit, made)
    return page


@router.get("/{folder}/pdf")
def pdf(visit: Reading, folder: str) -> Response:
    """The same as a PDF."""
    made = _one(visit, folder)
    path = ready_pages.below(visit.settings.reports, folder, "report.pdf")
    _log(visit, made)
    return ready_pages.download(path, "application/pdf", f"report-{folder}.pdf")


def _log(visit: Visit, made: Made) -> None:
    if quoted := len(made.report.quoted_comment_ids):
        comment_readings.log(visit.settings, visit.person.name, "report", {"report": made.folder}, quoted)


def _one(visit: Visit, folder: str) -> Made:
    found = next((each for each in _made(visit) if each.folder == folder), None)
    if found is None:
        raise HTTPException(404, "No report that you may read has this name. The list of reports has them all.")
    return found


def _made(visit: Visit) -> list[Made]:
    found = []
    for path in visit.settings.reports.glob("*"):
        if not _FOLDER.fullmatch(path.name) or not (path / "report.html").is_file():
            continue
        report = _read(path)
        if report and _may_read(visit.person, report):
            found.append(Made(path.name, report, (path / "report.pdf").is_file()))
    found.sort(key=lambda each: each.report.edition)
    return sorted(found, key=lambda each: (each.report.last_day, each.report.first_day), reverse=True)


def _may_read(person: Person, report: Report) -> bool:
    """A lead reads an edition all of whose services they lead."""
    if person.has("analyst", "approver"):
        return True
    return bool(report.edition and report.services) and all(person.leads(each.service_id) for each in report.services)


def _read(folder: Path) -> Report | None:
    try:
        state = (folder / report_file.NAME).stat()
        return _read_once(folder, state.st_mtime_ns, state.st_size)
    except (OSError, FileUnreadable):
        return None


@lru_cache(maxsize=512)
def _read_once(folder: Path, _changed_at: int, _size: int) -> Report:
    return report_file.read(folder)
