"""Bank cards and accounts: card numbers (Luhn checksum, ISO/IEC 7812), sort codes with account numbers, IBANs
(ISO 13616).
"""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.spans import Span

cued = Cues.of("digits")

_CARD = cued(r"(?<![\d.])\d(?:[ ._/-]{0,2}\d){12,18}(?![\d])")
_SAID_TO_BE_A_CARD = re.compile(r"\b(?:card|visa|mastercard|debit|credit|amex)\b", re.IGNORECASE)
_IBAN = cued(r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?\b", re.IGNORECASE)
_SORT_CODE = re.compile(r"(?<![\d/.-])\d{2}([ -]?)\d{2}\1\d{2}(?![\d/]|[.-]\d)")
_SAID_TO_BE_A_SORT_CODE = cued(
    r"\b(?:sort ?codes?|s/c|s\.c\.|bacs(?: to)?)\b[^\d\n]{0,12}(?P<code>\d\d[ ./-]{0,3}\d\d[ ./-]{0,3}\d\d)(?!\d)",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?<![\d.])\d{3,4}[ -]?\d{4}(?![\d])")
# A sort code and eight digits soon after it speak for themselves.
_PAIR = cued(r"(?<![\d/.-])(?P<code>\d{2}([ ./-]?)\d{2}\2\d{2})(?!\d)\D{1,14}(?P<account>\d{4}[ -]?\d{4})(?!\d)")
_SAID_TO_BE_ONE = cued(
    r"\b(?:sort ?codes?|s/c|accounts?|a/c|acc(?:ount)? ?(?:no|number)|acct?|bank|bacs)\b", re.IGNORECASE
)
_NEAR = 60


def passes_luhn(digits: str) -> bool:
    """Say whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(digits), 1)]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def find(text: str) -> Iterator[Span]:
    """Yield card numbers, IBANs, and sort codes and account numbers that are said to be such."""
    for match in _CARD.finditer(text):
        digits = "".join(character for character in match.group() if character.isdigit())
        if passes_luhn(digits) or _SAID_TO_BE_A_CARD.search(text, max(0, match.start() - _NEAR), match.start()):
            yield Span(match.start(), match.end(), "bank card number")
    for match in _IBAN.finditer(text):
        if _is_iban(match.group()):
            yield Span(match.start(), match.end(), "bank account number")
    for match in _PAIR.finditer(text):
        for part in ("code", "account"):
            yield Span(match.start(part), match.end(part), "bank account number")
    for match in _SAID_TO_BE_A_SORT_CODE.finditer(text):
        yield Span(match.start("code"), match.end("code"), "bank account number")
    naming = [match.start() for match in _SAID_TO_BE_ONE.finditer(text)]
    if not naming:
        return
    for pattern in (_SORT_CODE, _ACCOUNT):
        for match in pattern.finditer(text):
            if any(abs(match.start() - place) <= _NEAR for place in naming):
                yield Span(match.start(), match.end(), "bank account number")


def _is_iban(written: str) -> bool:
    """Say whether the check digits of an IBAN are right (ISO 13616: modulo 97)."""
    bare = written.replace(" ", "").upper()
    moved = bare[4:] + bare[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
