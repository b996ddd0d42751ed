"""NHS numbers: ten digits, often written 3-3-4, the last of them a check digit.

Checksum: NHS Data Dictionary, NHS NUMBER: the first nine digits weighted 10 down to 2, modulo 11.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_PATTERN = re.compile(r"(?<!\d)\d(?:[ ._,/-]{0,3}\d){9}(?!\d)")


def is_valid(digits: str) -> bool:
    """Say whether ten digits end in the right check digit."""
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = (11 - weighted % 11) % 11
    return check == int(digits[9])


def find(text: str) -> Iterator[Span]:
    """Yield the NHS numbers in a text whose check digit is right."""
    for match in _PATTERN.finditer(text):
        digits = "".join(character for character in match.group() if character.isdigit())
        if is_valid(digits):
            yield Span(match.start(), match.end(), "NHS number")
