"""Numbers long enough to name somebody, whatever they are: seven digits in one, or a code of letters and digits.

The last net: what no other recogniser knows must not pass because it is unknown.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.spans import Span

cued = Cues.of("digits")

_DIGITS = cued(r"(?<![\d.,£$€])\d{7,}(?![\d])")
_FIVE_DIGITS = cued(r"\d(?:[A-Z/-]*\d){4}", re.IGNORECASE)
_CODE = re.compile(r"\b(?=[A-Z]*\d)(?=\d*[A-Z])(?=(?:[A-Z/-]*\d){5})[A-Z\d]+(?:[/-][A-Z\d]+)*\b", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield long numbers and codes of at least five digits with letters among them."""
    for match in _DIGITS.finditer(text):
        yield Span(match.start(), match.end(), "reference number")
    for match in _CODE.finditer(text) if _FIVE_DIGITS.may_match(text) else ():
        yield Span(match.start(), match.end(), "reference number")
