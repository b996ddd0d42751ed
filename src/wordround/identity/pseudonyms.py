"""Pseudonyms: keyed hashes that stand in for native ids.

A pseudonym is 32 hexadecimal digits of BLAKE2b in keyed mode (RFC 7693), the same for the same id and keys. Without the
keys nobody can test a guess. The keys are a chain (keys.py): an id is hashed under the first, the result under the
second, and so on. So a new key reaches every stored id, and an id that leaked before says nothing about the ids now.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date

from wordround.identity.keys import chain_in_force
from wordround.settings import Settings


class Pseudonymiser:
    """Makes pseudonyms with a chain of keys, oldest first."""

    def __init__(self, *keys: bytes) -> None:
        self._keys = keys
        # Copied for each id: to take up a key costs more than to hash an id.
        self._under_the_first = hashlib.blake2b(digest_size=16, key=keys[0])

    @property
    def link_count(self) -> int:
        """How many keys every pseudonym goes through."""
        return len(self._keys)

    def pseudonym(self, *parts: str) -> str:
        """Return 32 hex digits for the parts; different splits of the same characters differ."""
        hashed = self._under_the_first.copy()
        hashed.update("\x1f".join(parts).encode("utf-8", "surrogatepass"))
        first = hashed.hexdigest()
        return first if len(self._keys) == 1 else self.relinked(first, 1)

    def pseudonyms(self, *parts: str, each: Iterable[str]) -> list[str]:
        """Return the pseudonym of the parts and one more, for each of these."""
        begun = self._under_the_first.copy()
        begun.update("".join([f"{part}\x1f" for part in parts]).encode("utf-8", "surrogatepass"))
        found = []
        for last in each:
            hashed = begun.copy()
            hashed.update(last.encode("utf-8", "surrogatepass"))
            found.append(hashed.hexdigest())
        return found if len(self._keys) == 1 else [self.relinked(first, 1) for first in found]

    def relinked(self, pseudonym: str, link_count: int, until: int | None = None) -> str:
        """Return a pseudonym that went through `link_count` keys, brought under the rest of them, or under `until`."""
        for key in self._keys[link_count:until]:
            pseudonym = hashlib.blake2b(pseudonym.encode(), digest_size=16, key=key).hexdigest()
        return pseudonym

    def stages(self, *parts: str) -> Iterator[tuple[int, str]]:
        """Yield (number of keys, pseudonym) for each length of the chain."""
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        stage = hashlib.blake2b(message, digest_size=16, key=self._keys[0]).hexdigest()
        yield 1, stage
        for count, key in enumerate(self._keys[1:], 2):
            stage = hashlib.blake2b(stage.encode(), digest_size=16, key=key).hexdigest()
            yield count, stage

    def tombstone(self, comment_id: str, link_count: int) -> str:
        """Return the tombstone of a comment that was erased when its id had gone through `link_count` keys.

        It is made with the key of the id from another message, so that neither reveals the other.
        """
        message = f"tombstone\x1f{comment_id}".encode()
        laid = hashlib.blake2b(message, digest_size=16, key=self._keys[link_count - 1]).hexdigest()
        return self.relinked(laid, link_count)

    def author_key(self, source: str, author_id: str, posted_on: date) -> str:
        """Return a hash that counts an author as one voice within a week (ISO 8601), and differs from week to week."""
        year, week, _ = posted_on.isocalendar()
        return self.pseudonym(source, "author", f"{year}-{week}", author_id)


def pseudonymiser(settings: Settings) -> Pseudonymiser:
    """Return the pseudonymiser of this installation; the first run makes its first key.

    Raises SettingsInvalid for a key that is not 64 hex digits, is not that of the stored ids or stands in a file that
    others may read, and RotationUnfinished while stored ids wait to be brought under a newer key.
    """
    return Pseudonymiser(*chain_in_force(settings))
