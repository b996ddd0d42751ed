"""What a recogniser finds, and how findings that overlap are settled."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """Characters `start` to `end` (end excluded) of a text hold an identifier of this kind."""

    start: int
    end: int
    kind: str


# What a recogniser says that knows no better: any other kind for the same characters is more telling.
_VAGUE = frozenset({"date", "name", "reference number"})


def settle(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order without overlaps: what overlaps becomes one, of the kind of its longest part."""
    settled: list[Span] = []
    longest = (0, False)
    for span in sorted(spans):
        weight = (span.end - span.start, span.kind not in _VAGUE)
        if settled and span.start < settled[-1].end:
            last = settled[-1]
            kind = span.kind if weight > longest else last.kind
            settled[-1] = Span(last.start, max(last.end, span.end), kind)
            longest = max(longest, weight)
        else:
            settled.append(span)
            longest = weight
    return settled


def without_leading(text: str, start: int, end: int, words: frozenset[str] | set[str]) -> int:
    """Return where a stretch of text begins once the words in front that are no part of a name are left out."""
    while True:
        word, blank, _ = text[start:end].partition(" ")
        if not blank or word.lower().strip(".,") not in words:
            return start
        start += len(word) + 1
