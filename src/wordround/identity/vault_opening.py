"""The half of the locator vault that opens: every function here needs the private key.

Only `erasing` may import it (a contract in pyproject.toml), to remove the locators of erased comments and to ask
sources about deletions. Without the right key each function raises and names the key to bring back.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from wordround.errors import FileUnreadable, SettingsInvalid
from wordround.identity.vault import Locator, sealed_files, write
from wordround.identity.vault_keys import private_key, public_key
from wordround.settings import Settings


def locators(settings: Settings, source: str) -> Iterator[Locator]:
    """Yield every locator of a source."""
    for path in sealed_files(settings, source):
        yield from _read(path, private_key(settings))


def forget(settings: Settings, source: str, is_gone: Callable[[Locator], bool]) -> int:
    """Remove locators; return how many. A file without any left is removed."""
    gone = 0
    for path in sealed_files(settings, source):
        private = private_key(settings)
        rows = _read(path, private)
        remaining = [row for row in rows if not is_gone(row)]
        if len(remaining) < len(rows):
            gone += len(rows) - len(remaining)
            if remaining:
                write(path, remaining, private.public_key)
            else:
                path.unlink()
    return gone


def stop_without_the_key(settings: Settings) -> None:
    """Raise SettingsInvalid where the private key is missing or does not belong to the public one."""
    if private_key(settings).public_key != public_key(settings):
        raise SettingsInvalid("The private key of the vault is not that of keys/vault.pub. Bring back the right one.")


def _read(path: Path, private: PrivateKey) -> list[Locator]:
    try:
        content = SealedBox(private).decrypt(path.read_bytes())
    except CryptoError as error:
        raise FileUnreadable(f"{path}: cannot be opened with this vault key. Bring back the right one.") from error
    return [Locator(*json.loads(line)) for line in content.splitlines()]
