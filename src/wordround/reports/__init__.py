"""The report on a week, a month or a quarter: rendered from the published warehouse, and sent.

A report is a page, the same as PDF and as text, and its figures, in `reports/<week>/`, `<month>/` or `<quarter>/`. It
is sent once; `force` sends it again.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wordround.outcomes import Outcome
from wordround.settings import Settings

if TYPE_CHECKING:
    from wordround.published.periods import Asked
    from wordround.published.reading import Published
    from wordround.reports.editions import Edition

log = logging.getLogger(__name__)

# Called with (services done, services in all).
Progress = Callable[[int, int], None]


class Rendered(Outcome):
    """Where the report of a period lies, how many findings, services and quotes it has, and its editions for leads.

    `period`: its week (2026-W46), month (2026-10) or quarter (2026-Q3). `editions`: their folders; `pages`: the SHA-256
    of each page, by its folder; `refused`: leads whose edition could not be made, and why.
    """

    period: str
    folder: Path
    report: Path
    pdf: Path | None
    no_pdf: str | None = None
    editions: tuple[Path, ...] = ()
    pages: dict[str, str]
    refused: tuple[str, ...] = ()
    findings: int
    services: int
    quotes: int
    seconds: float


class Sent(Outcome):
    """To how many recipients the report went, or why it was not sent."""

    recipients: int
    message_id: str | None
    sent: bool
    reason: str | None = None


class Settled(Outcome):
    """What a person decided about a report. By whom and why stands in the records alone."""

    approved: bool
    folder: Path


def render(settings: Settings, progress: Progress | None = None, asked: "Asked | None" = None) -> Rendered:
    """Write the report of the last complete week, and an edition for each lead: page, PDF, text and figures.

    asked: a month or a quarter instead, of the whole trust alone. Raises NothingPublished, PublicationUnusable,
    StorageFailed, and MonthNotThere where that month or quarter cannot be reported.
    """
    from wordround.published import reading
    from wordround.quotes import rewriting as rewrites
    from wordround.records import deliveries
    from wordround.reports import editions

    started = time.monotonic()
    published = reading.read(settings, asked)
    rewrites.forget_gone(settings)
    approved, unsent = rewrites.approved(settings, published), len(deliveries.unsent(settings))
    whole = _render(settings, published, editions.whole_trust(settings), approved, unsent, progress or _log_progress)
    folders, pages, refused = [], dict(whole.pages), []
    for edition, lead in editions.of_leads(settings) if asked is None else ():
        unknown = editions.unknown_services(published, lead)
        refused += [f"[[report.leads]] {lead.name}: nobody has written about a service {each!r}." for each in unknown]
        if len(unknown) < len(lead.services):
            narrowed = editions.narrowed(published, lead)
            of_lead = _render(settings, narrowed, edition, approved, unsent, _log_progress)
            folders.append(of_lead.folder)
            pages |= of_lead.pages
    return whole.model_copy(
        update={
            "editions": tuple(folders),
            "pages": pages,
            "refused": tuple(refused),
            "seconds": round(time.monotonic() - started, 1),
        }
    )


def _render(
    settings: Settings,
    published: "Published",
    edition: "Edition",
    approved: Mapping[str, str],
    unsent_digests: int,
    progress: Progress,
) -> Rendered:
    from wordround.published import attention, figures
    from wordround.quotes import choosing as quotes
    from wordround.reports import page, report_file
    from wordround.reports.findings import ALL, findings
    from wordround.reports.front import front
    from wordround.storage import write_whole

    services = attention.in_order(figures.services(published))
    found = findings(published, services)
    first_page = front(published, services, findings(published, services, most=ALL))
    quoting = quotes.choose(published, settings.quotes, approved)
    about = page.describe(settings.trust, published, found, first_page, quoting, edition, unsent_digests)
    report = page.report(about, services)
    folder = settings.reports / report.folder
    write_whole(folder / "report.txt", page.text(about, services))
    write_whole(folder / report_file.NAME, report_file.written(report))
    html = page.html(about, services, progress)
    no_pdf = write_pdf(folder, html) if settings.report.pdf else "report.pdf in the settings is false."
    # Last: a folder with a page is a report.
    write_whole(folder / "report.html", html)
    return Rendered(
        period=report.period,
        folder=folder,
        report=folder / "report.html",
        pages={str(folder): hashlib.sha256(html.encode()).hexdigest()},
        pdf=None if no_pdf else folder / "report.pdf",
        no_pdf=no_pdf,
        findings=len(found),
        services=len(services),
        quotes=len(quoting.comment_ids),
        seconds=0,
    )


def write_pdf(folder: Path, html: str) -> str | None:
    """Write a page as PDF beside it; return why not, where it cannot be made. The report goes on without it."""
    from wordround.reports import pdf
    from wordround.storage import write_whole

    if not pdf.is_possible():
        return pdf.HOW_TO_GET_IT
    try:
        write_whole(folder / "report.pdf", pdf.written(html))
    except pdf.PdfFailed as fault:
        (folder / "report.pdf").unlink(missing_ok=True)
        return f"No PDF was written: WeasyPrint could not lay the page out ({fault}). Print the page from a browser."
    return None


def send(settings: Settings, folder: Path, *, page_sha256: str | None = None, force: bool = False) -> Sent:
    """Send the report in this folder to those of its edition, unless that was done before, or a person rejected it.

    page_sha256: the page that is meant, where it is not whatever lies there. Raises ReportRenderedAnew for another,
    FileUnreadable when the folder holds no report, MailRefused when the server does not take the message.
    """
    from wordround.reports import sending

    return sending.send(settings, Path(folder), page_sha256=page_sha256, force=force)


def settle(settings: Settings, folder: Path, page_sha256: str, *, is_approved: bool, by: str, why: str = "") -> Settled:
    """Log what Airflow was answered about a page in this folder; a rejected one is not sent afterwards either.

    Where somebody has rejected it on the web page it stays rejected. Raises ReportRenderedAnew where another page lies
    there.
    """
    from wordround.reports import decisions

    decided = decisions.note(settings, Path(folder), page_sha256, is_approved=is_approved, by=by, why=why)
    return Settled(approved=decided.is_approved, folder=Path(folder))


def _log_progress(done: int, total: int) -> None:
    if done % 10 == 0 or done == total:
        log.info("Report: %d of %d services", done, total)
