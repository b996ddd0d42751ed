"""Sends a rendered report once: one e-mail with a plain-text part, its first page as HTML and the report attached.

That it was sent is logged in the records, only after the server took the message.
"""

from datetime import UTC, datetime
from pathlib import Path

from wordround import mail
from wordround.errors import FileUnreadable
from wordround.records import sent_reports, store
from wordround.records.sent_reports import SentReport
from wordround.reports import Sent, decisions, editions, report_file
from wordround.reports.attachments import attachments
from wordround.reports.page import environment
from wordround.settings import Settings


def send(settings: Settings, folder: Path, *, page_sha256: str | None = None, force: bool = False) -> Sent:
    """See `wordround.reports.send`."""
    if page_sha256 is not None:
        decisions.refuse_another(folder, page_sha256)
    if decisions.rejection(settings, folder):
        return _not_sent("rejected; `wordround report list` says by whom and why", None)
    report, plain = report_file.read(folder), _plain(folder)
    # Two runs at once would both find that it was not sent.
    with store.alone(settings, "reports"):
        before = sent_reports.last_sent(settings, report.name)
        if before and not force:
            return _not_sent(f"already sent at {before.at.isoformat(timespec='seconds')}", before.message_id)
        recipients = editions.recipients(settings, report.edition)
        if recipients is None:
            return _not_sent("no lead in [[report.leads]] of the settings has this edition any more", None)
        if not recipients:
            return _not_sent(
                f"no recipients in [{'[report.leads]' if report.edition else 'report'}] of the settings", None
            )
        page = folder / "report.html"
        subject = f"What patients said: {report.title}, {report.edition_title or report.trust}"
        template = environment().get_template("mail.html.j2")
        body = len(plain.encode()) + len(template.render(report=report, attached=[]).encode())
        attached = attachments(folder, f"patient-comments-{report.folder}", body)
        html = template.render(report=report, attached=[each.name for each in attached])
        # A report that is sent on purpose a second time is a message of its own.
        key = "|".join(
            ("report", report.name, decisions.digest(page), *recipients, before.message_id if before else "")
        )
        message = mail.compose(settings, recipients, subject, plain, html, key)
        for each in attached:
            message.add_attachment(each.content, maintype=each.maintype, subtype=each.subtype, filename=each.name)
        mail.deliver(settings, message)
        sent = SentReport(
            at=datetime.now(UTC),
            week=report.name,
            message_id=str(message["Message-ID"]),
            recipient_count=len(recipients),
            build_id=report.build_id,
            report_sha256=decisions.digest(page),
        )
        sent_reports.log(settings, sent)
    return Sent(recipients=len(recipients), message_id=sent.message_id, sent=True)


def _plain(folder: Path) -> str:
    try:
        (folder / "report.html").stat()
        return (folder / "report.txt").read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"{folder}: holds no complete report. Run `wordround report` first.") from error


def _not_sent(reason: str, message_id: str | None) -> Sent:
    return Sent(recipients=0, message_id=message_id, sent=False, reason=reason)
