"""Pseudonyms: keyed hashes that stand in for native ids.

Comes in: a source's own id. Goes out: 32 hexadecimal digits of BLAKE2b in keyed mode (RFC 7693), the same for the
same id and keys. Without the keys nobody can test a guess. The keys are a chain (keys.py): an id is hashed under the
first, the result under the second, and so on, so that a new key reaches every id that is stored already, and an id
that leaked before says nothing about the ids now.
"""

import hashlib
from collections.abc import Iterator
from datetime import date

from wordround.identity.keys import chain_in_force
from wordround.settings import Settings


class Pseudonymiser:
    """Makes pseudonyms with a chain of keys, oldest first."""

    def __init__(self, *keys: bytes) -> None:
        self._keys = keys

    @property
    def link_count(self) -> int:
        """Through how many keys every pseudonym goes."""
        return len(self._keys)

    def pseudonym(self, *parts: str) -> str:
        """Return 32 hex digits for the parts; different splits of the same characters differ."""
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        first = hashlib.blake2b(message, digest_size=16, key=self._keys[0]).hexdigest()
        return first if len(self._keys) == 1 else self.relinked(first, 1)

    def relinked(self, pseudonym: str, link_count: int) -> str:
        """Return what a pseudonym that went through `link_count` keys is under all of them."""
        for key in self._keys[link_count:]:
            pseudonym = hashlib.blake2b(pseudonym.encode(), digest_size=16, key=key).hexdigest()
        return pseudonym

    def stages(self, *parts: str) -> Iterator[tuple[int, str]]:
        """Yield (how many keys, the pseudonym under so many) for each length of the chain."""
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        stage = hashlib.blake2b(message, digest_size=16, key=self._keys[0]).hexdigest()
        yield 1, stage
        for count, key in enumerate(self._keys[1:], 2):
            stage = hashlib.blake2b(stage.encode(), digest_size=16, key=key).hexdigest()
            yield count, stage

    def tombstone(self, comment_id: str, link_count: int) -> str:
        """Return the tombstone of a comment that was erased when its id had gone through `link_count` keys.

        Under the same key as the id and over another message, so that neither tells the other.
        """
        message = f"tombstone\x1f{comment_id}".encode()
        laid = hashlib.blake2b(message, digest_size=16, key=self._keys[link_count - 1]).hexdigest()
        return self.relinked(laid, link_count)

    def author_key(self, source: str, author_id: str, posted_on: date) -> str:
        """Return what counts an author as one voice within a week (ISO 8601), and leads from no week to another."""
        year, week, _ = posted_on.isocalendar()
        return self.pseudonym(source, "author", f"{year}-{week}", author_id)


def pseudonymiser(settings: Settings) -> Pseudonymiser:
    """Return the pseudonymiser of this installation, making its first key at the first run.

    Raises SettingsInvalid for a key that is not 64 hex digits, is another than that of the stored ids or stands in a
    file that others may read, and RotationUnfinished while stored ids wait to be brought under a newer key.
    """
    return Pseudonymiser(*chain_in_force(settings))
