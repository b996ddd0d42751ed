"""Clauses: the parts of a comment that can praise one thing and criticise another.

A text is parted at the ends of sentences and lines, at semicolons, dashes, commas, words of contrast ("but", "apart
from"), and at an "and" after which a new subject begins. A part of one word is no clause: "kind, caring, gentle staff"
stays whole, and so does "Dr. <name>". Nothing is lost: the clauses joined are the text without the space between them.
"""

import re

_CONTRAST = (
    "but|however|although|though|except|whereas|while|whilst|yet|unfortunately|sadly|apart from|other than|despite|only"
)
_SUBJECT = (
    "the|it|its|they|he|she|we|i|i'm|i've|my|our|there|this|that|these|those|no|nobody|none|not|never|nothing|"
    "everyone|everything|staff|nurses|doctors|food|parking|waiting"
)
# Each way begins with the same set of characters and then looks back at the one that it found: a set is what `re` can
# leap to, where ways that begin differently are tried one by one at every letter.
_BOUNDARY = re.compile(
    r"[\s,;\u2022)\"'\u2019\u201d](?:"
    r"(?:(?<=[.!?\u2026]\s)|(?<=[.!?\u2026][)\"'\u2019\u201d])[)\"'\u2019\u201d]*\s)\s*"  # 3.30 and www.nhs.uk go on
    r"|(?<=[\r\n])\s*"
    r"|(?<=[;\u2022])\s*"
    r"|(?<=,)\s+"
    r"|(?<=\s)(?<!\s\s)\s*(?:"
    r"[-\u2013\u2014]+\s+"
    rf"|(?=(?i:{_CONTRAST})\b)"
    rf"|(?i:and)\s+(?=(?i:{_SUBJECT})\b)"
    r"))"
)
# Of which a side has to be longer, for "and" and "," also stand between words of one list.
_LEAST_WORDS = 2
_LEAST_AROUND_AND = 3
_SEEN = 120


def clauses(text: str) -> list[str]:
    """Return the clauses of a text in their order; the text itself where it has but one, nothing where it is blank."""
    parted: list[tuple[int, int]] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        least = _LEAST_AROUND_AND if boundary.group().strip().lower() == "and" else _LEAST_WORDS
        if _words(text, start, boundary.start()) >= least and _words(text, boundary.end(), len(text)) >= least:
            parted.append((start, boundary.start()))
            start = boundary.end()
    if not parted:
        return [clause] if (clause := text.strip()) else []
    parted.append((start, len(text)))
    # What is left after the last boundary, or between two, may be one word: it belongs to what it follows.
    whole: list[tuple[int, int]] = []
    for begin, end in parted:
        if whole and _words(text, begin, end) < _LEAST_WORDS:
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((begin, end))
    return [clause for begin, end in whole if (clause := text[begin:end].strip())]


def _words(text: str, start: int, end: int) -> int:
    """Return how many words stand there, as far as that matters; time does not grow with the length of the text."""
    return len(text[start : min(end, start + _SEEN)].split(None, _LEAST_AROUND_AND))
