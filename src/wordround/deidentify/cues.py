"""Cues: one look at a text tells of every pattern of a recogniser whether it may match.

Trying a long pattern at every place of a text takes far longer than looking for what is wider than it (wider.py), and
patterns that the same texts need are looked for at once. All of them together take three times as long: most texts need
few, and what looks for all (4.4 MB) has no room in the caches of a processor. What is looked for follows from how `re`
reads a pattern, so that it cannot fall behind when that is changed. Method: what RE2 calls a prefilter (Cox, Regular
Expression Matching with a Trigram Index, 2012).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, reduce
from operator import or_
from pathlib import Path

import hyperscan

from wordround.deidentify import wider
from wordround.deidentify.names.made_tables import made_once
from wordround.deidentify.wider import EACH, Wider, compiled, widened


class Cues:
    """Patterns that are looked for at once; call it to make one."""

    def __init__(self) -> None:
        self.patterns: list[Cued] = []
        # Asked of a text once for each of its patterns.
        self.mask_of: Callable[[str], int] = lru_cache(8)(self._look)
        _every.append(self)

    @staticmethod
    @cache
    def of(group: str) -> "Cues":
        """Return the patterns of a group of recognisers, of which a text needs all or none."""
        return Cues()

    def __call__(self, pattern: str, flags: int = 0) -> "Cued":
        """Return a compiled pattern that is tried on a text only if what is wider than it is there."""
        made = Cued(re.compile(pattern, flags), self)
        self.patterns.append(made)
        return made

    def _look(self, text: str) -> int:
        """Return the bits of the patterns that may match a text: any, where nothing looks for them yet."""
        look = _looks().get(self)
        return look.which(text) if look else EACH


class Cued:
    """A compiled pattern that is tried on a text only if what is wider than it is there."""

    def __init__(self, pattern: re.Pattern[str], cues: Cues) -> None:
        self.pattern, self.cues = pattern, cues
        # Its place in the masks that say which of these patterns may match.
        self.bit = 1 << len(cues.patterns)

    def may_match(self, text: str) -> bool:
        """Say whether a text holds what is wider than this pattern."""
        return bool(self.cues.mask_of(text) & self.bit)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return what `re.Pattern.finditer` does."""
        return self.pattern.finditer(text) if self.cues.mask_of(text) & self.bit else _NOTHING

    def search(self, text: str) -> re.Match[str] | None:
        """Return what `re.Pattern.search` does."""
        return self.pattern.search(text) if self.cues.mask_of(text) & self.bit else None

    def sub(self, replacement: str, text: str) -> str:
        """Return what `re.Pattern.sub` does."""
        return self.pattern.sub(replacement, text) if self.cues.mask_of(text) & self.bit else text


_NOTHING: Iterator[re.Match[str]] = iter(())
_every: list[Cues] = []


def any_of(first: Cued, *further: Cued) -> Callable[[str], bool]:
    """Return what says whether one of some patterns that are looked for at once may match a text."""
    bits = reduce(or_, (pattern.bit for pattern in further), first.bit)
    cues = first.cues
    if any(pattern.cues is not cues for pattern in further):
        raise ValueError("these patterns are not looked for at once")
    return lambda text: bool(cues.mask_of(text) & bits)


@cache
def _looks() -> dict[Cues, Wider]:
    """Return what looks for patterns, as they were compiled before or now: that takes seconds."""
    from wordround.deidentify import recognisers  # noqa: F401 - so that each pattern is there

    bits: dict[Cues, dict[tuple[str, int], int]] = {}
    for cues in _every:
        of_pattern: defaultdict[tuple[str, int], int] = defaultdict(int)
        for one in cues.patterns:
            of_pattern[one.pattern.pattern, one.pattern.flags] |= one.bit
        bits[cues] = dict(sorted(of_pattern.items()))
    # In an order that does not depend on which module was imported first.
    order = sorted(filter(bits.get, bits), key=lambda cues: list(bits[cues]))
    patterns = [list(bits[cues]) for cues in order]
    made_of = f"{Path(wider.__file__).read_bytes()!r} {patterns}"
    written = made_once("patterns", lambda: list(map(hyperscan.dumpb, _compiled(patterns))), made_of)
    try:
        databases = [hyperscan.loadb(one, hyperscan.HS_MODE_BLOCK) for one in written]
    except hyperscan.error:
        # Compiled on a machine of another kind, whose folder this is, too.
        databases = _compiled(patterns)
    return {cues: Wider(database, list(bits[cues].values())) for cues, database in zip(order, databases, strict=True)}


def _compiled(patterns: Iterable[Sequence[tuple[str, int]]]) -> list[hyperscan.Database]:
    return [compiled([widened(*pattern) for pattern in of_these]) for of_these in patterns]
