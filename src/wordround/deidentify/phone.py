"""Telephone numbers: every form that the phonenumbers library (libphonenumber's data) takes for British or foreign.

Ofcom's fictional ranges count too, so a number has to be possible, not assigned.
"""

import re
from collections.abc import Iterator

import phonenumbers

from wordround.deidentify.spans import Span

# Digits with nothing but the usual marks between them. Fewer than seven never reach somebody.
_REGION = re.compile(r"\+?[\d(](?:[ ()./+-]{0,4}\d){6,}")
# The library copies what is left of a text at every try: it gets windows, each overlapping the next by a number's
# length.
_WINDOW, _OVERLAP = 160, 40
_NATIONAL_DIGITS = {9, 10}
_GREAT_BRITAIN = 44


def find(text: str) -> Iterator[Span]:
    """Yield the telephone numbers in a text."""
    for region in _REGION.finditer(text):
        for start in range(region.start(), region.end(), _WINDOW - _OVERLAP):
            window = text[start : min(start + _WINDOW, region.end())]
            for match in phonenumbers.PhoneNumberMatcher(window, "GB", phonenumbers.Leniency.POSSIBLE, _WINDOW):
                national = str(match.number.national_number)
                if match.number.country_code != _GREAT_BRITAIN or len(national) in _NATIONAL_DIGITS:
                    yield Span(start + match.start, start + match.end, "phone number")
