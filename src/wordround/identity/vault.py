"""The locator vault: native ids and author ids, kept as long as their source must be asked about deletions.

This half seals: the ids of a batch become one file of mode 0600, `vault/<source>/<logical
date>/<batch>.until-<expiry>.sealed`, which this half cannot read. The half that opens is `vault_opening.py`, for
erasing and its deletion run alone. Sealed boxes are libsodium's (X25519, XSalsa20-Poly1305). No comment id is kept,
because it follows from the native id and the key: so a rotation of the key needs no locator.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from nacl.public import PublicKey, SealedBox

from wordround.identity.vault_keys import public_key
from wordround.settings import Settings
from wordround.storage import write_whole

_UNTIL = ".until-"


class Locator(NamedTuple):
    """The ids of a comment and, where it has one, of its author at the source."""

    native_id: str
    author_id: str | None


def seal(settings: Settings, source: str, logical_date: date, batch_id: str, rows: list[Locator], days: int) -> Path:
    """Write the locators of a batch so that landing cannot read them again; they expire after `days`."""
    expiry = logical_date + timedelta(days=days)
    path = settings.vault / source / logical_date.isoformat() / f"{batch_id}{_UNTIL}{expiry.isoformat()}.sealed"
    write(path, rows, public_key(settings))
    return path


def sources(settings: Settings) -> set[str]:
    """Return the sources that have locators."""
    return {path.parents[1].name for path in settings.vault.glob("*/*/*.sealed")}


def forget_source(settings: Settings, source: str) -> int:
    """Remove every sealed file of a source, unread; return how many files."""
    paths = sealed_files(settings, source)
    for path in paths:
        path.unlink()
    return len(paths)


def expire(settings: Settings, today: date) -> int:
    """Remove the files that have expired; return how many. Needs no key."""
    due = [path for path in sorted(settings.vault.glob("*/*/*.sealed")) if _expiry(path) <= today]
    for path in due:
        path.unlink(missing_ok=True)
    return len(due)


def sealed_files(settings: Settings, source: str) -> list[Path]:
    """Return the sealed files of a source, in the order of their days."""
    return sorted(settings.vault.glob(f"{source}/*/*.sealed"))


def write(path: Path, rows: Iterable[Locator], public: PublicKey) -> None:
    """Write locators for the holder of the private key alone."""
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    write_whole(path, SealedBox(public).encrypt(content), mode=0o600)


def _expiry(path: Path) -> date:
    return date.fromisoformat(path.stem.rpartition(_UNTIL)[2])
