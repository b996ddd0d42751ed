"""Postcodes of the United Kingdom: area, district, sector, unit.

Whether the area exists is not asked: a postcode with a slip in it still finds a street. A real unit never holds C, I,
K, M, O or V (Royal Mail, PAF Programmers' Guide); here only K and M are refused, which keeps doses and clock times
such as "b12 5mg" and "E1 2pm" apart.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_PATTERN = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?|GIR)[ -]{0,2}\d[A-JLN-Z]{2}\b", re.IGNORECASE)
_WORTH_A_LOOK = re.compile(r"\d[A-Z]{2}\b", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield the postcodes in a text."""
    if not _WORTH_A_LOOK.search(text):
        return
    for match in _PATTERN.finditer(text):
        yield Span(match.start(), match.end(), "postcode")
