"""What was read: who was shown comments by the web page, when, by which query, and how many. Governance reads it.

The readers are people at work and stand there by their login. What they searched for passes de-identification: it may
name a patient.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import comment_readings
from wordround.registers.typed_words import without_identifiers
from wordround.settings import Settings

_LONDON = ZoneInfo("Europe/London")
NOT_KEPT = "[words that may name somebody]"


@dataclass(frozen=True)
class CommentReading:
    """One page with comments. `page`: its kind; `query`: what was asked for, without identifiers."""

    at: datetime
    by: str
    page: str
    query: str
    comment_count: int


def log(
    settings: Settings, by: str, page: str, asked: Mapping[str, object], comment_count: int, typed: str = ""
) -> None:
    """Log that somebody is shown comments, before they are. `asked`: choices from lists; `typed`: their own words."""
    words = {"words": without_identifiers(typed).kept or NOT_KEPT} if typed.strip() else {}
    parts = {**{name: value for name, value in asked.items() if value not in (None, "")}, **words}
    query = "; ".join(f"{name}: {value}" for name, value in parts.items())
    reading = CommentReading(datetime.now(UTC), by, page, query, comment_count)
    with store.writing(settings) as connection:
        connection.execute(sa.insert(comment_readings), asdict(reading))


def latest(
    settings: Settings, most: int = 200, skipped: int = 0, by: str | None = None, day: date | None = None
) -> list[CommentReading]:
    """The last readings, the newest first, without as many as were `skipped`.

    by: those of one login; day: those of one day in London.
    """
    columns = [column for column in comment_readings.c if column.name != "id"]
    select = sa.select(*columns).order_by(comment_readings.c.id.desc()).limit(most).offset(skipped)
    if by is not None:
        select = select.where(comment_readings.c.by == by)
    if day is not None:
        first, next_day = (datetime.combine(each, time(), _LONDON) for each in (day, day + timedelta(days=1)))
        select = select.where(comment_readings.c.at >= first, comment_readings.c.at < next_day)
    with store.reading(settings) as connection:
        return [CommentReading(**row._mapping) for row in connection.execute(select)]


def readers(settings: Settings) -> list[str]:
    """The logins that the log knows, by name."""
    select = sa.select(comment_readings.c.by).distinct().order_by(comment_readings.c.by)
    with store.reading(settings) as connection:
        return list(connection.execute(select).scalars())
