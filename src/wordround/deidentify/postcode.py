"""Postcodes of the United Kingdom: area, district, sector, unit.

Whether the area exists is not asked: a postcode with a slip in it still finds a street. A real unit never holds C, I,
K, M, O or V (Royal Mail, PAF Programmers' Guide); here only K and M are refused, which keeps doses and clock times
such as "b12 5mg" and "E1 2pm" apart.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_PATTERN = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?|GIR)[ ._,-]{0,2}\d[A-JLN-Z]{2}\b", re.IGNORECASE)
_WORTH_A_LOOK = re.compile(r"\d[A-Z]{2}\b", re.IGNORECASE)
# "B1 2nd floor", "the B12 3rd dose": no street, unless it is written as one ("B1 2ND").
_ORDINAL = re.compile(r"[A-Z]+\d\w?[ ,.]+(?:1st|2nd|3rd|[04-9]th)")
_ORDINAL_AND_WHAT = re.compile(r"\s(?:floor|level|door|dose|jab|time|visit|day|week)", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield the postcodes in a text."""
    if not _WORTH_A_LOOK.search(text):
        return
    for match in _PATTERN.finditer(text):
        is_counted = _ORDINAL.fullmatch(match.group().upper()[:-2] + match.group()[-2:].lower())
        if is_counted and (_ORDINAL.fullmatch(match.group()) or _ORDINAL_AND_WHAT.match(text, match.end())):
            continue
        yield Span(match.start(), match.end(), "postcode")
