"""The weekly report: rendered from the published warehouse, and sent.

A report is three files in `reports/<week>/`. It is sent once; `force` sends it again.
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
    """Write report.html, report.txt and report.json for the last complete week.

    Raises NothingPublished, PublicationUnusable, StorageFailed.
    """
    from wordround.published import figures, reading
    from wordround.quotes import choosing as quotes
    from wordround.quotes import rewriting as rewrites
    from wordround.records import deliveries
    from wordround.reports import page, report_file
    from wordround.reports.findings import findings
    from wordround.storage import write_whole

    started = time.monotonic()
    published = reading.read(settings)
    services = figures.services(published)
    found = findings(published, services)
    rewrites.forget_gone(settings)
    quoting = quotes.choose(published, settings.quotes, rewrites.approved(settings, published))
    about = page.describe(settings.trust, published, found, quoting, len(deliveries.unsent(settings)))
    folder = settings.reports / published.week.week_label
    write_whole(folder / "report.txt", page.text(about, services))
    write_whole(folder / report_file.NAME, report_file.written(page.report(about, services)))
    write_whole(folder / "report.html", page.html(about, services, progress or _log_progress))
    return Rendered(
        week=published.week.week_label,
        folder=folder,
        report=folder / "report.html",
        findings=len(found),
        services=len(services),
        quotes=len(quoting.comment_ids),
        seconds=round(time.monotonic() - started, 1),
    )


def send(settings: Settings, folder: Path, *, force: bool = False) -> Sent:
    """Send the report in this folder to `report.recipients`, unless that was done before.

    Raises FileUnreadable when the folder holds no report, MailRefused when the server does not take the message.
    """
    from wordround.reports import sending

    return sending.send(settings, Path(folder), force=force)


def _log_progress(done: int, total: int) -> None:
    if done % 10 == 0 or done == total:
        log.info("Report: %d of %d services", done, total)
