"""Driving licence numbers of Great Britain: five characters of the surname, birth date, initials, check characters.

Form: DVLA, driver number (sixteen characters; the surname is filled up with 9, the month of women is raised by 50).
"""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_GAP = "[ .-]?"
_PATTERN = re.compile(
    rf"\b[A-Z][A-Z9]{{4}}{_GAP}\d{_GAP}(?:[05][1-9]|[16][0-2]){_GAP}(?:0[1-9]|[12]\d|3[01]){_GAP}\d{_GAP}"
    rf"[A-Z9]{{2}}{_GAP}[A-Z\d]{_GAP}[A-Z]{{2}}\b",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[Span]:
    """Yield the driving licence numbers in a text."""
    for match in _PATTERN.finditer(text):
        yield Span(match.start(), match.end(), "driving licence number")
