"""Dates of birth, in digits and in words: a day that is said to be somebody's first."""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.dates import ANY_DAY
from wordround.deidentify.spans import Span

cued = Cues.of("times")

_BORN = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\b\.?|date of birth|birth ?date|born|birthday|bday|b'day|birth|date born|"
    r"b\.)[^.!?\n\d]{0,25}$",
    re.IGNORECASE,
)
_IS_THE_BIRTHDAY = re.compile(
    r"^[\s,:()-]{0,3}(?:is|was|\()?\s?(?:my|his|her|our|their|the)?\s?(?:dob|d\.o\.b|date of birth|birthday)\b",
    re.IGNORECASE,
)
# Without a word between or in any grouping a date is one only where a birth is.
_SAID_TO_BE_ONE = cued(
    r"(?:\bd\.?\s?o\.?\s?b\b\.?|\bdate of birth\b|\bbirth ?date\b|\bborn\b|\bb(?:irth|')?day\b)(?:\s?(?:is|was|on|"
    r"the|as|[:=(,-]))*\s?"
    r"(?P<day>\d{1,2}(?:st|nd|rd|th)?[ ./-]{0,3}(?:of )?(?:the )?\d{1,2}(?:st|nd|rd|th)?,?[ ./-]{0,3}(?:'|19|20)?\d\d)"
    r"(?!\d)",
    re.IGNORECASE,
)
# Where a text says what its number is, a few words may stand between.
_SOMEWHERE_BEHIND = cued(
    r"(?:\bd\.?\s?o\.?\s?b\b\.?|\bdate of birth\b|\b(?:date born|born on)\b|\bbirth ?(?:date|day)\b|\bb['’]?day\b)"
    r"[^.!?\n\d]{0,25}"
    r"(?P<day>\d{1,2}[ ./-]{1,3}\d{1,2}[ ./-]{1,3}(?:19|20)?\d\d|\d{2}[01]\d(?:19|20)?\d\d|"
    r"(?:19|20)\d\d[01]\d[0-3]\d|\d{1,2}[ /.-]{1,3}[a-z]{3,9}\.?[ /.,-]{1,3}(?:'|19|20)?\d\d)(?!\d)",
    re.IGNORECASE,
)
_BEFORE, _AFTER = 45, 30


def find(text: str) -> Iterator[Span]:
    """Yield the dates of birth in a text."""
    for match in ANY_DAY.finditer(text):
        before, after = text[max(0, match.start() - _BEFORE) : match.start()], text[match.end() : match.end() + _AFTER]
        if _BORN.search(before) or _IS_THE_BIRTHDAY.search(after):
            yield Span(match.start(), match.end(), "date of birth")
    for pattern in (_SAID_TO_BE_ONE, _SOMEWHERE_BEHIND):
        for match in pattern.finditer(text):
            yield Span(match.start("day"), match.end("day"), "date of birth")
