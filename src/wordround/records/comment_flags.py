"""Flags: what somebody says the model read wrongly in a comment, until people code it in the next sample.

A flag names a comment by its id and a theme by its code, and holds no word of either. Who flagged may take it back
until the comment is in a sample; then the flag is done (`sample_id`). All about a comment goes with its erasure.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import comment_flags, review_items
from wordround.settings import Settings

# What is wrong: the comment does not speak of the theme, speaks of it otherwise, or sounds otherwise as a whole.
Wrong = Literal["theme", "polarity", "sentiment"]
# In place of a frame, where the whole comment is meant; the code is then what the model said.
SENTIMENT = "sentiment"
MOST_WAITING = 500
_AT_ONCE = 500


@dataclass(frozen=True)
class Flag:
    """What somebody (a login) says is wrong. `code`: of the theme in its frame; `model_version`: who read it so."""

    by: str
    comment_id: str
    frame: str
    code: str
    wrong: Wrong
    model_version: str | None


@dataclass(frozen=True)
class KeptFlag:
    """A flag as it is kept. `sample_id`: the sample that its comment is in; None while it waits."""

    id: int
    at: datetime
    flag: Flag
    sample_id: int | None


@dataclass(frozen=True)
class Waiting:
    """How many flags wait for the next sample, on how many comments."""

    flags: int
    comments: int


def add(settings: Settings, flag: Flag) -> str | None:
    """Keep a flag; return why not, in one sentence, where it is not kept.

    One that the same person made of the same theme is not made again. The flag of a comment that is in a sample already
    is done with that: a comment is coded once.
    """
    own = comment_flags.c.by == flag.by
    of_theme = (
        (comment_flags.c.comment_id == flag.comment_id)
        & (comment_flags.c.frame == flag.frame)
        & (comment_flags.c.code == flag.code)
    )
    # One writer at a time, so that nobody flags between these statements.
    with store.writing(settings) as connection:
        if connection.scalar(sa.select(comment_flags.c.id).where(own & of_theme)) is not None:
            return "You have flagged this already."
        waiting = sa.select(sa.func.count()).where(own & comment_flags.c.sample_id.is_(None))
        if (connection.scalar(waiting) or 0) >= MOST_WAITING:
            return f"It was not flagged: {MOST_WAITING} flags of yours wait for the next sample."
        sample = sa.select(review_items.c.sample_id).where(review_items.c.comment_id == flag.comment_id)
        row = {"at": datetime.now(UTC), **asdict(flag), "sample_id": connection.scalar(sample)}
        connection.execute(sa.insert(comment_flags), row)
    return None


def take_back(settings: Settings, by: str, flag_id: int) -> bool:
    """Take a flag of somebody's own back, which is in no byte afterwards. Return whether there was one that waited."""
    condition = (comment_flags.c.id == flag_id) & (comment_flags.c.by == by) & comment_flags.c.sample_id.is_(None)
    with store.writing(settings) as connection:
        was_there = bool(connection.execute(sa.delete(comment_flags).where(condition)).rowcount)
    # Also where an earlier call was cut short after deleting.
    store.leave_no_trace(settings, comment_flags)
    return was_there


def of(settings: Settings, by: str, comment_ids: Collection[str]) -> list[KeptFlag]:
    """Return the flags that somebody made of these comments."""
    condition = (comment_flags.c.by == by) & comment_flags.c.comment_id.in_(sorted(comment_ids))
    with store.reading(settings) as connection:
        rows = connection.execute(sa.select(comment_flags).where(condition).order_by(comment_flags.c.id)).all()
    return [
        KeptFlag(
            row.id, row.at, Flag(row.by, row.comment_id, row.frame, row.code, row.wrong, row.model_version),
            row.sample_id,
        )
        for row in rows
    ]  # fmt: skip


def waiting_comments(settings: Settings) -> list[str]:
    """Return the ids of the comments whose flags wait, those that were flagged first before others."""
    first = sa.func.min(comment_flags.c.id)
    select = sa.select(comment_flags.c.comment_id).where(comment_flags.c.sample_id.is_(None))
    with store.reading(settings) as connection:
        return list(connection.scalars(select.group_by(comment_flags.c.comment_id).order_by(first)))


def waiting(settings: Settings) -> Waiting:
    """Return how many wait."""
    counts = sa.select(sa.func.count(), sa.func.count(comment_flags.c.comment_id.distinct()))
    with store.reading(settings) as connection:
        flags, comments = connection.execute(counts.where(comment_flags.c.sample_id.is_(None))).one()
    return Waiting(flags, comments)


def forget(settings: Settings, comment_ids: Iterable[str]) -> int:
    """Erase all flags of these comments; return how many there were.

    Deleted rows are in no byte afterwards, also where an earlier call was cut short after deleting.
    """
    if not store.is_there(settings):
        return 0
    count = _deleted(settings, comment_ids, sa.true())
    store.leave_no_trace(settings, comment_flags)
    return count


def forget_waiting(settings: Settings, comment_ids: Iterable[str]) -> int:
    """Delete the flags of comments that nobody can code any more, since their text has expired; return how many."""
    if not store.is_there(settings):
        return 0
    wanted = set(waiting_comments(settings)) & set(comment_ids)
    if count := _deleted(settings, wanted, comment_flags.c.sample_id.is_(None)):
        store.leave_no_trace(settings, comment_flags)
    return count


def _deleted(settings: Settings, comment_ids: Iterable[str], condition: sa.ColumnElement[bool]) -> int:
    wanted, count = sorted(set(comment_ids)), 0
    with store.writing(settings) as connection:
        for start in range(0, len(wanted), _AT_ONCE):
            is_wanted = comment_flags.c.comment_id.in_(wanted[start : start + _AT_ONCE])
            count += connection.execute(sa.delete(comment_flags).where(is_wanted & condition)).rowcount
    return count
