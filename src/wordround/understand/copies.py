"""Copied text: which texts say the same because one was copied from another, or both from a third.

Short answers ("very good, thank you") are never copies: people give them independently of each other.

Two steps. Keys come from MinHash signatures (datasketch) over pieces of five bytes of the reduced text, cut into bands,
and from the opening words: texts without a common key are not compared. Texts that share one are compared exactly, so
that hashing can only miss a copy, never make one. What two texts are depends on these two alone: groups are the same
whatever the order or the batches in which texts arrive. Method: Broder, On the resemblance and containment of
documents, 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from wordround.understand.checksums import crc32_of_rows
from wordround.understand.reducing import APART, Reduced, reduced

# Part of the version: raise it when the same texts would be grouped differently.
ENGINE = 1

# Up to ten words people give the same answer independently; what recurs with more was copied (docs/models/copies.md).
FEWEST_WORDS = 11
RESEMBLANCE = 0.6
# A text that was cut short is held by its original, but for the word where it was cut.
CONTAINMENT = 0.9
PIECE = 5

BANDS, ROWS = 40, 6
_BAND = 4 * ROWS  # bytes
_OPENING_WORDS = FEWEST_WORDS - 1
_SEED = 1
# Named, so that a later version of the library gives the keys that are stored.
_SCHEME = "affine32"

# As many as a processor's cache holds with all their permutations.
_PIECES_AT_ONCE = 128
_TEXTS_AT_ONCE = 500

Key = tuple[int, int]
Numbers = NDArray[np.uint32]


@dataclass(frozen=True)
class Text:
    """A text ready to be compared."""

    words: str
    negations: int
    is_cut: bool

    @cached_property
    def pieces(self) -> frozenset[bytes]:
        """Its distinct pieces: few texts are compared, so that most are never asked."""
        written = self.words.encode()
        return frozenset([written[start : start + PIECE] for start in range(max(1, len(written) - PIECE + 1))])


def compared(text: str) -> Text | None:
    """Return what is compared of a text, None where it is too short to be a copy."""
    # Nothing that is done to a plain text gives it more words; half of all texts end here.
    if text.isascii() and len(text.translate(APART).split()) < FEWEST_WORDS:
        return None
    one: Reduced = reduced(text)
    return Text(*one) if one.words.count(" ") + 1 >= FEWEST_WORDS else None


def are_copies(one: Text, other: Text, resemblance: float = RESEMBLANCE) -> bool:
    """Say whether two texts are copies; the same whichever comes first.

    They resemble each other and deny equally often, or one is the other cut short: it says so (...), or ends inside a
    word where the other goes on.
    """
    if one.words == other.words:
        return True
    if one.negations != other.negations and not (one.is_cut or other.is_cut or _begins_the_other(one, other)):
        return False
    shorter, longer = sorted((one, other), key=lambda text: (len(text.pieces), text.words))
    common_at_least = resemblance * len(longer.pieces)
    may_be_cut = shorter.is_cut or _stops_inside_a_word(shorter.words, longer.words)
    if len(shorter.pieces) < common_at_least and not may_be_cut:
        return False
    common = len(shorter.pieces & longer.pieces)
    if may_be_cut and common >= CONTAINMENT * len(shorter.pieces):
        return True
    union = len(shorter.pieces) + len(longer.pieces) - common
    return one.negations == other.negations and common >= resemblance * union


def _begins_the_other(one: Text, other: Text) -> bool:
    return one.words.startswith(other.words) or other.words.startswith(one.words)


def _stops_inside_a_word(shorter: str, longer: str) -> bool:
    return longer.startswith(shorter) and longer[len(shorter) : len(shorter) + 1] not in ("", " ")


def keys(texts: Sequence[Text]) -> Iterator[list[int]]:
    """Yield the keys of each text, 32 bits each: the opening's, then one a band. Keys of one place are comparable.

    The signatures are those of datasketch's MinHash over CRC-32 of the pieces, which looks at one piece after another.
    """
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        some = texts[start : start + _TEXTS_AT_ONCE]
        signatures = np.array([_signature(pieces) for pieces in _pieces([text.words for text in some])], "<u4")
        bands = crc32_of_rows(signatures.view(np.uint8).reshape(-1, _BAND)).reshape(-1, BANDS)
        for text, found in zip(some, bands.tolist(), strict=True):
            yield [_opening(text.words), *found]


def _pieces(texts: Sequence[str]) -> Iterator[Numbers]:
    """Yield the hashes of the pieces of each text, which has one at least."""
    written = [text.encode() for text in texts]
    joined = np.frombuffer(b"".join(written), np.uint8)
    hashes = _mixed(crc32_of_rows(sliding_window_view(joined, PIECE)))
    start = 0
    for one in written:
        yield hashes[start : start + len(one) - PIECE + 1]
        start += len(one)


def _signature(pieces: Numbers) -> Numbers:
    factor, summand = _permutations()
    least = np.full(BANDS * ROWS, np.iinfo(np.uint32).max, np.uint32)
    room = np.empty((min(len(pieces), _PIECES_AT_ONCE), BANDS * ROWS), np.uint32)
    for start in range(0, len(pieces), _PIECES_AT_ONCE):
        some = pieces[start : start + _PIECES_AT_ONCE, None]
        permuted = np.multiply(some, factor, out=room[: len(some)])
        permuted += summand
        np.minimum(least, permuted.min(0), out=least)
    return least


@cache
def _permutations() -> tuple[Numbers, Numbers]:
    from datasketch import MinHash  # takes half a second

    factor, summand = MinHash(num_perm=BANDS * ROWS, seed=_SEED, scheme=_SCHEME).permutations
    return factor, summand


def _mixed(hashes: Numbers) -> Numbers:
    """Return hashes as datasketch mixes them before it permutes them (the finaliser of MurmurHash3)."""
    mixed = hashes ^ (hashes >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def _opening(words: str) -> int:
    return zlib.crc32(" ".join(words.split(" ", _OPENING_WORDS)[:_OPENING_WORDS]).encode())


@cache
def version() -> str:
    """Name the rules, and what the library makes of a known text: another outcome is another version."""
    probe = compared("One text that never changes, so that anybody can see whether its keys have changed since then.")
    assert probe is not None, "the probe is long enough"  # noqa: S101 - for the type checker
    rules = (ENGINE, FEWEST_WORDS, RESEMBLANCE, CONTAINMENT, PIECE, BANDS, ROWS, *next(keys([probe])))
    return f"minhash-{hashlib.sha256(repr(rules).encode()).hexdigest()[:8]}"


def groups(texts: Mapping[str, str], resemblance: float = RESEMBLANCE) -> dict[str, str]:
    """Return the group of each text that is long enough, by id: the smallest id of the group."""
    ready = {name: text for name, raw in texts.items() if (text := compared(raw))}
    buckets: dict[Key, list[str]] = {}
    for name, found in zip(ready, keys(list(ready.values())), strict=True):
        for key in enumerate(found):
            buckets.setdefault(key, []).append(name)
    joined = Joined()
    for bucket in (bucket for bucket in buckets.values() if len(bucket) > 1):
        join(joined, {name: name for name in bucket}, frozenset(bucket), ready.__getitem__, resemblance)
    return {name: joined.name_of(name) for name in ready}


class Joined:
    """Which names belong together; each set is known by its smallest name."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def name_of(self, name: str) -> str:
        """Return the smallest name that was joined with this one."""
        while (above := self._above.get(name, name)) != name:
            self._above[name] = self._above.get(above, above)
            name = above
        return name

    def join(self, one: str, other: str) -> None:
        """Note that two names belong together."""
        smaller, larger = sorted((self.name_of(one), self.name_of(other)))
        if smaller != larger:
            self._above[larger] = smaller

    def together(self) -> dict[str, str]:
        """Return every name that was joined with another, with the smallest of its set."""
        return {name: self.name_of(name) for name in {*self._above, *self._above.values()}}


def join(
    joined: Joined,
    nodes: Mapping[str, str],
    fresh: frozenset[str],
    text_of: Callable[[str], Text],
    resemblance: float = RESEMBLANCE,
) -> None:
    """Compare the texts of a bucket and join the nodes of those that are copies.

    nodes: what each text is known by in `joined`. fresh: texts that were compared with no other yet; of two that are
    not fresh it is known. Texts that are already together are not compared: a flood of copies costs one comparison
    each.
    """
    kept: list[list[str]] = []
    for cluster in _together_already(joined, nodes):
        apart: list[list[str]] = []
        for other in kept:
            if any(
                are_copies(text_of(one), text_of(two), resemblance)
                for one in cluster
                for two in other
                if one in fresh or two in fresh
            ):
                joined.join(nodes[cluster[0]], nodes[other[0]])
                cluster = other + cluster
            else:
                apart.append(other)
        kept = [*apart, cluster]


def _together_already(joined: Joined, nodes: Mapping[str, str]) -> list[list[str]]:
    clusters: dict[str, list[str]] = {}
    for name in sorted(nodes):
        clusters.setdefault(joined.name_of(nodes[name]), []).append(name)
    return list(clusters.values())
