"""Searches that people keep on the web page, each for themselves: under a name, by login, until they delete it.

A search that may name somebody is not kept: without the name it would be another search.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from wordround.plain_text import plain
from wordround.records import store
from wordround.records.tables import saved_searches
from wordround.registers.typed_words import without_identifiers
from wordround.settings import Settings

LONGEST_NAME, MOST_SEARCHES = 80, 50


@dataclass(frozen=True)
class SavedSearch:
    """A search. `query`: what is asked for, by the names that an address has for it."""

    id: int
    at: datetime
    name: str
    query: dict[str, str]


def save(settings: Settings, by: str, name: str, typed: str, query: Mapping[str, str]) -> str | None:
    """Keep a search; return why not, in one sentence, where it is not kept. `typed`: the words in it."""
    name = " ".join(plain(name).split())
    if not name or len(name) > LONGEST_NAME:
        return f"Give the search a name of at most {LONGEST_NAME} characters."
    if any(_may_name_somebody(words) for words in (name, typed)):
        return "It was not saved: its name or its words may name somebody."
    with store.writing(settings) as connection:
        count = sa.select(sa.func.count()).where(saved_searches.c.by == by)
        if (connection.scalar(count) or 0) >= MOST_SEARCHES:
            return f"It was not saved: you have {MOST_SEARCHES} searches. Delete one of them first."
        row = {
            "at": datetime.now(UTC),
            "by": by,
            "name": name,
            "query": {key: _legible(value) for key, value in query.items()},
        }
        connection.execute(sa.insert(saved_searches), row)
    return None


def of(settings: Settings, by: str) -> list[SavedSearch]:
    """The searches that somebody keeps, by name."""
    columns = (saved_searches.c.id, saved_searches.c.at, saved_searches.c.name, saved_searches.c.query)
    select = sa.select(*columns).where(saved_searches.c.by == by).order_by(saved_searches.c.name, saved_searches.c.id)
    with store.reading(settings) as connection:
        return [SavedSearch(**row._mapping) for row in connection.execute(select)]


def delete(settings: Settings, by: str, search_id: int) -> bool:
    """Delete a search of somebody's own, which is in no byte afterwards. Return whether there was one."""
    condition = (saved_searches.c.by == by) & (saved_searches.c.id == search_id)
    with store.writing(settings) as connection:
        was_there = bool(connection.execute(sa.delete(saved_searches).where(condition)).rowcount)
    if was_there:
        store.leave_no_trace(settings, saved_searches)
    return was_there


def _legible(typed: str) -> str:
    """What was typed without what nobody sees, which no database has to take."""
    return "".join(character if character.isprintable() else " " for character in typed).strip()


def _may_name_somebody(typed: str) -> bool:
    found = without_identifiers(typed)
    return found.kept is None or bool(found.taken_out)
