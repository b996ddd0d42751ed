"""Sends a rendered report once, and remembers that it did.

Comes in: settings and the folder of a report. Goes out: one e-mail with a plain-text part, a short HTML part and the
whole report attached; then `sent.json` beside the report, written only after the server took the message.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wordround import mail
from wordround.errors import FileUnreadable
from wordround.reports.page import environment
from wordround.settings import Settings
from wordround.storage import write_whole

MARKER = "sent.json"


def send(settings: Settings, folder: Path, *, force: bool = False) -> dict[str, Any]:
    """See `wordround.reports.send`."""
    plain, report = _read(folder)
    before = _sent_before(folder)
    if before and not force:
        return _not_sent(f"already sent at {before['sent_at']}", before["message_id"])
    recipients = settings.report.recipients
    if not recipients:
        return _not_sent("no recipients in [report] of the settings", None)
    page = folder / "report.html"
    subject = f"What patients said: week {report['week']}, {report['trust']}"
    html = environment().get_template("mail.html.j2").render(report=report, attachment=_attachment(report))
    # A report that is sent on purpose a second time is a message of its own.
    key = "|".join(("report", report["week"], _digest(page), *recipients, before["message_id"] if before else ""))
    message = mail.compose(settings, recipients, subject, plain, html, key)
    mail.attach_page(message, page, _attachment(report))
    mail.deliver(settings, message)
    message_id = str(message["Message-ID"])
    marker = {
        "sent_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "message_id": message_id,
        "recipients": len(recipients),
        "build_id": report["build_id"],
        "report_sha256": _digest(page),
    }
    write_whole(folder / MARKER, json.dumps(marker, indent=2) + "\n")
    return {"recipients": len(recipients), "message_id": message_id, "sent": True}


def _read(folder: Path) -> tuple[str, dict[str, Any]]:
    try:
        (folder / "report.html").stat()
        report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        return (folder / "report.txt").read_text(encoding="utf-8"), report
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"{folder}: holds no complete report. Run `wordround report` first.") from error


def _sent_before(folder: Path) -> dict[str, Any] | None:
    path = folder / MARKER
    if not path.exists():
        return None
    try:
        marker: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {"sent_at": marker["sent_at"], "message_id": marker["message_id"]}
    except (OSError, ValueError, KeyError) as error:
        raise FileUnreadable(
            f"{path}: cannot be read, so whether the report was sent is not known. Remove it to send."
        ) from error


def _not_sent(reason: str, message_id: str | None) -> dict[str, Any]:
    return {"recipients": 0, "message_id": message_id, "sent": False, "reason": reason}


def _attachment(report: dict[str, Any]) -> str:
    return f"patient-comments-{report['week']}.html"


def _digest(page: Path) -> str:
    return hashlib.sha256(page.read_bytes()).hexdigest()
