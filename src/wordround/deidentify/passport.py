"""Passport numbers: nine digits, or two letters and seven digits (HM Passport Office, since 2015)."""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.spans import Span

cued = Cues.of("digits")

_SAID_TO_BE_ONE = cued(
    r"\bpassport\b[^!?\n\d]{0,30}?(?P<number>\b(?:[a-z]{1,2} ?)?\d(?:[ -]?\d){6,8}\b)", re.IGNORECASE
)
_BY_ITSELF = re.compile(r"\b[A-Z]{2} ?\d{7}\b")


def find(text: str) -> Iterator[Span]:
    """Yield the passport numbers in a text: those of the new form, and any that is said to be one."""
    for match in _SAID_TO_BE_ONE.finditer(text):
        yield Span(match.start("number"), match.end("number"), "passport number")
    for match in _BY_ITSELF.finditer(text):
        yield Span(match.start(), match.end(), "passport number")
