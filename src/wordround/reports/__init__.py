"""The weekly report: rendered from the published warehouse, and sent.

Comes in: settings. Goes out: three files in `reports/<week>/` and a dict of counts and paths, never comment text.
Reads nothing but the published warehouse. A report is sent once; `force` sends it again.
"""

import logging
import time
from pathlib import Path
from typing import Any

from wordround.settings import Settings

log = logging.getLogger(__name__)


def render(settings: Settings, progress: Any = None) -> dict[str, Any]:
    """Write report.html, report.txt and report.json for the last complete week.

    progress: called with (services done, services in all). Raises NothingPublished, StorageFailed.
    Returns {"week", "folder", "report", "findings" (how many), "services" and "quotes" (how many), "seconds"}.
    """
    from wordround.published import figures, reading
    from wordround.quotes import choosing as quotes
    from wordround.quotes import rewriting as rewrites
    from wordround.reports import page
    from wordround.reports.findings import findings
    from wordround.storage import write_whole

    started = time.monotonic()
    published = reading.read(settings)
    services = figures.services(published)
    found = findings(published, services)
    rewrites.forget_gone(settings)
    quoting = quotes.choose(published, settings.quotes, rewrites.approved(settings, published))
    about = page.describe(settings.trust, published, found, quoting)
    folder = settings.reports / published.week["week_label"]
    write_whole(folder / "report.txt", page.text(about, services))
    write_whole(folder / "report.json", page.data(about, services))
    write_whole(folder / "report.html", page.html(about, services, progress or _log_progress))
    return {
        "week": published.week["week_label"],
        "folder": str(folder),
        "report": str(folder / "report.html"),
        "findings": len(found),
        "services": len(services),
        "quotes": len(quoting.comment_ids),
        "seconds": round(time.monotonic() - started, 1),
    }


def send(settings: Settings, folder: Path, *, force: bool = False) -> dict[str, Any]:
    """Send the report in this folder to `report.recipients`, once.

    Raises FileUnreadable when the folder holds no report, MailRefused when the server does not take the message.
    Returns {"recipients", "message_id", "sent"}, with "reason" where nothing was sent.
    """
    from wordround.reports import sending

    return sending.send(settings, Path(folder), force=force)


def _log_progress(done: int, total: int) -> None:
    if done % 10 == 0 or done == total:
        log.info("Report: %d of %d services", done, total)
