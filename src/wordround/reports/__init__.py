"""The weekly report: rendered from the published warehouse, and sent.

A report is a page, the same as PDF and as text, and its figures, in `reports/<week>/`. It is sent once; `force` sends
it again.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from wordround.outcomes import Outcome
from wordround.settings import Settings

log = logging.getLogger(__name__)

# Called with (services done, services in all).
Progress = Callable[[int, int], None]


class Rendered(Outcome):
    """Where the report of a week lies, and how many findings, services and quotes it has."""

    week: str
    folder: Path
    report: Path
    pdf: Path | None
    no_pdf: str | None = None
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


def render(settings: Settings, progress: Progress | None = None) -> Rendered:
    """Write report.html, report.pdf, report.txt and report.json for the last complete week.

    Raises NothingPublished, PublicationUnusable, StorageFailed.
    """
    from wordround.published import figures, reading
    from wordround.quotes import choosing as quotes
    from wordround.quotes import rewriting as rewrites
    from wordround.reports import attention, page, report_file
    from wordround.reports.findings import ALL, findings
    from wordround.reports.front import front
    from wordround.storage import write_whole

    started = time.monotonic()
    published = reading.read(settings)
    services = attention.in_order(figures.services(published))
    found = findings(published, services)
    first_page = front(published, services, findings(published, services, most=ALL))
    rewrites.forget_gone(settings)
    quoting = quotes.choose(published, settings.quotes, rewrites.approved(settings, published))
    about = page.describe(settings.trust, published, found, first_page, quoting)
    folder = settings.reports / published.week.week_label
    write_whole(folder / "report.txt", page.text(about, services))
    write_whole(folder / report_file.NAME, report_file.written(page.report(about, services)))
    html = page.html(about, services, progress or _log_progress)
    no_pdf = _write_pdf(folder, html) if settings.report.pdf else "report.pdf in the settings is false."
    # Last: a folder with a page is a report.
    write_whole(folder / "report.html", html)
    return Rendered(
        week=published.week.week_label,
        folder=folder,
        report=folder / "report.html",
        pdf=None if no_pdf else folder / "report.pdf",
        no_pdf=no_pdf,
        findings=len(found),
        services=len(services),
        quotes=len(quoting.comment_ids),
        seconds=round(time.monotonic() - started, 1),
    )


def _write_pdf(folder: Path, html: str) -> str | None:
    """Write the page as PDF; return why not, where it cannot be made. The report goes on without it."""
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


def send(settings: Settings, folder: Path, *, force: bool = False) -> Sent:
    """Send the report in this folder to `report.recipients`, unless that was done before.

    Raises FileUnreadable when the folder holds no report, MailRefused when the server does not take the message.
    """
    from wordround.reports import sending

    return sending.send(settings, Path(folder), force=force)


def _log_progress(done: int, total: int) -> None:
    if done % 10 == 0 or done == total:
        log.info("Report: %d of %d services", done, total)
