"""Near misses: the words that are one letter away from a written one.

Pure. Two words are one letter away (a letter left out, put in, put for another, or two next to each other exchanged:
optimal string alignment, Boytsov, ACM TOMS 37.1, 2011) only if they are the same, or one is the other, once each has
lost a letter or none. So all words are kept by what is left of them without one letter, and few are ever compared.
Method: SymSpell (Garbe, 2012), with whole words, whose lists are short, and looked at for one letter alone.
"""

from collections import defaultdict
from collections.abc import Iterable


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
