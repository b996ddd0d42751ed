"""Sent reports: which week's report the mail server took, and when."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import sent_reports
from wordround.settings import Settings


@dataclass(frozen=True)
class SentReport:
    """One message with the report of a week."""

    at: datetime
    week: str
    message_id: str
    recipient_count: int
    build_id: str | None
    report_sha256: str


def last_sent(settings: Settings, week: str) -> SentReport | None:
    """The last message with the report of this week, or None where it was never sent."""
    return last_of_each(settings, [week]).get(week)


def last_of_each(settings: Settings, weeks: Iterable[str]) -> dict[str, SentReport]:
    """The last message with the report of each of these weeks, of those that were sent."""
    columns = [column for column in sent_reports.c if column.name != "id"]
    select = sa.select(*columns).where(sent_reports.c.week.in_(list(weeks))).order_by(sent_reports.c.id)
    with store.reading(settings) as connection:
        found = [SentReport(**row._mapping) for row in connection.execute(select)]
    return {each.week: each for each in found}


def log(settings: Settings, sent: SentReport) -> None:
    """Log that the server took a message."""
    with store.writing(settings) as connection:
        connection.execute(sa.insert(sent_reports), asdict(sent))
