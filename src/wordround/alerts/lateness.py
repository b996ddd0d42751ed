"""Tells the engineer that the day's figures are late, once a day, by mail.

A deadline of Airflow asks for it (dags/): what counts is whether what is published holds anything that was collected
for today. So a deadline that was missed by a run of no consequence, such as one of a back-fill, tells nobody. When it
was published says nothing: what is erased at night is published too, and a conversation while it is on.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from html import escape
from zoneinfo import ZoneInfo

from wordround import mail
from wordround.errors import MailRefused, NothingPublished, PublicationUnusable
from wordround.folders import documentation
from wordround.outcomes import Outcome
from wordround.plain_text import label as as_label
from wordround.published.database import published_warehouse, rows
from wordround.published.reading import read_publication
from wordround.published.tables import Coverage
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
    """Say by mail that nothing of today is published, where that is so and was not said yet.

    run_of: the DAG whose run is late. Raises MailRefused, and the next deadline tries again; RecordsFailed.
    """
    today = (now or datetime.now(UTC)).astimezone(_LONDON)
    last = _last(settings)
    if last.collected is not None and last.collected >= today.date():
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


@dataclass(frozen=True)
class _Last:
    """The newest day for which published comments were collected, None without any, and what there is to read."""

    collected: date | None
    words: str


def _last(settings: Settings) -> _Last:
    try:
        with published_warehouse(settings) as connection:
            published = moment(read_publication(connection).published_at.astimezone(_LONDON))
            days = rows(connection, "select * from marts.fct_source_coverage", Coverage)
    except NothingPublished:
        return _Last(None, "Nothing was ever published.")
    except PublicationUnusable:
        return _Last(None, "What is published cannot be read: build and publish it again.")
    if not days:
        return _Last(None, f"Analysts read what was published on {published}, and it holds no comments.")
    newest = max((each.logical_date for each in days if not each.is_of_conversations_alone), default=None)
    if newest is None:
        return _Last(None, f"Analysts read what was published on {published}, and it holds conversations alone.")
    return _Last(
        newest, f"Analysts read what was collected until {day(newest)}, and was last published on {published}."
    )


def _words(settings: Settings, run_of: str, now: datetime, last: _Last) -> tuple[str, str]:
    """Subject and text."""
    return (
        f"Figures of {day(now.date())} are late, {as_label(settings.trust.name)}",
        f"Nothing that was collected today is published, and it is {now:%H:%M}. {last.words} No alert is decided on "
        f"the comments of today.\n\nWhat is late is the run of {run_of}. Airflow shows where it stands; what to do: "
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
