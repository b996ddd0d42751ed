"""Sketches of texts, by which millions of pairs are looked at before the few are compared that may be copies.

A sketch marks each piece of a text as one of 4,096 bits. What two texts have in common has its marks in common, but for
pieces that share a mark with others of their text. So the marks in common, and how many pieces have no mark of their
own, say how much it can be at most: no pair of copies is lost, and of all other pairs next to none is left.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self
from zlib import crc32

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from wordround.understand.copies import CONTAINMENT, FEWEST_WORDS, PIECE, RESEMBLANCE, Text

# Marks are numbers of 12 bits: the highest of a product (Fibonacci hashing; Knuth, volume 3, section 6.4).
_BITS, _FACTOR = 12, np.uint64(0x9E3779B97F4A7C15)
_TEXTS_AT_ONCE = 1_000
# Their marks are as much as a processor's cache holds.
_PAIRS_AT_ONCE = 5_000
# Characters; no text that can be a copy is shorter.
_BEGINNING = 2 * FEWEST_WORDS - 1
# What rounding may take from a bound.
_LEAST_PART = 1e-6

Places = NDArray[np.int64]


class Sketches(NamedTuple):
    """Of texts (n): their marks (n, 64), how many these are, how many pieces have none of their own.

    And what else copies have alike: how often they deny, whether they are cut short, a checksum of how they begin.
    """

    marks: NDArray[np.uint64]
    marked: NDArray[np.int64]
    unmarked: NDArray[np.int64]
    negations: NDArray[np.int64]
    is_cut: NDArray[np.bool_]
    beginning: NDArray[np.int64]

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Return the sketches of several lists of texts as those of one."""
        return cls(*(np.concatenate(each) for each in zip(sketched([]), *parts, strict=True)))

    def may_be_copies(self, one: Places, other: Places, resemblance: float = RESEMBLANCE) -> NDArray[np.bool_]:
        """Return of which pairs of texts, by their places, it cannot be said that they are no copies (copies.py)."""
        found = np.empty(len(one), np.bool_)
        for start in range(0, len(one), _PAIRS_AT_ONCE):
            some = slice(start, start + _PAIRS_AT_ONCE)
            found[some] = self._may_be(one[some], other[some], resemblance)
        return found

    def _may_be(self, one: Places, other: Places, resemblance: float) -> NDArray[np.bool_]:
        common = np.bitwise_count(self.marks[one] & self.marks[other]).sum(1, dtype=np.int64)
        common += np.minimum(self.unmarked[one], self.unmarked[other])
        marked, others = self.marked[one], self.marked[other]
        # One that is not cut short holds what the other begins with, to the letter, or is no part of it.
        may_be_cut = self.is_cut[one] | self.is_cut[other] | (self.beginning[one] == self.beginning[other])
        # Of texts a and b it is at least r of the union a + b - common where it is r / (1 + r) of a + b.
        least = resemblance / (1 + resemblance) * (marked + others)
        least[may_be_cut] = np.minimum(least, CONTAINMENT * np.minimum(marked, others))[may_be_cut]
        denies_alike = may_be_cut | (self.negations[one] == self.negations[other])
        may_be: NDArray[np.bool_] = denies_alike & (common >= least - _LEAST_PART)
        return may_be


def sketched(texts: Sequence[Text]) -> Sketches:
    """Return the sketches of texts, in order."""
    marks = np.zeros((len(texts), (1 << _BITS) // 64), np.uint64)
    pieces = np.zeros(len(texts), np.int64)
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        some = slice(start, start + _TEXTS_AT_ONCE)
        marks[some], pieces[some] = _marked([text.words.encode() for text in texts[some]])
    marked = np.bitwise_count(marks).sum(1, dtype=np.int64)
    return Sketches(
        marks,
        marked,
        pieces - marked,
        np.array([text.negations for text in texts], np.int64),
        np.array([text.is_cut for text in texts], np.bool_),
        np.array([crc32(text.words[:_BEGINNING].encode()) for text in texts], np.int64),
    )


def _marked(written: Sequence[bytes]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the marks of texts, each as long as a piece at least, and how many distinct pieces they have."""
    length = np.array([len(one) for one in written], np.int64)
    owner = np.repeat(np.arange(len(written), dtype=np.uint64), length)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
    begins = np.flatnonzero(place <= np.repeat(length, length) - PIECE)
    # A piece as one number, below the number of its text.
    named = owner[begins]
    for byte in sliding_window_view(np.frombuffer(b"".join(written), np.uint8), PIECE)[begins].T:
        named = named << np.uint64(8) | byte
    # np.unique would hash them, which takes six times as long.
    named.sort()
    once = named[np.append(True, named[1:] != named[:-1])] if len(named) else named
    width = np.uint64(8 * PIECE)
    owner, piece = (once >> width).astype(np.int64), once & ((np.uint64(1) << width) - np.uint64(1))
    has = np.zeros((len(written), 1 << _BITS), np.bool_)
    has[owner, piece * _FACTOR >> np.uint64(64 - _BITS)] = True
    return np.packbits(has, axis=1).view(np.uint64), np.bincount(owner, minlength=len(written))
