"""What was read: who was shown comments by the web page, when, by which query, and how many. Governance reads it.

The readers are people at work and stand there by their login. What they searched for passes de-identification: it may
name a patient.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import comment_readings
from wordround.registers.typed_words import without_identifiers
from wordround.settings import Settings

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


def latest(settings: Settings, most: int = 200, skipped: int = 0) -> list[CommentReading]:
    """The last readings, the newest first, without as many as were `skipped`."""
    columns = [column for column in comment_readings.c if column.name != "id"]
    select = sa.select(*columns).order_by(comment_readings.c.id.desc()).limit(most).offset(skipped)
    with store.reading(settings) as connection:
        return [CommentReading(**row._mapping) for row in connection.execute(select)]
