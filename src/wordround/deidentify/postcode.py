"""Postcodes of the United Kingdom: area, district, sector, unit.

Whether the area exists is not asked: a postcode with a slip in it still finds a street. A real unit never holds C, I,
K, M, O or V (Royal Mail, PAF Programmers' Guide); here only K and M are refused, which keeps doses and clock times
such as "b12 5mg" and "E1 2pm" apart.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

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
_HOME = re.compile(r"\b(?:post ?codes?|liv(?:e|es|ing)|area|address|from|at|to|come)\b[^.!?\n]{0,20}$", re.IGNORECASE)
_BEFORE = 40
_WORTH_A_LOOK = re.compile(r"\d ?[A-Z]{2}\b", re.IGNORECASE)
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
    for match in _APART.finditer(text):
        if match["area"].lower() not in _AREAS or match["unit"].lower() in ("st", "nd", "rd", "th", "am", "pm"):
            continue
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if match.group().isupper() or _HOME.search(before):
            yield Span(match.start(), match.end(), "postcode")
