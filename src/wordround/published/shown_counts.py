"""Counts as a page may show them: small ones, and those from which small ones would follow, are hidden."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from wordround.published.disclosure import HIDDEN, SmallNumbers

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Line:
    """A line of a table: its label, and its count as it may be shown; `parts`: further counts beside it."""

    label: str
    count: str
    parts: tuple[str, ...] = ()
    is_part: bool = False


class Shown:
    """Which counts are shown; `count`: how many were not."""

    def __init__(self, small_numbers: SmallNumbers, is_exact: bool) -> None:
        self._small, self._is_exact = small_numbers, is_exact
        self.count = 0

    def hidden(self, counts: Mapping[Key, int]) -> set[Key]:
        """Which parts of a whole are hidden, the whole being shown."""
        return set() if self._is_exact else self._small.hidden_parts(counts)

    def of(self, key: Key, count: int, hidden: set[Key]) -> str:
        self.count += key in hidden
        return HIDDEN if key in hidden else f"{count:,}"

    def one(self, count: int) -> str:
        """A count that stands alone."""
        return HIDDEN if not self._is_exact and self._small.is_small(count) else f"{count:,}"

    def beside(self, count: int, whole: int) -> str:
        """A part of a whole, of which the rest is shown by it."""
        is_small = not self.tells_both(count, whole)
        self.count += is_small
        return HIDDEN if is_small else f"{count:,}"

    def tells_both(self, count: int, whole: int) -> bool:
        """Whether a part of a whole, and with it the rest, may be shown."""
        return self._is_exact or not (self._small.is_small(count) or self._small.is_small(whole - count))
