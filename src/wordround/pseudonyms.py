"""Pseudonyms: keyed hashes that stand in for native ids.

Comes in: a source's own id. Goes out: 32 hexadecimal digits of BLAKE2b in keyed mode (RFC 7693), the same for the
same id and key. Without the key nobody can test a guess, so the key is as confidential as the ids: it comes from
WORDROUND_KEY or from a file of mode 0600 that the first run makes. Losing it means that files fed again are taken for
new.
"""

import contextlib
import hashlib
import os
import secrets
import stat
from pathlib import Path

from wordround.errors import SettingsInvalid, StorageFailed
from wordround.settings import Settings

_BYTES = 32


class Pseudonymiser:
    """Makes pseudonyms with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def pseudonym(self, *parts: str) -> str:
        """Return 32 hex digits for the parts; different splits of the same characters differ."""
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(message, digest_size=16, key=self._key).hexdigest()


def pseudonymiser(settings: Settings) -> Pseudonymiser:
    """Return the pseudonymiser of this installation, making its key at the first run.

    Raises SettingsInvalid for a key that is not 64 hex digits or a key file that others may read.
    """
    given = settings.environment.key
    if given is not None:
        return Pseudonymiser(_parse(given.get_secret_value(), "the environment variable WORDROUND_KEY"))
    path = settings.home / "keys" / "pseudonym.key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _create(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsInvalid(f"{path}: others may read this key. Set its mode with: chmod 600 {path}")
        return Pseudonymiser(_parse(path.read_text().strip(), str(path)))
    except OSError as error:
        raise StorageFailed(f"{path}: the key cannot be made or read ({error.strerror}).") from error


def _create(path: Path) -> None:
    if path.exists():
        return
    # Written whole under another name and linked, so that two first runs agree on one key.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _parse(written: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(written)
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise SettingsInvalid(
            f"{where}: a key has {2 * _BYTES} hexadecimal digits. Make one with: openssl rand -hex {_BYTES}"
        )
    return key
