"""Near misses: the words that are one letter away from a written one, and whether one is two away.

Pure. Two words are one letter away (a letter left out, put in, put for another, or two next to each other exchanged:
optimal string alignment, Boytsov, ACM TOMS 37.1, 2011) only if they are the same, or one is the other, once each has
lost a letter or none. So all words are kept by what is left of them without one letter, and few are ever compared.
Method: SymSpell (Garbe, 2012), with whole words, whose lists are short, and looked at for one letter alone. For two
letters what is left of the first seven is kept, as SymSpell does, but as sorted numbers: as strings in a dictionary it
takes a fifth of a second to read and some 100 MB in each process, and is asked for one word in some hundred texts.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from zlib import crc32

from jellyfish import damerau_levenshtein_distance
from symspellpy.editdistance import DistanceAlgorithm, EditDistance

# Letters at the beginning of a word that are kept without two.
_BEGINNING = 7
# How many letters apart two words may be.
_APART = 2


def by_what_is_left(words: Iterable[str]) -> dict[str, str]:
    """Return words, with a blank between two, by each that is left of them without one letter."""
    left: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        for less in _without_one(word):
            left[less].append(word)
    return {less: " ".join(of) for less, of in left.items()}


def is_one_away(written: str, words: frozenset[str], left: dict[str, str]) -> bool:
    """Say whether a word that is none of these is one letter away from one of them; `left`: `by_what_is_left`."""
    if written in left:
        return True
    for less in _without_one(written):
        if less in words:
            return True
        of = left.get(less)
        if of and any(_differs_once(written, word) for word in of.split(" ")):
            return True
    return False


def _without_one(word: str) -> Iterable[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def _differs_once(one: str, two: str) -> bool:
    """Say whether one letter is another, or two next to each other are exchanged."""
    if len(one) != len(two):
        return False
    place = next(place for place, (a, b) in enumerate(zip(one, two, strict=True)) if a != b)
    behind = place + 1
    return one[behind:] == two[behind:] or (
        one[place : place + 2] == two[place : place + 2][::-1] and one[place + 2 :] == two[place + 2 :]
    )


class TwoAway:
    """Says of a word whether one of others is at most two letters away."""

    def __init__(self, words: str, left: bytes, places: bytes) -> None:
        """`words`, `left`, `places`: as `beginnings` returns them."""
        self._words = words.split(" ")
        self._left, self._places = _numbers(left), _numbers(places)
        self._distance = EditDistance(DistanceAlgorithm.DAMERAU_OSA)

    def __contains__(self, written: str) -> bool:
        shortest, longest = len(written) - _APART, len(written) + _APART
        # With exchanges of letters further apart a distance is never greater than without, and is told sooner.
        return any(
            shortest <= len(word) <= longest
            and damerau_levenshtein_distance(written, word) <= _APART
            and 0 <= self._distance.compare(written, word, _APART) <= _APART
            for word in map(self._words.__getitem__, self._beginning_alike(written))
        )

    def _beginning_alike(self, written: str) -> set[int]:
        """Return the places of the words of whose beginnings the same is left."""
        left, places = self._left, self._places
        found = set()
        for number in _left_of(written):
            place = bisect_left(left, number)
            while place < len(left) and left[place] == number:
                found.add(places[place])
                place += 1
        return found


def beginnings(words: Iterable[str]) -> tuple[str, bytes, bytes]:
    """Return words with a blank between two, what is left of their beginnings without two letters as sorted numbers,
    and the places of the words of which that is left.
    """
    ordered = sorted(words)
    pairs = sorted((number, place) for place, word in enumerate(ordered) for number in _left_of(word))
    left, places = (array("I", [pair[part] for pair in pairs]).tobytes() for part in (0, 1))
    return " ".join(ordered), left, places


def _left_of(word: str) -> set[int]:
    """Return a number for each that is left of the beginning of a word without two letters, one or none."""
    beginning = word[:_BEGINNING]
    without_one = set(_without_one(beginning))
    left = {beginning, *without_one}.union(*map(_without_one, without_one))
    return {crc32(one.encode()) for one in left}


def _numbers(written: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(written)
    return numbers
