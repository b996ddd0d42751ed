"""Spending: what the requests of each day have cost, by source and purpose, and how far the last check came."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from wordround.records import store
from wordround.records.tables import deletion_checks, spending
from wordround.settings import Settings

Purpose = Literal["asking", "checking"]


def spent(settings: Settings, source: str, purpose: Purpose, day: date) -> float:
    """The sum of a day (UTC), in the source's own unit."""
    of_the_day = (spending.c.day == day, spending.c.source == source, spending.c.purpose == purpose)
    with store.reading(settings) as connection:
        amount = connection.scalar(sa.select(spending.c.amount).where(*of_the_day))
    return round(amount or 0.0, 6)


def since(settings: Settings, day: date) -> list[tuple[str, str, float]]:
    """Source, purpose and sum of the days from this one on, in the sources' own units."""
    total = sa.func.sum(spending.c.amount)
    select = (
        sa.select(spending.c.source, spending.c.purpose, total)
        .where(spending.c.day >= day)
        .group_by(spending.c.source, spending.c.purpose)
        .order_by(spending.c.source, spending.c.purpose)
    )
    with store.reading(settings) as connection:
        return [(row[0], row[1], round(row[2], 6)) for row in connection.execute(select)]


def add(settings: Settings, source: str, purpose: Purpose, day: date, amount: float) -> None:
    """Add to the sum of a day; whoever else adds to it at the same time is counted too."""
    row = {"day": day, "source": source, "purpose": purpose, "amount": amount}
    with store.writing(settings) as connection:
        _upsert(connection, spending, row, {"amount": spending.c.amount + amount})


def last_place(settings: Settings, source: str) -> int:
    """How far down its list the last check for deletions came."""
    select = sa.select(deletion_checks.c.last_place).where(deletion_checks.c.source == source)
    with store.reading(settings) as connection:
        return connection.scalar(select) or 0


def stop_at(settings: Settings, source: str, place: int) -> None:
    """Remember how far down its list a check came."""
    with store.writing(settings) as connection:
        _upsert(connection, deletion_checks, {"source": source, "last_place": place}, {"last_place": place})


def _upsert(connection: sa.Connection, table: sa.Table, row: Mapping[str, Any], otherwise: Mapping[str, Any]) -> None:
    # The two say it alike, and SQLAlchemy has no word for both.
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    keys = list(table.primary_key)
    connection.execute(make(table).values(row).on_conflict_do_update(index_elements=keys, set_=otherwise))
