"""Cues: words of which a text must hold one before a pattern can match, read from the pattern itself.

Trying a long pattern at every place of a text takes far longer than looking for its words. `cued` compiles a pattern
that looks first: its cues follow from how `re` reads it, so that they cannot fall behind when it is changed. Method:
what RE2 calls a prefilter (Cox, Regular Expression Matching with a Trigram Index, 2012), with words for trigrams.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, lru_cache, reduce
from operator import or_

from wordround.deidentify.names.made_tables import made_once
from wordround.deidentify.parts import add_traits, forget_traits, new_trait, traits_of
from wordround.deidentify.readings import BEGINS, FOLDED, LETTERS, Reading
from wordround.deidentify.wider import Wider

_DIGIT = re.compile(r"\d")


class Cued:
    """A compiled pattern that is tried on a text only if the text holds one of its cues."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = re.compile(pattern, flags)
        # Its place in the masks that say which patterns may match.
        self.bit = new_trait()
        self.together: Callable[[], Wider] | None = None
        _patterns.append(self)
        _masks.cache_clear()
        mask_of.cache_clear()
        forget_traits()

    @cached_property
    def reading(self) -> Reading:
        """What follows from the pattern, as it was read before or now."""
        made, key = _made_readings(), (self.pattern.pattern, self.pattern.flags)
        return Reading(*made[key]) if key in made else Reading.of(*key)

    @cached_property
    def cues(self) -> frozenset[str] | None:
        """Words in small letters, or beginnings of words with `*` behind them; None where the pattern needs none."""
        return self.reading.cues

    @cached_property
    def fewest_digits(self) -> int:
        """How many digits a match holds at least."""
        return self.reading.fewest_digits

    @cached_property
    def wider(self) -> Wider:
        """What RE2 looks for in place of this pattern, alone or with those of its `any_of`."""
        return self.together() if self.together else _wider_of([self])

    def may_match(self, text: str) -> bool:
        """Say whether a text holds a cue, as many digits as a match does and what RE2 would find, too."""
        if not mask_of(text) & self.bit or (self.fewest_digits and self.fewest_digits > digits_of(text)):
            return False
        return bool(self.wider.which(text) & self.bit)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return what `re.Pattern.finditer` does."""
        # Most texts hold no cue: this is asked first, for itself.
        return self.pattern.finditer(text) if mask_of(text) & self.bit and self.may_match(text) else _NOTHING

    def search(self, text: str) -> re.Match[str] | None:
        """Return what `re.Pattern.search` does."""
        return self.pattern.search(text) if mask_of(text) & self.bit and self.may_match(text) else None

    def sub(self, replacement: str, text: str) -> str:
        """Return what `re.Pattern.sub` does."""
        return self.pattern.sub(replacement, text) if self.may_match(text) else text


cued = Cued
_NOTHING: Iterator[re.Match[str]] = iter(())
_patterns: list[Cued] = []


def any_of(*patterns: Cued) -> Callable[[str], bool]:
    """Return what says whether one of these patterns may match a text. From now on one look is enough for them all."""
    bits = reduce(or_, (pattern.bit for pattern in patterns))

    def may_match(text: str) -> bool:
        mask = mask_of(text) & bits
        return bool(mask and mask & wider().which(text))

    @cache
    def wider() -> Wider:
        return _wider_of(patterns)

    for pattern in patterns:
        pattern.together = wider
    return may_match


def _wider_of(patterns: Iterable[Cued]) -> Wider:
    return Wider({one.bit: one.reading.wider for one in patterns})


@lru_cache(8)
def mask_of(text: str) -> int:
    """Return the bits of the patterns that may match a text."""
    return traits_of(text) | _masks().of_any_text


@lru_cache(8)
def digits_of(text: str) -> int:
    """Return how many digits a text holds."""
    return len(_DIGIT.findall(text))


@cache
def _made_readings() -> dict[tuple[str, int], tuple[frozenset[str] | None, int, str]]:
    """Return the readings of the patterns of all recognisers, made before or now."""
    from wordround.deidentify import recognisers  # noqa: F401 - so that each pattern is there

    keys = [(one.pattern.pattern, one.pattern.flags) for one in _patterns]
    # Without their class, which marshal does not write.
    return made_once("readings", lambda: {key: (*Reading.of(*key),) for key in keys})


class _Masks:
    """The patterns that may match a text because of a part of it."""

    def __init__(self, patterns: Iterable[Cued]) -> None:
        # Patterns without cues.
        self.of_any_text = 0
        self._words: defaultdict[str, int] = defaultdict(int)
        self._beginnings: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        for pattern in patterns:
            cues = pattern.cues
            if cues is None:
                self.of_any_text |= pattern.bit
            for cue in cues or ():
                of_its_kind = self._beginnings[len(cue) - 1] if cue[-1] == BEGINS else self._words
                of_its_kind[cue.removesuffix(BEGINS)] |= pattern.bit

    def of(self, part: str) -> int:
        """Return the bits of the patterns of which a part holds a cue."""
        mask = 0
        for word in LETTERS.findall((part if part.isascii() else part.translate(FOLDED)).lower()):
            mask |= self._words.get(word, 0)
            for length, beginnings in self._beginnings.items():
                mask |= beginnings.get(word[:length], 0)
        return mask


@lru_cache(1)
def _masks() -> _Masks:
    return _Masks(_patterns)


add_traits(lambda part: _masks().of(part))
