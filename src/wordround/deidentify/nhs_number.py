"""NHS numbers: ten digits, often written 3-3-4, the last of them a check digit.

Checksum: NHS Data Dictionary, NHS NUMBER: the first nine digits weighted 10 down to 2, modulo 11. A number whose check
digit is wrong is taken too where it is written 3-3-4 or said to be one: a slip of one digit must not let it through.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.spans import Span

cued = Cues.of("digits")

_PATTERN = cued(r"(?<!\d)\d(?:[ ._,/-]{0,3}\d){9}(?!\d)")
_AS_WRITTEN = re.compile(r"\d{3}[ ._-]{1,3}\d{3}[ ._-]{1,3}\d{4}")
_SAID_TO_BE_ONE = re.compile(r"\bnhs\b(?:\W+\w+){0,3}\W*$", re.IGNORECASE)
_CONTEXT = 40


def is_valid(digits: str) -> bool:
    """Say whether ten digits end in the right check digit."""
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = (11 - weighted % 11) % 11
    return check == int(digits[9])


def find(text: str) -> Iterator[Span]:
    """Yield the NHS numbers in a text, and what is written or said to be one."""
    for match in _PATTERN.finditer(text):
        digits = "".join(character for character in match.group() if character.isdigit())
        if (
            is_valid(digits)
            or _AS_WRITTEN.fullmatch(match.group())
            or _SAID_TO_BE_ONE.search(text, max(0, match.start() - _CONTEXT), match.start())
        ):
            yield Span(match.start(), match.end(), "NHS number")
