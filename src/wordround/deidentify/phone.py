"""Telephone numbers: every form that the phonenumbers library (libphonenumber's data) takes for British or foreign.

Ofcom's fictional ranges count too, so a number has to be possible, not assigned.
"""

import re
from collections.abc import Iterator

import phonenumbers

from wordround.deidentify.cues import Cues
from wordround.deidentify.spans import Span

cued = Cues.of("digits")

# Digits with nothing but the usual marks between them. Fewer than seven never reach somebody.
_REGION = cued(r"\+?[\d(](?:[ ()./+-]{0,4}\d){6,}")
# The library copies what is left of a text at every try: it gets windows, each overlapping the next by a number's
# length.
_WINDOW, _OVERLAP = 160, 40
# The library needs milliseconds for a window that is all numbers: a text with more of them is no comment.
_MOST_WINDOWS = 300
_UNUSUAL_MARK = cued(r"(?<=\d)[_*,;|~]|(?<=\d )[_*,;|~](?= ?\d)")
# The library takes a number that follows a telephone number for more of it, and then finds neither.
_AS_USUALLY_WRITTEN = cued(
    r"(?<![\d+])(?:\+44|0044)[ -]?(?:\(0\)[ -]?)?\d{2,5}[ -]?\d{3}[ -]?\d{3,4}(?!\d)|(?<![\d+])0\d{2,4}[ "
    r"-]\d{3,4}[ -]\d{3,4}(?!\d)|(?<![\d+])0[1-37]\d{9}(?!\d)"
)
# Said to be one, ten or eleven digits are, whatever stands between them.
_SAID_TO_BE_ONE = re.compile(
    r"\b(?:phone|telephone|tel|tele|mob|mobile|landline|cell|ring|rang|rung|call|called|text|texted|whats ?app|dial|"
    r"contact|contactable|reach|number|num|no|home|work|fax)\b[^\d!?\n]{0,30}$",
    re.IGNORECASE,
)
_LONG_ENOUGH = cued(
    r"(?<![\d.,/-])[+(]{0,2}0(?:[ ()._/,-]{0,4}\d){9,12}(?!\d)|(?<!\d)7(?:[ ._-]?\d){9}(?!\d)|"
    r"(?<![\d.,/-])[1-37]\d(?:[ ._-]\d\d){4}(?!\d)"
)
_BROKEN_OFF = cued(r"(?<![\d.,/-])0(?:[ ()._/,-]{0,3}\d){4,7}[ .…-]{2,6}\d(?:[ ._/-]?\d){2,5}(?!\d)")
_EXTENSION = re.compile(r",?\s?(?:ext|extn|extension|x)\.?\s?(?:no\.?\s?)?\d{2,6}(?!\d)", re.IGNORECASE)
_BEFORE = 40
_NATIONAL_DIGITS = {9, 10}
_GREAT_BRITAIN = 44
_CALLED_FROM_ABROAD_OR_HOME = ("+", "0", "(", "44")
_MOST_GROUPS_WITHOUT_ZERO = 3


class TooManyNumbers(ValueError):
    """The text holds more numbers than can be looked at in reasonable time; it is withheld."""


def find(text: str) -> Iterator[Span]:
    """Yield the telephone numbers in a text, with their extensions. Raises TooManyNumbers."""
    for span in _find(_UNUSUAL_MARK.sub("-", text)):
        extension = _EXTENSION.match(text, span.end)
        yield Span(span.start, extension.end(), span.kind) if extension else span


def _find(text: str) -> Iterator[Span]:
    for pattern in (_LONG_ENOUGH, _BROKEN_OFF):
        for long in pattern.finditer(text):
            if _SAID_TO_BE_ONE.search(text, max(0, long.start() - _BEFORE), long.start()):
                yield Span(long.start(), long.end(), "phone number")
    for written in _AS_USUALLY_WRITTEN.finditer(text):
        yield Span(written.start(), written.end(), "phone number")
    windows = 0
    for region in _REGION.finditer(text):
        for start in range(region.start(), region.end(), _WINDOW - _OVERLAP):
            windows += 1
            if windows > _MOST_WINDOWS:
                raise TooManyNumbers(f"more than {_MOST_WINDOWS} stretches of digits")
            window = text[start : min(start + _WINDOW, region.end())]
            for match in phonenumbers.PhoneNumberMatcher(window, "GB", phonenumbers.Leniency.POSSIBLE, _WINDOW):
                national = str(match.number.national_number)
                if match.number.country_code != _GREAT_BRITAIN or _is_british(match.raw_string, national):
                    yield Span(start + match.start, start + match.end, "phone number")


def _is_british(written: str, national: str) -> bool:
    if len(national) not in _NATIONAL_DIGITS:
        return False
    # Without its zero a number is hard to tell from temperatures, rooms and dates: whole, and in few groups.
    return written.startswith(_CALLED_FROM_ABROAD_OR_HOME) or (
        len(national) == max(_NATIONAL_DIGITS) and len(re.findall(r"\d+", written)) <= _MOST_GROUPS_WITHOUT_ZERO
    )
