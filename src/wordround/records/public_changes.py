"""Changes that the public may read: which change after an alert was opened to it, in which words, by whom.

A change is known by its alert and the number of the action that says it. What the public reads is a sentence of its
own: one that may name somebody is refused and not mended, since nobody would read it again before the public does. The
words go when the change is withdrawn; who opened and withdrew it, and when, stays.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from wordround.plain_text import plain
from wordround.records import store
from wordround.records.tables import public_change_words, public_changes
from wordround.registers.typed_words import without_identifiers
from wordround.settings import Settings

LONGEST_WORDS = 300

Key = tuple[str, int]


@dataclass(frozen=True)
class PublicChange:
    """A change that is open: `by` a login, `words` what the public reads."""

    alert_id: str
    version: int
    at: datetime
    by: str
    words: str


class WordsRefused(Exception):
    """These words are not for the public; `says` why. Nothing was written."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


class AlreadyOpen(Exception):
    """Somebody has opened the change before; `first`: what the public reads."""

    def __init__(self, first: PublicChange) -> None:
        self.first = first


def all_open(settings: Settings) -> dict[Key, PublicChange]:
    """The changes that are open, by alert and action."""
    with store.reading(settings) as connection:
        return _open(connection)


def checked(typed: str) -> str:
    """What was typed, on one line. Raises WordsRefused where it is empty, too long or may name somebody."""
    text = " ".join(plain(typed).split())
    if not text:
        raise WordsRefused("Say in a sentence what the public reads.")
    if len(text) > LONGEST_WORDS:
        raise WordsRefused(f"That is {len(text):,} characters; {LONGEST_WORDS:,} is the most.")
    words = without_identifiers(text)
    if words.kept is None:
        raise WordsRefused("It may name somebody, and it cannot be said who. Say it without names, in English.")
    if words.taken_out:
        kinds = ", ".join(kind.replace("_", " ") for kind in sorted(words.taken_out))
        raise WordsRefused(f"It may name somebody ({kinds}). Say it without: by roles and services.")
    return words.kept


def open_to_all(settings: Settings, alert_id: str, version: int, by: str, typed: str) -> PublicChange:
    """Open a change to the public. Raises WordsRefused, AlreadyOpen."""
    words = checked(typed)
    with store.writing(settings) as connection:
        if first := _open(connection).get((alert_id, version)):
            raise AlreadyOpen(first)
        change_id, at = _log(connection, alert_id, version, "opened", by)
        connection.execute(sa.insert(public_change_words), {"change_id": change_id, "words": words})
    return PublicChange(alert_id, version, at, by, words)


def withdraw(settings: Settings, alert_id: str, version: int, by: str) -> bool:
    """Take a change back from the public, and its words away; False where it is not open."""
    with store.writing(settings) as connection:
        if (alert_id, version) not in _open(connection):
            return False
        _log(connection, alert_id, version, "withdrawn", by)
        those = sa.select(public_changes.c.id).where(
            public_changes.c.alert_id == alert_id, public_changes.c.version == version
        )
        connection.execute(sa.delete(public_change_words).where(public_change_words.c.change_id.in_(those)))
    store.leave_no_trace(settings, public_change_words)
    return True


def _log(connection: sa.Connection, alert_id: str, version: int, event: str, by: str) -> tuple[int, datetime]:
    at = datetime.now(UTC)
    values = {"at": at, "alert_id": alert_id, "version": version, "event": event, "by": by}
    change_id: int = connection.execute(
        sa.insert(public_changes).values(values).returning(public_changes.c.id)
    ).scalar_one()
    return change_id, at


def _open(connection: sa.Connection) -> dict[Key, PublicChange]:
    columns = (public_changes.c[name] for name in ("alert_id", "version", "at", "by"))
    select = (
        sa.select(*columns, public_change_words.c.words)
        .join(public_change_words, public_change_words.c.change_id == public_changes.c.id)
        .order_by(public_changes.c.id)
    )
    return {(row.alert_id, row.version): PublicChange(**row._mapping) for row in connection.execute(select)}
