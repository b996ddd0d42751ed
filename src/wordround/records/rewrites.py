"""Rewrites of social media posts: who wrote, approved and withdrew which, and the words of those that stand.

Never the post. The history of a rewrite stays as long as its comment; its words go when it is replaced or withdrawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import rewrite_events, rewrite_texts
from wordround.settings import Settings


@dataclass(frozen=True)
class Rewrite:
    """A rewrite that stands. `comment_updated_at`: the state of the comment that it was checked against."""

    rewrite_id: int
    comment_id: str
    text: str
    written_by: str
    written_at: datetime
    comment_updated_at: datetime | None
    approved_by: str | None = None
    approved_at: datetime | None = None


@dataclass(frozen=True)
class RewriteEvent:
    """What happened to a rewrite; `by` is a role or initials, and nobody where it was withdrawn."""

    at: datetime
    event: str
    comment_id: str
    by: str | None


def standing(settings: Settings) -> dict[str, Rewrite]:
    """All rewrites that stand, by the id of their comment, each with its latest approval."""
    written, approved = rewrite_events.alias("written"), rewrite_events.alias("approved")
    latest = (
        sa.select(sa.func.max(rewrite_events.c.id).label("id"))
        .where(rewrite_events.c.event == "approved")
        .group_by(rewrite_events.c.rewrite_id)
    ).subquery("latest")
    select = (
        sa.select(
            rewrite_texts.c.rewrite_id,
            written.c.comment_id,
            rewrite_texts.c.text,
            written.c.by.label("written_by"),
            written.c.at.label("written_at"),
            written.c.comment_updated_at,
            approved.c.by.label("approved_by"),
            approved.c.at.label("approved_at"),
        )
        .join_from(rewrite_texts, written, written.c.id == rewrite_texts.c.rewrite_id)
        .outerjoin(
            approved,
            sa.and_(approved.c.rewrite_id == written.c.id, approved.c.id.in_(sa.select(latest.c.id))),
        )
        .order_by(written.c.id)
    )
    with store.reading(settings) as connection:
        rows = connection.execute(select).all()
    return {row.comment_id: Rewrite(**row._mapping) for row in rows}


def comments(settings: Settings) -> set[str]:
    """The ids of all comments that anything is kept about."""
    with store.reading(settings) as connection:
        return set(connection.scalars(sa.select(rewrite_events.c.comment_id)))


def history(settings: Settings) -> list[RewriteEvent]:
    """All that happened to rewrites, in order, without a word of them."""
    columns = (rewrite_events.c.at, rewrite_events.c.event, rewrite_events.c.comment_id, rewrite_events.c.by)
    with store.reading(settings) as connection:
        rows = connection.execute(sa.select(*columns).order_by(rewrite_events.c.id)).all()
    return [RewriteEvent(**row._mapping) for row in rows]


def write(settings: Settings, comment_id: str, text: str, by: str, comment_updated_at: datetime | None) -> None:
    """Store a rewrite in the place of the one that stands."""
    event = {"at": datetime.now(UTC), "event": "written", "comment_id": comment_id, "by": by}
    with store.writing(settings) as connection:
        connection.execute(_texts_of([comment_id]))
        values = event | {"comment_updated_at": comment_updated_at}
        rewrite_id = connection.scalar(sa.insert(rewrite_events).values(values).returning(rewrite_events.c.id))
        connection.execute(sa.insert(rewrite_texts), {"rewrite_id": rewrite_id, "text": text})


def approve(settings: Settings, rewrite: Rewrite, by: str) -> bool:
    """Approve this very rewrite; say whether it still stood."""
    with store.writing(settings) as connection:
        still = sa.select(rewrite_texts.c.rewrite_id).where(rewrite_texts.c.rewrite_id == rewrite.rewrite_id)
        if connection.scalar(still) is None:
            return False
        _add(connection, "approved", rewrite.comment_id, rewrite.rewrite_id, by)
    return True


def withdraw(settings: Settings, comment_id: str) -> bool:
    """Take the words of a rewrite away for good, and keep that there was one; say whether one stood."""
    with store.writing(settings) as connection:
        written: Sequence[int] = connection.scalars(
            sa.select(rewrite_events.c.id)
            .join(rewrite_texts, rewrite_texts.c.rewrite_id == rewrite_events.c.id)
            .where(rewrite_events.c.comment_id == comment_id)
        ).all()
        for rewrite_id in written:
            _add(connection, "withdrawn", comment_id, rewrite_id)
        connection.execute(_texts_of([comment_id]))
    store.leave_no_trace(settings, rewrite_texts)
    return bool(written)


def forget(settings: Settings, comment_ids: Iterable[str]) -> int:
    """Erase all about these comments, words and history; return how many rewrites stood.

    Deleted rows are in no byte afterwards, also where an earlier call was cut short after deleting.
    """
    if not store.is_there(settings):
        return 0
    with store.writing(settings) as connection:
        wanted = sorted(set(comment_ids))
        count = sum(connection.execute(_texts_of(wanted[i : i + 500])).rowcount for i in range(0, len(wanted), 500))
        for i in range(0, len(wanted), 500):
            connection.execute(sa.delete(rewrite_events).where(rewrite_events.c.comment_id.in_(wanted[i : i + 500])))
    store.leave_no_trace(settings, rewrite_texts, rewrite_events)
    return count


def _texts_of(comment_ids: list[str]) -> sa.Delete:
    events = sa.select(rewrite_events.c.id).where(rewrite_events.c.comment_id.in_(comment_ids))
    return sa.delete(rewrite_texts).where(rewrite_texts.c.rewrite_id.in_(events))


def _add(connection: sa.Connection, event: str, comment_id: str, rewrite_id: int, by: str | None = None) -> None:
    values = {"at": datetime.now(UTC), "event": event, "comment_id": comment_id, "rewrite_id": rewrite_id, "by": by}
    connection.execute(sa.insert(rewrite_events), values)
