"""Tombstones: what keeps an erased comment from coming back with the next file.

`erasure/tombstones`, mode 0600, holds one keyed hash a line for each erased comment, author and batch. A tombstone is
not the id of its comment, and does not reveal it without the key. The first line says how many keys the hashes have
gone through, so that a rotation that was cut short can be run again.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from wordround.errors import SettingsInvalid
from wordround.identity.pseudonyms import Pseudonymiser
from wordround.settings import Settings
from wordround.storage import held, write_whole

State = tuple[int, int] | None


class _Stone(NamedTuple):
    """`link_count`: how many keys the comment's id had gone through when it was erased."""

    kind: str
    link_count: int
    digest: str


class Tombstones:
    """Erased comments and authors, as landing needs to know them."""

    def __init__(self, stones: Iterable[_Stone] = ()) -> None:
        self._stones = set(stones)
        self._comments = {stone.digest for stone in self._stones if stone.kind == "comment"}
        self._authors = {stone.digest for stone in self._stones if stone.kind == "author"}
        self._batches = {stone.digest for stone in self._stones if stone.kind == "batch"}
        self._generations = frozenset(stone.link_count for stone in self._stones if stone.kind == "comment")

    def __len__(self) -> int:
        return len(self._stones)

    def cover(self, keys: Pseudonymiser, source: str, native_id: str, author_id: str | None = None) -> bool:
        """Whether this comment, or every comment of its author, was erased."""
        if self._authors and author_id is not None and _of_author(keys, source, author_id) in self._authors:
            return True
        return bool(self._generations) and any(
            keys.tombstone(stage, count) in self._comments
            for count, stage in keys.stages(source, native_id)
            if count in self._generations
        )

    def cover_batch(self, keys: Pseudonymiser, batch_id: str) -> bool:
        """Whether a batch was erased whole; the stones must have gone through all keys."""
        return bool(self._batches) and _of_batch(keys, batch_id) in self._batches

    def cover_id(self, keys: Pseudonymiser, comment_id: str, link_count: int) -> bool:
        """Whether a comment was erased, by an id that has gone through the first `link_count` keys."""
        return any(
            keys.tombstone(keys.relinked(comment_id, link_count, count), count) in self._comments
            for count in self._generations
            if count >= link_count
        )


def read(settings: Settings) -> Tombstones:
    """Return the tombstones of this installation."""
    return Tombstones(_read(_path(settings))[1])


def lay(
    settings: Settings,
    keys: Pseudonymiser,
    comment_ids: Iterable[str],
    authors: Iterable[tuple[str, str]],
    batch_ids: Iterable[str] = (),
) -> int:
    """Add tombstones for comments, for authors (source, the source's own id) and for batches; return how many are new.

    A batch that is being landed meanwhile finds out when it is finished (`landing_lock`).
    """
    count = keys.link_count
    new = {_Stone("comment", count, keys.tombstone(comment_id, count)) for comment_id in comment_ids}
    new |= {_Stone("author", count, _of_author(keys, source, author_id)) for source, author_id in authors}
    new |= {_Stone("batch", count, _of_batch(keys, batch_id)) for batch_id in batch_ids}
    with landing_lock(settings):
        before = set(_read(_path(settings))[1])
        if new - before:
            _write(settings, count, before | new)
    return len(new - before)


def relink(settings: Settings, keys: Pseudonymiser) -> int:
    """Bring every tombstone under all keys; return how many were behind. Can be run again."""
    link_count, stones = _read(_path(settings))
    if not stones or link_count >= keys.link_count:
        return 0
    _write(settings, keys.link_count, {s._replace(digest=keys.relinked(s.digest, link_count)) for s in stones})
    return len(stones)


def link_count_of(path: Path) -> int:
    """Return how many keys the tombstones of a file have gone through; 0 where it holds none."""
    link_count, stones = _read(path)
    return link_count if stones else 0


def join(settings: Settings, path: Path, chain: Sequence[bytes]) -> bool:
    """Add the tombstones of a file that another home wrote; return whether there were new ones.

    chain: the keys that these, and the own ones, have gone through or are brought under now.
    """
    keys, both = Pseudonymiser(*chain), list[set[_Stone]]()
    for each in (_path(settings), path):
        link_count, stones = _read(each)
        both.append({stone._replace(digest=keys.relinked(stone.digest, link_count)) for stone in stones})
    own, others = both
    if others - own:
        _write(settings, keys.link_count, own | others)
    return bool(others - own)


def state(settings: Settings) -> State:
    """Return a value that changes with every new tombstone."""
    try:
        status = _path(settings).stat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime_ns


@contextmanager
def landing_lock(settings: Settings) -> Iterator[None]:
    """Keep batches from being put in place."""
    with held(settings.place("landing.lock")):
        yield


def _of_author(keys: Pseudonymiser, source: str, author_id: str) -> str:
    return keys.pseudonym(source, "author tombstone", author_id)


def _of_batch(keys: Pseudonymiser, batch_id: str) -> str:
    return keys.pseudonym("batch tombstone", batch_id)


def _path(settings: Settings) -> Path:
    return settings.erasure / "tombstones"


def _read(path: Path) -> tuple[int, list[_Stone]]:
    try:
        first, *lines = path.read_text(encoding="ascii").splitlines()
        _, link_count = first.split()
        return int(link_count), [_Stone(kind, int(count), digest) for kind, count, digest in map(str.split, lines)]
    except FileNotFoundError:
        return 0, []
    except ValueError as error:
        raise SettingsInvalid(
            f"{path}: is damaged. Bring it back from the backup, or erased comments return."
        ) from error


def _write(settings: Settings, link_count: int, stones: set[_Stone]) -> None:
    lines = [f"links {link_count}", *(f"{kind} {count} {digest}" for kind, count, digest in sorted(stones))]
    write_whole(_path(settings), "\n".join(lines) + "\n", mode=0o600)
