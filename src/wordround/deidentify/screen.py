"""The cheap look: which groups of recognisers a text needs, if any. Most comments need none.

Pure: a text and its words in, names of groups out. It knows words and marks, and imports no recogniser. What stands
between two blanks is looked at once and remembered: comments are made of the same few thousand words.
"""

import re
from collections import defaultdict
from functools import cache, reduce
from operator import or_
from typing import NamedTuple

from wordround.deidentify.cues import Cues
from wordround.deidentify.names.vocabulary import TITLES, TRIGGERS, WORD, vocabulary
from wordround.deidentify.names.welsh import always_unclear
from wordround.deidentify.parts import Remembered, add_traits, new_trait, parts_of, traits_of

cued = Cues()

MARKS, DIGITS, PLACES, WORKPLACES, TIMES, NAMES = "marks", "digits", "places", "workplaces", "times", "names"

GROUPS_THAT_READ_CAPITALS = frozenset({PLACES, WORKPLACES})

_MARK = re.compile(r"[.@_,/] ?[A-Za-z]|@|[A-Za-z]\d")
_ADDRESS = cued(
    r"@|://|www|[\])\w-] ?[.,] ?(?:com|co|org|net|uk|eu|info|io|scot|wales|cymru|london)\b|\.[a-z]{2,10}/|\w_\w|"
    r"[a-z]{3}\d",
    re.IGNORECASE,
)
# What a part of an address between two blanks holds.
_PART_OF_AN_ADDRESS = re.compile(
    r"[@_]|://|www|(?:^|[.,])(?:com|co|org|net|uk|eu|info|io|scot|wales|cymru|london)\b|\.[a-z]{2,10}/|[a-z]{3}\d",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"[0-9]|[a-fA-F]:[a-fA-F:]")
# Fewer digits find nobody, unless letters stand with them as in a postcode or on a number plate.
_DIGITS = cued(
    r"(?:\d\D{0,6}){5}|(?<![A-Za-z])[A-Za-z]{1,4}[ /-]?\d|\d ?[A-Za-z]{2,3}(?![A-Za-z])|:[\da-f]*:", re.IGNORECASE
)
_OLD_OR_A_DAY = cued(r"9\d|1[01]\d|\d\s?[/.-]\s?\d|\d{4}|\d\D{0,2}\d\d\D{0,2}\d\d")

_MONTHS = frozenset(
    """january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec""".split()
)
_OF_NUMBERS = frozenset("zero nought oh one two three four five six seven eight nine double treble triple".split())
_FEWEST_NUMBERS = 3
# Where people have a name that is not theirs.
OF_HANDLES = frozenset(
    """instagram insta ig tiktok tik tok twitter tweet tweeted snapchat snap facebook fb threads youtube reddit mastodon
    bluesky linkedin whatsapp telegram discord pinterest tumblr twitch username user handle usernames handles dm
    profile blog vlog gamertag screenname
    gmail googlemail hotmail outlook yahoo icloud btinternet aol msn ymail talktalk protonmail ntlworld email mail
    messenger""".split()
)
_OF_SITES = OF_HANDLES | {"dot"}
_STREETS = frozenset(
    """street st road rd avenue ave av lane ln close cl drive dr way court ct crescent cres terrace terr grove gr
    gardens gdns mews place pl hill square sq row walk park green view rise gate bank brow path croft fold side
    mount vale meadow meadows quay wharf drove heights ridge cottages buildings flats flat house block number no
    apartment stryd ffordd heol lon clos parc maes""".split()
)
_HOMES = frozenset(
    """cottage cottages farm farmhouse barn lodge villa manor rectory vicarage grange mill croft forge steading
    gatehouse bungalow hall chalet boat called named""".split()
)

# Words beside which somebody's home, work or school, and somebody's birthday or great age, stand.
_OF_PLACES = frozenset(
    """live lives lived living resident residents reside resides moved based home homes house bungalow cottage
    cottages flat
    village villager hamlet neighbour neighbours neighbourhood bred grew stay stays stayed staying from out over
    round at
    street road rd avenue ave lane crescent terrace grove gardens mews address farm lodge barn villa manor forge
    vicarage
    rectory mill croft grange born place stryd ffordd heol lon clos property called named want""".split()
)
_OF_WORKPLACES = frozenset(
    """school schools academy college primary infant infants junior juniors nursery grammar secondary  class teacher
    teachers teach teaches teaching student pupil pupils studies studying attends attended sixth ysgol
    comprehensive preschool  kids work works worked working employed employer employers job jobs boss manager
    shift
    shifts colleague colleagues apprentice apprenticeship career placement retired redundant sacked fired dismissed
    trainee
    foreman director owner business firm company workplace lads lasses girls   depot warehouse factory office
    shop
    driver cashier headteacher ltd limited haulage logistics fabrications fabrication joinery joiners plumbing plumbers
    roofing engineering scaffolding plastics textiles welding builders motors coaches foundry pressings sons
    clean cleans fitter welder mechanic engineer chef labourer supervisor occupational note off governor dinner
    let  docked laid  run runs ran own owns owned  sick signed rang phoned""".split()
)
_OF_TIMES = frozenset("born birthday dob birth ninety hundred nineteen".split())

_CAPITAL_WITHIN = cued(r"[a-z,;(&] ?[A-Z][a-z]|[A-Z]{4}")
_ORGANISATIONS = frozenset(
    """school schools academy college primary infant infants junior juniors secondary grammar comprehensive comp
    nursery bakery haulage logistics fabrications joinery plumbing roofing engineering scaffolding plastics textiles
    welding builders motors coaches foundry garage salon solicitors couriers dairies dairy quarry tyres feeds tools
    poultry laundry laundries carpets bathrooms glass sales""".split()
)

# "nurse was", "sister and", "called twice", "nurse helped": what follows is nobody. A name that ends as a verb of the
# past does ("Ahmed") is no word that the vocabulary clears, and is found by that; "Steed" and "Reed" do not end so.
_TITLED = cued(
    rf"\b(?:{'|'.join(sorted(TITLES))})\b[.,:]?\s+(?!(?:was|is|were|are|who|and|or|in|on|at|to|for|from|the|a|an|"
    rf"that|this|had|"
    r"has|came|said|did|of|with|but|so|very|me|my|us|him|her|them|back|twice|again|it|he|she|i|we|you|they|our|as|"
    r"be|by|if|"
    r"when|call|calls|led|practitioner|specialist|appointment|ward|staff|team|told|took|made|gave|explained|could|"
    r"would|"
    r"should|can|will|then|there|off|out|up|not|just|about|went|sent|kept|rang|put|got|saw|knew|felt|brought|left|"
    r"let|spoke|sat|[a-z]{2,}[a-df-z]ed)\b)\w",
    re.IGNORECASE,
)


# A capital behind what introduces somebody is a name even if it is a word ("thanks to Will", "Dr Will").
_INTRODUCED = cued(
    r"\b(?:[Dd]r|[Mm]rs?|[Mm]s|[Mm]iss|[Pp]rof|[Nn]urse|[Ss]ister|[Mm]idwife|HCA|hca|[Pp]hysio|[Pp]aramedic|"
    r"called|named|is|was|by|to|"
    r"thanks?|[Tt]hanks|you|mention|for|regards|especially|son|daughter|husband|wife|visitor|assistant|worker|"
    r"doctor)\.?,? "
    r"(?!I\b)[A-Z][a-z]|^(?:Will|Mark|Guy) (?:and|from|the|in|on)\b"
)


@cache
def safe_names() -> frozenset[str]:
    """Return the first names that the vocabulary clears, because everybody writes them as words ("Will", "May")."""
    known = vocabulary()
    return known.safe.intersection(name.title() for name in known.first_names if len(name) > 2)


# What a part says by itself, one bit each: also for every word of a number, of which some must differ.
_HAS_DIGIT, _MAY_BE_AN_ADDRESS, _NAMES_A_SITE, _IS_SAFE_NAME = (1 << place for place in range(4))
_NUMBER_BITS = {word: 1 << place for place, word in enumerate(sorted(_OF_NUMBERS), 4)}
_NUMBERS = sum(_NUMBER_BITS.values())


class Part(NamedTuple):
    """What stands between two blanks and may need a recogniser.

    bits: what else than its words says so. unclear: the words that the vocabulary does not clear. opening: those that
    it clears where a sentence begins with them.
    """

    bits: int
    unclear: tuple[str, ...]
    opening: tuple[str, ...]


class Parts(Remembered[Part | None]):
    """Parts of texts as they need recognisers: None for most, which are ordinary words and their marks."""

    def __init__(self, safe: frozenset[str]) -> None:
        super().__init__(self._look)
        self._safe = safe
        self._welsh = always_unclear()

    def of(self, text: str) -> list[Part]:
        """Return the parts of a text that may need a recogniser."""
        return list(filter(None, map(self.__getitem__, parts_of(text))))

    def _look(self, written: str) -> Part | None:
        words = [written] if written.isalpha() else WORD.findall(written)
        bits = 0
        for small in map(str.lower, words):
            bits |= _NUMBER_BITS.get(small, 0)
            if small in _OF_SITES:
                bits |= _NAMES_A_SITE
        if _DIGIT.search(written):
            bits |= _HAS_DIGIT
        if _PART_OF_AN_ADDRESS.search(written):
            bits |= _MAY_BE_AN_ADDRESS
        if not safe_names().isdisjoint(words):
            bits |= _IS_SAFE_NAME
        unclear = [word for word in words if word not in self._safe or word.lower() in self._welsh]
        if not unclear:
            return Part(bits, (), ()) if bits else None
        opening = tuple(word for word in unclear if self._may_open(word))
        return Part(bits, tuple(word for word in unclear if word not in opening), opening)

    def _may_open(self, word: str) -> bool:
        """Say whether a word is an ordinary one with the capital of the beginning of a sentence."""
        return (
            word[0].isupper() and word[1:].islower() and word.lower() in self._safe and word.lower() not in self._welsh
        )


def groups_needed(text: str, bits: int, unclear: set[str]) -> list[str]:
    """Return the groups of recognisers that a text needs.

    bits: those of its parts. unclear: the words of the text as written that the vocabulary does not clear.
    """
    needed = []
    has_digit = bool(bits & _HAS_DIGIT)
    if bits & _NAMES_A_SITE or (bits & _MAY_BE_AN_ADDRESS and _MARK.search(text) and _ADDRESS.search(text)):
        needed.append(MARKS)
    if (has_digit and _DIGITS.search(text)) or (bits & _NUMBERS).bit_count() >= _FEWEST_NUMBERS:
        needed.append(DIGITS)
    is_introduced = bool(bits & _IS_SAFE_NAME and _INTRODUCED.search(text))
    if not has_digit and not unclear and not is_introduced:
        return needed
    beside = traits_of(text)
    strange = {word.lower() for word in unclear} - TRIGGERS - TITLES
    if (has_digit and (beside & _MONTH or _OLD_OR_A_DAY.search(text))) or beside & _TIME:
        needed.append(TIMES)
    if (has_digit and (strange or beside & _STREET)) or (beside & _PLACE and (strange or beside & _HOME)):
        needed.append(PLACES)
    is_of_work = beside & _WORKPLACE or (has_digit and beside & _YEAR)
    if is_of_work and (strange or beside & _ORGANISATION or _CAPITAL_WITHIN.search(text)):
        needed.append(WORKPLACES)
    if strange or is_introduced or (unclear and _TITLED.search(text)):
        needed.append(NAMES)
    return needed


# What the words of a text say by themselves, one bit each.
_MONTH, _TIME, _STREET, _PLACE, _HOME, _WORKPLACE, _ORGANISATION, _YEAR = (new_trait() for _ in range(8))
_BESIDE: defaultdict[str, int] = defaultdict(int)
for _bit, _words in (
    (_MONTH, _MONTHS),
    (_TIME, _OF_TIMES),
    (_STREET, _STREETS),
    (_PLACE, _OF_PLACES),
    (_HOME, _HOMES),
    (_WORKPLACE, _OF_WORKPLACES),
    (_ORGANISATION, _ORGANISATIONS),
    (_YEAR, frozenset(("year",))),
):
    for _word in _words:
        _BESIDE[_word] |= _bit


def _bits(part: str) -> int:
    if part.isalpha():
        return _BESIDE.get(part.lower(), 0)
    return reduce(or_, (_BESIDE.get(word.lower(), 0) for word in WORD.findall(part)), 0)


add_traits(_bits)
