"""Parts of a text: what stands between two blanks. Each is looked at once and remembered.

Comments are made of the same few thousand words, so that what a part says by itself is known of nearly every one.
"""

from collections.abc import Callable
from functools import lru_cache, reduce
from operator import or_
from typing import Generic, TypeVar

Known = TypeVar("Known")

# Parts that are remembered, and characters of the longest.
_MOST, _LONGEST = 100_000, 40


@lru_cache(8)
def parts_of(text: str) -> tuple[str, ...]:
    """Return the parts of a text in order."""
    return tuple(text.split())


class Remembered(dict[str, Known], Generic[Known]):
    """What a function of a part returns, called for a new one only."""

    def __init__(self, look: Callable[[str], Known]) -> None:
        super().__init__()
        self._of_part = look

    def __missing__(self, part: str) -> Known:
        known = self._of_part(part)
        if len(part) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[part] = known
        return known


class _Traits(Remembered[int]):
    """What parts say by themselves, one bit each: one look at each part tells all that is asked of a text."""

    def __init__(self) -> None:
        super().__init__(lambda part: reduce(or_, (look(part) for look in self.looks), 0))
        self.looks: list[Callable[[str], int]] = []
        self.bits = 0


_traits = _Traits()


def new_trait() -> int:
    """Return a bit that stands for nothing yet; what says of which parts it holds is to be added."""
    _traits.bits += 1
    return 1 << (_traits.bits - 1)


def add_traits(look: Callable[[str], int]) -> None:
    """Add a function that returns the bits of a part."""
    _traits.looks.append(look)
    forget_traits()


def forget_traits() -> None:
    """Look at every part anew, because what is asked of them has changed."""
    _traits.clear()
    traits_of.cache_clear()


@lru_cache(8)
def traits_of(text: str) -> int:
    """Return the bits of all parts of a text."""
    return reduce(or_, map(_traits.__getitem__, parts_of(text)), 0)
