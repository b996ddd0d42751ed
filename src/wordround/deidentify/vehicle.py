"""Vehicle registrations of Great Britain (DVLA INF104): current, prefix and suffix form.

Written in capitals the current form speaks for itself. In small letters, and in the older forms, which rooms, doses and
postcode districts look like, a word about a vehicle has to stand near.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import cued
from wordround.deidentify.names.vocabulary import vocabulary
from wordround.deidentify.spans import Span

_CURRENT = re.compile(r"\b[A-HJ-PR-Y]{2}\d{2} ?[A-HJ-PR-Z]{3}\b")
_NEAR_A_VEHICLE = re.compile(
    r"\b(?:[a-hj-pr-y]{2} ?\d{2} ?[a-hj-pr-z]{3}|[a-hj-npr-tv-y]\d{1,3} ?[a-hj-pr-y][a-hj-pr-z]{2}"
    r"|[a-hj-pr-z]{3} ?\d{1,3} ?[a-hj-npr-tv-y]|[a-z]{3} ?\d{4})\b",
    re.IGNORECASE,
)
_VEHICLE = re.compile(
    r"\b(?:car|cars|van|taxi|cab|minibus|motorbike|motorcycle|vehicle|reg|regs|registration|plate|plates|"
    r"number ?plate|"
    r"parked|parking|drove|driving|permit|ambulance|clamped|towed|vrn|ford|vauxhall|nissan|toyota|audi|bmw|vw|"
    r"volkswagen|fiesta|corsa|astra|micra|golf|polo|peugeot|renault|clio|honda|skoda|kia|hyundai|mini|volvo|seat|"
    r"mercedes|citroen|blue badge|badge|fine|fined|ticket|pcn|penalty|charge notice|mazda|tesla|fiat|dacia|suzuki)\b",
    re.IGNORECASE,
)
# A plate of one's own has hardly a form: it is one where it is said to be, or in capitals beside a vehicle.
_SAID_TO_BE_ONE = cued(
    r"\b(?P<cue>reg|registration|number ?plate|private (?:reg|plate)|plates?|vrn)\b(?: (?:no|number|plate))?"
    r"(?:\s?(?:is|was|[:,(-]))*\s?(?P<plate>[a-z]{1,3} ?\d{1,4}(?: ?[a-z]{1,3})?|\d{1,4} ?[a-z]{1,3})\b",
    re.IGNORECASE,
)
_OF_ONES_OWN = re.compile(r"\b(?:[A-Z]{3} ?\d{1,3}|\d{1,3} ?[A-Z]{3})\b")
_BESIDE = re.compile(r"\b(?:car|van|taxi|motorbike|fined|parked)\b[^.!?\n]{0,16}$", re.IGNORECASE)
_NEAR = 50
_WORDS_BEFORE_A_NUMBER = {"the", "and", "was", "for", "had", "but", "bed", "bay", "day", "are", "all", "you", "age"}


def find(text: str) -> Iterator[Span]:
    """Yield the vehicle registrations in a text."""
    for match in _CURRENT.finditer(text):
        yield Span(match.start(), match.end(), "vehicle registration")
    for match in _SAID_TO_BE_ONE.finditer(text):
        letters = "".join(filter(str.isalpha, match["plate"]))
        if letters.isupper() or (match["cue"].lower() not in ("plate", "plates") and not _is_word(letters)):
            yield Span(match.start("plate"), match.end("plate"), "vehicle registration")
    for match in _OF_ONES_OWN.finditer(text):
        letters = "".join(filter(str.isalpha, match.group()))
        if _BESIDE.search(text, max(0, match.start() - _NEAR), match.start()) and not _is_word(letters):
            yield Span(match.start(), match.end(), "vehicle registration")
    for match in _NEAR_A_VEHICLE.finditer(text):
        words = {word.lower() for word in re.findall(r"[A-Za-z]{3}", match.group())}
        around = text[max(0, match.start() - _NEAR) : match.start()] + "\n" + text[match.end() : match.end() + _NEAR]
        if not words & _WORDS_BEFORE_A_NUMBER and _VEHICLE.search(around):
            yield Span(match.start(), match.end(), "vehicle registration")


def _is_word(letters: str) -> bool:
    known = vocabulary()
    return letters.lower() in known.ordinary or letters.lower() in known.listed
