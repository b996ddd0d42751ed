"""Vehicle registrations of Great Britain (DVLA INF104): current, prefix and suffix form.

Written in capitals the current form speaks for itself. In small letters, and in the older forms, which rooms, doses and
postcode districts look like, a word about a vehicle has to stand near.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.names.vocabulary import vocabulary
from wordround.deidentify.spans import Span

cued = Cues.of("digits")

_CURRENT = cued(r"\b[A-HJ-PR-Y]{2}\d{2} ?[A-HJ-PR-Z]{3}\b")
_MAKES = (
    r"ford|vauxhall|nissan|toyota|audi|bmw|vw|volkswagen|fiesta|focus|corsa|astra|micra|qashqai|golf|polo|peugeot|renault|"
    r"clio|honda|skoda|kia|hyundai|mini|volvo|mercedes|citroen|mazda|tesla|fiat|dacia|suzuki"
)
_NEAR_A_VEHICLE = cued(
    r"\b(?:[a-hj-pr-y]{2} ?\d{2} ?[a-hj-pr-z]{3}|[a-hj-npr-tv-y]\d{1,3} ?[a-hj-pr-y][a-hj-pr-z]{2}"
    r"|[a-hj-pr-z]{3} ?\d{1,3} ?[a-hj-npr-tv-y]|[a-z]{3} ?\d{4})\b",
    re.IGNORECASE,
)
_VEHICLE = re.compile(
    r"\b(?:car|cars|van|taxi|cab|minibus|motorbike|motorcycle|vehicle|reg|regs|registration|plate|plates|"
    r"number ?plate|"
    r"parked|parking|drives?|drove|driving|scooter|moped|permit|ambulance|clamped|towed|vrn|ford|vauxhall|nissan|toyota|audi|bmw|vw|"
    r"volkswagen|fiesta|corsa|astra|micra|golf|polo|peugeot|renault|clio|honda|skoda|kia|hyundai|mini|volvo|seat|"
    r"mercedes|citroen|blue badge|badge|fine|fined|ticket|pcn|penalty|charge notice|mazda|tesla|fiat|dacia|suzuki)\b",
    re.IGNORECASE,
)
# A plate of one's own has hardly a form: it is one where it is said to be, or in capitals beside a vehicle.
_SAID_TO_BE_ONE = cued(
    r"\b(?P<cue>reg|registration|number ?plate|private (?:reg|plate)|plates?|vrn)\b\.?(?: (?:no|number|plate)\b\.?)?"
    r"(?:\s?(?:is|was|of|[:,(-]))*\s?(?P<plate>[a-z]{1,3} ?\d{1,4}(?: ?[a-z]{1,3})?|\d{1,4} ?[a-z]{1,3})\b",
    re.IGNORECASE,
)
_OF_ONES_OWN = cued(r"\b(?=(?P<plate>(?:[A-Z]{3} ?\d{1,3}|\d{1,3} ?[A-Z]{3})\b))", re.IGNORECASE)
_BESIDE = re.compile(
    rf"\b(?:{_MAKES}|car|van|taxi|motorbike|fined|parked|pcn|clamped|towed|drive)\b[^.!?\n]{{0,16}}$",
    re.IGNORECASE,
)
_VEHICLE_OF_ONES_OWN = re.compile(
    rf"\b(?:(?:my|our|her|his|the) (?:\w+ )?(?:car|van|motorbike|bike|scooter|taxi|vehicle)|drive|drove|"
    rf"reg|registration|plates?|{_MAKES})\b",
    re.IGNORECASE,
)
# Apart, or letter by letter, where it is said to be one.
_SPACED = cued(
    r"\b(?:reg|registration|number ?plate|plate|vrn)\b[^\n.!?]{0,12}?\b"
    r"(?P<plate>[A-Z](?:[ .-]?[A-Z])?[ .-]\d[ .-]?\d?[ .-]?[A-Z][ .-]?[A-Z][ .-]?[A-Z])\b",
    re.IGNORECASE,
)
_CURRENT_WITH_A_STROKE = cued(r"\b[A-Z]{2}\d\d[._-][A-Z]{3}\b")
_USUAL, _MOST_USUAL = 300, 5_000
_MEASURES = frozenset(
    "ppl lvl flr gbp row min mins hr hrs sec wk wks day days yr yrs pm am st nd rd th x p mg ml kg cm".split()
)
_NEAR = 50
_WORDS_BEFORE_A_NUMBER = {"the", "and", "was", "for", "had", "but", "bed", "bay", "day", "are", "all", "you", "age"}


def find(text: str) -> Iterator[Span]:
    """Yield the vehicle registrations in a text."""
    for pattern in (_CURRENT, _CURRENT_WITH_A_STROKE):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "vehicle registration")
    for match in _SPACED.finditer(text):
        yield Span(match.start("plate"), match.end("plate"), "vehicle registration")
    for match in _SAID_TO_BE_ONE.finditer(text):
        letters = "".join(filter(str.isalpha, match["plate"]))
        may_be_one = letters.isupper() or (match["cue"].lower() not in ("plate", "plates"))
        if may_be_one and not _is_usual(letters, _MOST_USUAL if match.group().islower() else _USUAL):
            yield Span(match.start("plate"), match.end("plate"), "vehicle registration")
    for match in _OF_ONES_OWN.finditer(text):
        letters = "".join(filter(str.isalpha, match["plate"]))
        most = _USUAL if letters.isupper() else _MOST_USUAL
        if letters.lower() in _WORDS_BEFORE_A_NUMBER or _is_usual(letters, most):
            continue
        before = text[max(0, match.start() - _NEAR) : match.start()]
        around = before + "\n" + text[match.end("plate") : match.end("plate") + _NEAR]
        stands_out = letters.isupper() and not text.isupper() and not _is_abbreviation(letters)
        if _BESIDE.search(before) or (stands_out and _VEHICLE_OF_ONES_OWN.search(around)):
            yield Span(match.start("plate"), match.end("plate"), "vehicle registration")
    for match in _NEAR_A_VEHICLE.finditer(text):
        words = {word.lower() for word in re.findall(r"[A-Za-z]{3}", match.group())}
        around = text[max(0, match.start() - _NEAR) : match.start()] + "\n" + text[match.end() : match.end() + _NEAR]
        if not words & _WORDS_BEFORE_A_NUMBER and _VEHICLE.search(around):
            yield Span(match.start(), match.end(), "vehicle registration")


def _is_usual(letters: str, most: int) -> bool:
    """Say whether letters are so common a word or a measure that they are no plate's ("registration 10 min")."""
    small = letters.lower()
    return small in _MEASURES or vocabulary().ranks.get(small, most) < most


def _is_abbreviation(letters: str) -> bool:
    known = vocabulary()
    return letters.lower() in known.listed or letters.lower() in ("nhs", "ccu", "icu", "itu", "pcn")
