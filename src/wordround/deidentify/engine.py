"""The engine: the recognisers by what a text must hold to need them."""

from collections.abc import Iterable

from wordround.deidentify import recognisers
from wordround.deidentify.spans import Span


def find(text: str, groups: Iterable[str]) -> list[Span]:
    """Return what the recognisers of these groups find."""
    return [
        found if isinstance(found, Span) else found[0]
        for group in groups
        for recogniser in recognisers.GROUPS[group]
        for found in recogniser(text)
    ]
