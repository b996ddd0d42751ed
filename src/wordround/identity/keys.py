"""Keys: the chain of pseudonym keys, and how many of them the stored ids have gone through.

The keys are WORDROUND_KEY, or `keys/pseudonym.key` of mode 0600, which the first run makes; several keys, oldest first,
are a chain. `keys/links` holds how many of them every stored id has gone through, with a check value, so that a wrong
key and a rotation that was cut short are found before anything is landed. A key that is not 64 hexadecimal digits, and
a file that others may read, are refused.
"""

import hashlib
import secrets
from pathlib import Path
from typing import NamedTuple

from wordround.access import KEY_BYTES, own_secret, parse_key
from wordround.errors import RotationUnfinished, SettingsInvalid
from wordround.folders import documentation
from wordround.settings import Settings
from wordround.storage import write_whole


class Stored(NamedTuple):
    """How many keys the stored ids have gone through, and the check value of these keys."""

    link_count: int
    check: str


def chain(settings: Settings) -> tuple[bytes, ...]:
    """Return the keys, oldest first; the first run makes one. Raises SettingsInvalid."""
    from_environment = settings.environment.key
    if from_environment is not None:
        return _parse(from_environment.get_secret_value(), "the environment variable WORDROUND_KEY")
    path = key_file(settings)
    return _parse(own_secret(path, secrets.token_hex(KEY_BYTES)), str(path))


def chain_in_force(settings: Settings) -> tuple[bytes, ...]:
    """Return the keys, if the stored ids have gone through all of them.

    Raises SettingsInvalid for another key, RotationUnfinished where ids wait to be brought under a newer one.
    """
    keys, stored = chain(settings), stored_under(settings)
    if stored is None:
        # Restored without it, as where the keys come from the environment: rotating goes on from the first key.
        has_ids = any(settings.landing.glob("*/*/*.parquet"))
        stored = set_stored(settings, keys[:1] if has_ids else keys)
    if check_value(keys[: stored.link_count]) != stored.check:
        raise SettingsInvalid(
            f"{settings.home}: the ids in here were made with another key. Bring back the right one; where it is lost, "
            f"{documentation('runbook.md#the-keys')} says what that means and what to do."
        )
    if len(keys) > stored.link_count:
        raise RotationUnfinished(
            f"{settings.home}: there are {len(keys)} keys and the ids in here are under {stored.link_count}. "
            "Run `wordround keys rotate` to bring them under the newest."
        )
    return keys


def stored_under(settings: Settings) -> Stored | None:
    """Return the content of `keys/links`; None where no id was ever stored."""
    try:
        count, check = (settings.place("keys/links")).read_text(encoding="ascii").split()
        return Stored(int(count), check)
    except FileNotFoundError:
        return None
    except ValueError as error:
        path = settings.place("keys/links")
        raise SettingsInvalid(f"{path}: is damaged. Bring it back from the backup of the keys.") from error


def set_stored(settings: Settings, keys: tuple[bytes, ...]) -> Stored:
    """Record that every stored id has gone through these keys."""
    stored = Stored(len(keys), check_value(keys))
    write_whole(settings.place("keys/links"), f"{stored.link_count} {stored.check}\n", mode=0o600)
    return stored


def add_key(settings: Settings) -> tuple[bytes, ...]:
    """Append a fresh key to the file and return the chain."""
    path = key_file(settings)
    keys = (*chain(settings), secrets.token_bytes(KEY_BYTES))
    write_whole(path, "".join(f"{key.hex()}\n" for key in keys), mode=0o600)
    return keys


def key_file(settings: Settings) -> Path:
    return settings.home / "keys" / "pseudonym.key"


def check_value(keys: tuple[bytes, ...]) -> str:
    """Return a hash that tells these keys from others and reveals nothing about them."""
    found = hashlib.blake2b(b"wordround check value", digest_size=8, key=keys[0])
    for key in keys[1:]:
        found = hashlib.blake2b(found.digest(), digest_size=8, key=key)
    return found.hexdigest()


def _parse(written: str, where: str) -> tuple[bytes, ...]:
    return tuple(parse_key(part, where) for part in written.replace(",", " ").split() or [""])
