"""Keys by which programs read figures: made and shown once, kept as a hash, and good until they are withdrawn.

A key is 32 random bytes. Nobody guesses one, so that its hash needs no salt and can be looked up.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

import sqlalchemy as sa

from wordround.errors import KeyRefused
from wordround.records import store
from wordround.records.tables import api_keys
from wordround.registers.typed_words import without_identifiers
from wordround.settings import Settings

KeyRole = Literal["reader", "lead", "analyst"]

LONGEST_NAME = 60
_BEGINS = "wordround_"
# Programs that de-identification would take for somebody: Bi is a surname.
_PROGRAM = re.compile(r"\b(?:power[ -]?bi|tableau|qlik(?:view|sense)?|looker|metabase|excel|knime)\b", re.IGNORECASE)


@dataclass(frozen=True)
class ApiKey:
    """A key, without what opens. `services`: ids of those whose counts a lead's key gives."""

    name: str
    role: KeyRole
    services: tuple[str, ...]
    made_at: datetime
    withdrawn_at: datetime | None


def make(settings: Settings, name: str, role: KeyRole, services: Sequence[str] = ()) -> str:
    """Make a key and return it, this once. Raises KeyRefused."""
    name = " ".join(name.split())
    words = without_identifiers(_PROGRAM.sub("program", name))
    if not name or len(name) > LONGEST_NAME or words.kept is None or words.taken_out:
        raise KeyRefused(
            f"Call a key by what reads with it, such as power-bi: at most {LONGEST_NAME} characters, no person's name."
        )
    if (role == "lead") != bool(services):
        raise KeyRefused("A lead's key names its services (--service), and no other key does.")
    key = _BEGINS + secrets.token_urlsafe(32)
    row = {
        "made_at": datetime.now(UTC), "name": name, "key_hash": _hash(key), "role": role,
        "services": sorted(set(services)), "withdrawn_at": None,
    }  # fmt: skip
    with store.writing(settings) as connection:
        if connection.execute(sa.select(api_keys.c.id).where(_is_good(name))).first():
            raise KeyRefused("A key of this name is there. Withdraw it first, or give another name.")
        connection.execute(sa.insert(api_keys), row)
    return key


def withdraw(settings: Settings, name: str) -> None:
    """Withdraw a key: from now on it opens nothing. Raises KeyRefused where none is called that."""
    with store.writing(settings) as connection:
        change = sa.update(api_keys).where(_is_good(" ".join(name.split()))).values(withdrawn_at=datetime.now(UTC))
        if not connection.execute(change).rowcount:
            raise KeyRefused("No key in force is called that. `wordround web keys` lists them.")


def holder(settings: Settings, key: str) -> ApiKey | None:
    """Whose key it is; None where it is none, or is withdrawn."""
    condition = (api_keys.c.key_hash == _hash(key)) & api_keys.c.withdrawn_at.is_(None)
    return next(iter(_read(settings, condition)), None)


def all_keys(settings: Settings) -> list[ApiKey]:
    """All keys, the oldest first."""
    return _read(settings, sa.true())


def _is_good(name: str) -> sa.ColumnElement[bool]:
    return (api_keys.c.name == name) & api_keys.c.withdrawn_at.is_(None)


def _read(settings: Settings, condition: sa.ColumnElement[bool]) -> list[ApiKey]:
    select = sa.select(api_keys).where(condition).order_by(api_keys.c.id)
    with store.reading(settings) as connection:
        return [
            ApiKey(row.name, row.role, tuple(row.services), row.made_at, row.withdrawn_at)
            for row in connection.execute(select)
        ]


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()
