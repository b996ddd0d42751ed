"""Tells the engineer that the day's figures are late, once a day, by mail.

A deadline of Airflow asks for it (dags/): what counts is whether anything was published since the day began, so that a
deadline that was missed by a run of no consequence, such as one of a back-fill, tells nobody.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from zoneinfo import ZoneInfo

from wordround import mail
from wordround.errors import MailRefused, NothingPublished, PublicationUnusable
from wordround.folders import documentation
from wordround.outcomes import Outcome
from wordround.plain_text import label as as_label
from wordround.published.database import published_warehouse
from wordround.published.reading import read_publication
from wordround.published.wording import day, moment
from wordround.records import deliveries, store
from wordround.records.deliveries import Delivery
from wordround.settings import ENGINEER, Settings

_LONDON = ZoneInfo("Europe/London")


class Lateness(Outcome):
    """Whether figures are late, whether the engineer was told now, and why not where nobody was."""

    late: bool
    told: bool = False
    reason: str | None = None


def tell(settings: Settings, run_of: str, now: datetime | None = None) -> Lateness:
    """Say by mail that nothing was published today, where that is so and was not said yet.

    run_of: the DAG whose run is late. Raises MailRefused, and the next deadline tries again; RecordsFailed.
    """
    today = (now or datetime.now(UTC)).astimezone(_LONDON)
    last = _last_published(settings)
    if last is not None and last.date() >= today.date():
        return Lateness(late=False)
    recipients = settings.alerts.engineer or settings.alerts.recipients
    if not recipients or not settings.mail.host:
        missing = "engineer or recipients in [alerts]" if not recipients else "host in [mail]"
        return Lateness(late=True, reason=f"no {missing} of the settings")
    key = f"late:{today.date().isoformat()}"
    with store.alone(settings, "late"):
        if any(step.event == "sent" and key in step.news for step in deliveries.logged(settings)):
            return Lateness(late=True, reason="was told already today")
        _send(settings, recipients, key, _words(settings, run_of, today, last))
    return Lateness(late=True, told=True)


def _last_published(settings: Settings) -> datetime | None:
    try:
        with published_warehouse(settings) as connection:
            return read_publication(connection).published_at.astimezone(_LONDON)
    except (NothingPublished, PublicationUnusable):
        return None


def _words(settings: Settings, run_of: str, now: datetime, last: datetime | None) -> tuple[str, str]:
    """Subject and text."""
    since = f"The last figures are of {moment(last)}." if last else "Nothing was ever published."
    return (
        f"Figures of {day(now.date())} are late, {as_label(settings.trust.name)}",
        f"Nothing was published today, and it is {now:%H:%M}. {since} Analysts read those; no alert is decided on the "
        f"comments of today.\n\nWhat is late is the run of {run_of}. Airflow shows where it stands; what to do: "
        f"{documentation(f'runbook.md#{run_of}')}\n",
    )


def _send(settings: Settings, recipients: tuple[str, ...], key: str, words: tuple[str, str]) -> None:
    subject, plain = words
    html = "".join(f"<p>{escape(part.strip())}</p>" for part in plain.split("\n\n"))
    message_key = sha256(json.dumps([key, recipients]).encode()).hexdigest()[:32]

    def log(event: deliveries.Event, reason: str | None = None) -> None:
        step = Delivery(datetime.now(UTC), ENGINEER, "mail", event, message_key, (key,), reason)
        deliveries.log(settings, [step])

    log("begun")
    try:
        mail.deliver(settings, mail.compose(settings, recipients, subject, plain, html, message_key))
    except MailRefused:
        log("failed", "the mail server did not take it")
        raise
    log("sent")
