"""Reports that were made, as pages and PDFs, for those who approve, analyse or lead all of one; and their approval."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, Response

from wordround.records import comment_readings
from wordround.reports import standing
from wordround.reports.report_file import Report
from wordround.reports.standing import Standing
from wordround.web import approving, headers, ready_pages
from wordround.web.approving import Approval, NotDecided
from wordround.web.people import Person
from wordround.web.visits import Visit, needs, own_form

router = APIRouter(prefix="/reports")

Reading = Annotated[Visit, Depends(needs("analyst", "approver", "lead"))]
Approving = Annotated[Visit, Depends(needs("approver"))]
Sent = Annotated[str, Form()]


@router.get("")
def reports(visit: Reading) -> HTMLResponse:
    """The reports that somebody may read, the latest first, and those that wait for them."""
    waiting = approving.all_current(visit.settings) if visit.person.has("approver") else []
    return visit.page(
        "reports.html.j2",
        title="Reports",
        reports=[(each, _has_pdf(each)) for each in _may_be_read(visit)],
        waiting=[each for each in waiting if each.needs_somebody],
    )


@router.get("/{folder}/page")
def report(visit: Reading, folder: str) -> HTMLResponse:
    """A report as it was made. What it quotes is logged as read."""
    made = _one(visit, folder)
    page = ready_pages.shown(ready_pages.below(visit.settings.reports, folder, "report.html"))
    _log(visit, made)
    return page


@router.get("/{folder}/preview")
def preview(visit: Approving, folder: str) -> HTMLResponse:
    """The same, to be shown within the page where it is decided on."""
    made = _one(visit, folder)
    page = ready_pages.framed(ready_pages.below(visit.settings.reports, folder, "report.html"))
    _log(visit, made)
    return page


@router.get("/{folder}/pdf")
def pdf(visit: Reading, folder: str) -> Response:
    """The same as a PDF."""
    made = _one(visit, folder)
    path = ready_pages.below(visit.settings.reports, folder, "report.pdf")
    _log(visit, made)
    return ready_pages.download(path, "application/pdf", f"report-{folder}.pdf")


@router.get("/{period}/decide")
def deciding(visit: Approving, period: str, edition: str = "") -> HTMLResponse:
    """A report to be read and decided on. `edition`: the name of the folder that is shown."""
    return _deciding(visit, _approval(visit, period), edition)


@router.post("/{period}/decide", dependencies=[Depends(own_form)])
def decide(
    visit: Approving,
    period: str,
    read: Sent = "",
    seen: Annotated[int, Form(ge=0, le=1_000_000)] = 0,
    decision: Sent = "",
    why: Sent = "",
) -> Response:
    """Approve or reject it. `read`: which pages were; `seen`: how many decisions on them."""
    approval = _approval(visit, period)
    if decision not in ("approve", "reject"):
        return _deciding(visit, approval, "", why, "Say whether it may be sent.", 422)
    try:
        done = approving.decide(
            visit.settings, approval, read, seen, is_approved=decision == "approve", by=visit.person.name, why=why
        )
    except NotDecided as refused:
        status = 409 if refused.is_late else 422
        return _deciding(visit, _approval(visit, period), "", why, refused.says, status, decision)
    return visit.back(f"/reports/{period}/decide", done)


@router.post("/{period}/tell", dependencies=[Depends(own_form)])
def tell(visit: Approving, period: str) -> Response:
    """Tell on again what was decided: to Airflow, or to those who get the report."""
    approval = _approval(visit, period)
    if approval.decision is None:
        return _deciding(visit, approval, "", "", "Nobody has decided on it yet.", 422)
    return visit.back(f"/reports/{period}/decide", approving.tell(visit.settings, approval))


def _deciding(
    visit: Visit, approval: Approval, edition: str, why: str = "", wrong: str = "", status: int = 200, chosen: str = ""
) -> HTMLResponse:
    shown = next((each for each in approval.reports if edition in ("", each.folder.name)), None)
    if shown is None:
        raise HTTPException(404, "No report of this period has this name.")
    page = visit.page(
        "decide.html.j2",
        status,
        title=f"Report of {approval.title}: may it be sent?",
        approval=approval,
        can_be_told=approving.can_be_told(visit.settings, approval),
        shown=shown,
        why=why,
        wrong=wrong,
        chosen=chosen,
    )
    page.headers["Content-Security-Policy"] = headers.policy(visit.request.state.nonce, has_frame=True)
    return page


def _approval(visit: Visit, period: str) -> Approval:
    found = next((each for each in approving.all_current(visit.settings) if each.period == period), None)
    if found is None:
        raise HTTPException(404, "This is not the latest report of its kind. The list of reports has what waits.")
    return found


def _log(visit: Visit, made: Standing) -> None:
    if quoted := len(made.report.quoted_comment_ids):
        comment_readings.log(visit.settings, visit.person.name, "report", {"report": made.folder.name}, quoted)


def _one(visit: Visit, folder: str) -> Standing:
    found = next((each for each in _may_be_read(visit) if each.folder.name == folder), None)
    if found is None:
        raise HTTPException(404, "No report that you may read has this name. The list of reports has them all.")
    return found


def _may_be_read(visit: Visit) -> list[Standing]:
    return [each for each in standing.of_all(visit.settings) if _may_read(visit.person, each.report)]


def _has_pdf(made: Standing) -> bool:
    return (made.folder / "report.pdf").is_file()


def _may_read(person: Person, report: Report) -> bool:
    """A lead reads an edition all of whose services they lead."""
    if person.has("analyst", "approver"):
        return True
    return bool(report.edition and report.services) and all(person.leads(each.service_id) for each in report.services)
