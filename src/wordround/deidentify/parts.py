"""Parts of a text: what stands between two blanks. Each is looked at once and remembered.

Comments are made of the same few thousand words, so that what a part says by itself is known of nearly every one.
"""

from collections.abc import Callable
from functools import lru_cache
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
