"""National Insurance numbers: two letters, six digits, a suffix A to D.

HMRC never gives out some prefixes (National Insurance Manual NIM39110); they are taken all the same, because a slip
of one letter must not let a number through.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_BETWEEN = "[ ._/-]{0,2}"
_PATTERN = re.compile(
    rf"\b[A-Z]{{2}}{_BETWEEN}(?:\d\d{_BETWEEN}\d\d{_BETWEEN}\d\d|\d{{3}}{_BETWEEN}\d{{3}}){_BETWEEN}[A-D](?![^\W_])",
    re.IGNORECASE,
)
_WORTH_A_LOOK = re.compile(rf"\d\d{_BETWEEN}\d{_BETWEEN}\d{_BETWEEN}\d\d")


def find(text: str) -> Iterator[Span]:
    """Yield the National Insurance numbers in a text."""
    if not _WORTH_A_LOOK.search(text):
        return
    for match in _PATTERN.finditer(text):
        yield Span(match.start(), match.end(), "National Insurance number")
