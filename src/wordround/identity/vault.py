"""The locator vault: what leads back to a comment at its source, for as long as somebody there must be asked.

Comes in: native ids and author ids while a batch is landed. Goes out: one sealed file a batch, `vault/<source>/<logical
date>/<batch>.until-<expiry>.sealed`, mode 0600. Landing holds the public key alone and can write what it cannot read;
the private key is opened by erasing and by the deletion run. Sealed boxes are libsodium's (X25519, XSalsa20-Poly1305).
It keeps no comment id: that follows from the native id and the key, so that a rotation of the key needs no locator.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from wordround.errors import FileUnreadable, SettingsInvalid
from wordround.identity.keys import own_secret, parse_key
from wordround.settings import Settings
from wordround.storage import write_whole

_UNTIL = ".until-"


class Locator(NamedTuple):
    """What names a comment, and its author where there is one, at the source."""

    native_id: str
    author_id: str | None


def seal(settings: Settings, source: str, logical_date: date, batch_id: str, rows: list[Locator], days: int) -> Path:
    """Write the locators of a batch so that landing cannot read them again; they are gone after `days`."""
    expiry = logical_date + timedelta(days=days)
    path = settings.vault / source / logical_date.isoformat() / f"{batch_id}{_UNTIL}{expiry.isoformat()}.sealed"
    _write(path, rows, _public_key(settings))
    return path


def locators(settings: Settings, source: str) -> Iterator[Locator]:
    """Yield every locator of a source. Opens the private key."""
    for path in _sealed(settings, source):
        yield from _read(path, _private_key(settings))


def sources(settings: Settings) -> set[str]:
    """Return the sources that have locators."""
    return {path.parents[1].name for path in settings.vault.glob("*/*/*.sealed")}


def forget(settings: Settings, source: str, is_gone: Callable[[Locator], bool]) -> int:
    """Remove locators; return how many. A file of which none is left goes. Opens the private key."""
    gone = 0
    for path in _sealed(settings, source):
        private = _private_key(settings)
        rows = _read(path, private)
        kept = [row for row in rows if not is_gone(row)]
        if len(kept) < len(rows):
            gone += len(rows) - len(kept)
            if kept:
                _write(path, kept, private.public_key)
            else:
                path.unlink()
    return gone


def stop_without_the_key(settings: Settings) -> None:
    """Raise SettingsInvalid where the private key is not here or is not that of the public one."""
    if _private_key(settings).public_key != _public_key(settings):
        raise SettingsInvalid("The private key of the vault is not that of keys/vault.pub. Bring back the right one.")


def forget_source(settings: Settings, source: str) -> int:
    """Remove every sealed file of a source, unread; return how many files."""
    paths = _sealed(settings, source)
    for path in paths:
        path.unlink()
    return len(paths)


def expire(settings: Settings, today: date) -> int:
    """Remove the files whose time is over; return how many. Needs no key."""
    due = [path for path in sorted(settings.vault.glob("*/*/*.sealed")) if _expiry(path) <= today]
    for path in due:
        path.unlink(missing_ok=True)
    return len(due)


def _expiry(path: Path) -> date:
    return date.fromisoformat(path.stem.rpartition(_UNTIL)[2])


def _sealed(settings: Settings, source: str) -> list[Path]:
    return sorted(settings.vault.glob(f"{source}/*/*.sealed"))


def _write(path: Path, rows: Iterable[Locator], public: PublicKey) -> None:
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    write_whole(path, SealedBox(public).encrypt(content), mode=0o600)


def _read(path: Path, private: PrivateKey) -> list[Locator]:
    try:
        content = SealedBox(private).decrypt(path.read_bytes())
    except CryptoError as error:
        raise FileUnreadable(f"{path}: cannot be opened with this vault key. Bring back the right one.") from error
    return [Locator(*json.loads(line)) for line in content.splitlines()]


def _public_key(settings: Settings) -> PublicKey:
    """Return the public key, making the pair at the first run."""
    path = settings.home / "keys" / "vault.pub"
    if not path.exists():
        if settings.environment.vault_key is None and not _private_file(settings).exists():
            own_secret(_private_file(settings), bytes(PrivateKey.generate()).hex())
        write_whole(path, bytes(_private_key(settings).public_key).hex() + "\n", mode=0o600)
    try:
        return PublicKey(parse_key(path.read_text(encoding="ascii").strip(), str(path)))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{path}: cannot be read. Remove it: it is made again from the private key.") from error


def _private_key(settings: Settings) -> PrivateKey:
    given, path = settings.environment.vault_key, _private_file(settings)
    if given is not None:
        return PrivateKey(parse_key(given.get_secret_value(), "the environment variable WORDROUND_VAULT_KEY"))
    if not path.exists():
        raise SettingsInvalid(
            f"{path}: the private key of the locator vault is not here. Bring it back, or set WORDROUND_VAULT_KEY."
        )
    return PrivateKey(parse_key(own_secret(path, ""), str(path)))


def _private_file(settings: Settings) -> Path:
    return settings.home / "keys" / "vault.key"
