"""The engine: the recognisers by what a text must hold to need them, and placeholders for what they find."""

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


def replace(text: str, spans: Iterable[Span]) -> str:
    """Return the text with `<kind>` for each span. Spans must not overlap."""
    parts, end = [], 0
    for span in sorted(spans):
        parts += [text[end : span.start], f"<{span.kind}>"]
        end = span.end
    return "".join([*parts, text[end:]])
