"""Counts as a page may show them: small ones, and those from which small ones would follow, are hidden.

Where the same counts were told before, on pages that somebody may have kept, the difference is a count too: one that
differs by a few is hidden, as a count of so few is.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
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


def least_told(count: int, *wholes: int) -> int:
    """The smallest number that a count tells beside these wholes, of which it leaves the rest."""
    return min([count, *(whole - count for whole in wholes if whole > count)])


class Shown:
    """Which counts are shown. `count`: how many were not; `told`: those that were, by what they are of.

    before: what pages before have told; keyed: gives what a name is known by there, which may be a title or a website.
    """

    def __init__(
        self,
        small_numbers: SmallNumbers,
        is_exact: bool,
        before: Sequence[Mapping[str, int]] = (),
        keyed: Callable[[str], str] = str,
    ) -> None:
        self._small, self._is_exact, self._keyed = small_numbers, is_exact, keyed
        self._before = () if is_exact else before
        self.count = 0
        self.told: dict[str, int] = {}

    def hidden(self, counts: Mapping[Key, int], of: str = "", fewest: Mapping[Key, int] = {}) -> set[Key]:
        """Which parts of a whole are hidden, the whole being shown.

        of: what they are parts of, on every page; fewest: for some parts what else each tells the number of, such as
        who wrote them. The smaller of both decides.
        """
        if self._is_exact:
            return set()
        names = {key: self._keyed(f"{of}: {key}") for key in counts} if of else {}
        hidden = self._small.hidden_parts({key: min(count, fewest.get(key, count)) for key, count in counts.items()})
        for page in self._before:
            hidden |= self._few_apart(counts, {key: page[name] for key, name in names.items() if name in page})
        self.told |= {name: counts[key] for key, name in names.items() if key not in hidden}
        return hidden

    def _few_apart(self, counts: Mapping[Key, int], before: Mapping[Key, int]) -> set[Key]:
        """Which parts differ by a few from what was told; never one alone, which would follow from the whole."""
        found = self._small.hidden_parts({key: abs(counts[key] - count) for key, count in before.items()})
        if len(found) == 1 and (others := counts.keys() - found):
            found.add(min(others, key=lambda key: (counts[key], str(key))))
        return found

    def total(self, name: str, count: int, fewest: int | None = None) -> str:
        """A count that stands alone and is told under this name from page to page; `fewest`: as of `hidden`."""
        is_shown = self.is_many(count, fewest) and self.stands(name, count)
        self.count += not is_shown
        return f"{count:,}" if is_shown else HIDDEN

    def stands(self, name: str, count: int) -> bool:
        """Whether a count may be told under a name that pages before may have told another one under; then it is."""
        key = self._keyed(name)
        few_apart = (self._small.is_small(abs(count - page[key])) for page in self._before if key in page)
        if any(few_apart):
            return False
        self.told[key] = count
        return True

    def of(self, key: Key, count: int, hidden: set[Key]) -> str:
        self.count += key in hidden
        return HIDDEN if key in hidden else f"{count:,}"

    def one(self, count: int) -> str:
        """A count that stands alone."""
        return f"{count:,}" if self.is_many(count) else HIDDEN

    def is_many(self, count: int, fewest: int | None = None) -> bool:
        """Whether a count that stands alone may be shown; `fewest`: as of `hidden`."""
        return self._is_exact or not self._small.is_small(count if fewest is None else min(count, fewest))

    def beside(self, count: int, whole: int) -> str:
        """A part of a whole, of which the rest is shown by it."""
        is_small = not self.tells_both(count, whole)
        self.count += is_small
        return HIDDEN if is_small else f"{count:,}"

    def tells_both(self, count: int, whole: int) -> bool:
        """Whether a part of a whole, and with it the rest, may be shown."""
        return self._is_exact or not (self._small.is_small(count) or self._small.is_small(whole - count))
