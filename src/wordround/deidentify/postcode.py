"""Postcodes of the United Kingdom: area, district, sector, unit.

Whether the area exists is not asked: a postcode with a slip in it still finds a street. A real unit never holds C, I,
K, M, O or V (Royal Mail, PAF Programmers' Guide); here only K and M are refused, which keeps doses and clock times
such as "b12 5mg" and "E1 2pm" apart.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.names.vocabulary import vocabulary
from wordround.deidentify.spans import Span

cued = Cues.of("digits")

_PATTERN = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?|GIR)[ ._,-]{0,2}\d[A-JLN-Z]{2}\b", re.IGNORECASE)
# Taken apart, only one that begins with an area that exists, in capitals or where somebody says where they live.
_APART = re.compile(
    r"\b(?P<area>[A-Z]{1,2})(?P<gap> ?)\d[A-Z\d]?[ ._,-]{0,2}\d ?(?P<unit>[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE
)
_AREAS = frozenset(
    """ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e ec eh en ex fk fy
    g gl gu ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le ll ln ls lu m me mk ml n ne ng nn np nr nw
    ol ox pa pe ph pl po pr rg rh rm s sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc
    wd wf wn wr ws wv yo ze""".split()
)
# "S O 1 6 6 Y D", and "SO1O 4AB" or "S016 6YD" where o and nought change places.
_LETTER_BY_LETTER = re.compile(
    r"\b[A-Z] (?:[A-Z] )?\d (?:[A-Z\d] )?\d [ABD-HJLNP-UW-Z] [ABD-HJLNP-UW-Z]\b", re.IGNORECASE
)
_WITH_AN_O = re.compile(
    r"\b(?P<area>[A-Z]{1,2})(?:\dO|0\d{1,2}|O\d?)[ ._-]{0,2}[\dO][ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE
)
_SAID_TO_BE_ONE = re.compile(r"\bp(?:ost)?[ /]?codes?\b[^.!?\n]{0,12}$", re.IGNORECASE)
_HOME = re.compile(r"\b(?:post ?codes?|liv(?:e|es|ing)|area|address|from|at|to|come)\b[^.!?\n]{0,20}$", re.IGNORECASE)
# What is no street's end behind a number.
_MEASURES = frozenset("st nd rd th am pm hr hs ft lb pt yr wd wk bd td sd ed er dr ly ls".split())
_BEFORE = 40
_WORTH_A_LOOK = cued(r"\d ?[A-Z] ?[A-Z]\b", re.IGNORECASE)
# "B1 2nd floor", "the B12 3rd dose": no street, unless it is written as one ("B1 2ND").
_ORDINAL = re.compile(r"[A-Z]+\d\w?[ ,.]+(?:1st|2nd|3rd|[04-9]th)")
_ORDINAL_AND_WHAT = re.compile(r"\s(?:floor|level|door|dose|jab|time|visit|day|week)", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield the postcodes in a text."""
    if not _WORTH_A_LOOK.search(text):
        return
    for match in _PATTERN.finditer(text):
        is_counted = _ORDINAL.fullmatch(match.group().upper()[:-2] + match.group()[-2:].lower())
        if is_counted and (_ORDINAL.fullmatch(match.group()) or _ORDINAL_AND_WHAT.match(text, match.end())):
            continue
        yield Span(match.start(), match.end(), "postcode")
    for match in _LETTER_BY_LETTER.finditer(text):
        if match.group().replace(" ", "").lower()[:-3].rstrip("0123456789") in _AREAS:
            yield Span(match.start(), match.end(), "postcode")
    for match in _WITH_AN_O.finditer(text):
        is_one = match.group().isupper() or _SAID_TO_BE_ONE.search(text, 0, match.start())
        if match["area"].lower() in _AREAS and is_one:
            yield Span(match.start(), match.end(), "postcode")
    for match in _APART.finditer(text):
        if match["area"].lower() not in _AREAS or match["unit"].lower() in ("st", "nd", "rd", "th", "am", "pm"):
            continue
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if match.group().isupper() or _HOME.search(before) or not _may_be_a_word(match["unit"]):
            yield Span(match.start(), match.end(), "postcode")


def _may_be_a_word(unit: str) -> bool:
    """Say whether two letters behind a number are more often a word or a unit of measure than the end of a postcode."""
    return unit.lower() in _MEASURES or vocabulary().look_up(unit.lower()).is_ordinary
