"""Cues: one look at a text tells of every recogniser's pattern whether it may match.

Trying a long pattern at every place of a text takes far longer than looking for what is wider than it (wider.py), and
all of them are looked for at once. What is looked for follows from how `re` reads a pattern, so that it cannot fall
behind when that is changed. Method: what RE2 calls a prefilter (Cox, Regular Expression Matching with a Trigram Index,
2012).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache, reduce
from operator import or_
from pathlib import Path

import hyperscan

from wordround.deidentify import wider
from wordround.deidentify.names.made_tables import made_once
from wordround.deidentify.wider import Wider, compiled, widened


class Cued:
    """A compiled pattern that is tried on a text only if what is wider than it is there."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = re.compile(pattern, flags)
        # Its place in the masks that say which patterns may match.
        self.bit = 1 << len(_patterns)
        _patterns.append(self)

    def may_match(self, text: str) -> bool:
        """Say whether a text holds what is wider than this pattern."""
        return bool(mask_of(text) & self.bit)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return what `re.Pattern.finditer` does."""
        return self.pattern.finditer(text) if mask_of(text) & self.bit else _NOTHING

    def search(self, text: str) -> re.Match[str] | None:
        """Return what `re.Pattern.search` does."""
        return self.pattern.search(text) if mask_of(text) & self.bit else None

    def sub(self, replacement: str, text: str) -> str:
        """Return what `re.Pattern.sub` does."""
        return self.pattern.sub(replacement, text) if mask_of(text) & self.bit else text


cued = Cued
_NOTHING: Iterator[re.Match[str]] = iter(())
_patterns: list[Cued] = []


def any_of(*patterns: Cued) -> Callable[[str], bool]:
    """Return what says whether one of these patterns may match a text."""
    bits = reduce(or_, (pattern.bit for pattern in patterns))
    return lambda text: bool(mask_of(text) & bits)


@lru_cache(8)
def mask_of(text: str) -> int:
    """Return the bits of the patterns that may match a text."""
    return _every_pattern().which(text)


@cache
def _every_pattern() -> Wider:
    """Return what looks for all patterns, as they were compiled before or now: that takes seconds."""
    from wordround.deidentify import recognisers  # noqa: F401 - so that each pattern is there

    # In an order that does not depend on which module was imported first.
    bits: defaultdict[tuple[str, int], int] = defaultdict(int)
    for one in _patterns:
        bits[one.pattern.pattern, one.pattern.flags] |= one.bit
    patterns = sorted(bits)
    made_of = f"{Path(wider.__file__).read_bytes()!r} {patterns}"
    written = made_once("patterns", lambda: hyperscan.dumpb(_compiled(patterns)), made_of)
    try:
        database = hyperscan.loadb(written, hyperscan.HS_MODE_BLOCK)
    except hyperscan.error:
        # Compiled on a machine of another kind, whose folder this is, too.
        database = _compiled(patterns)
    return Wider(database, list(map(bits.__getitem__, patterns)))


def _compiled(patterns: Iterable[tuple[str, int]]) -> hyperscan.Database:
    return compiled([widened(*pattern) for pattern in patterns])
