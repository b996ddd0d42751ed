"""Handles of social media: @name, and @name@instance as on Mastodon."""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_PATTERN = re.compile(r"@[A-Za-z_]\w{1,62}(?:[.-]\w+){0,8}(?:@\w[\w-]*(?:\.\w[\w-]*)+)?")


def find(text: str) -> Iterator[Span]:
    """Yield the handles in a text."""
    if "@" not in text:
        return
    for match in _PATTERN.finditer(text):
        yield Span(match.start(), match.end(), "handle")
