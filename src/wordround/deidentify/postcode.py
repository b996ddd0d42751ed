"""Postcodes of the United Kingdom.

Pattern: area, district, sector, unit. A real unit never holds C, I, K, M, O or V (Royal Mail, PAF Programmers' Guide); here
only K and M are refused, which keeps doses and clock times such as "b12 5mg" and "E1 2pm" apart and still takes
a postcode with a slip in it. Areas: the 124 of Royal Mail and the Crown dependencies.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_AREAS = frozenset(
    (
        "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK "
        "FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR "
        "NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
        "WD WF WN WR WS WV YO ZE"
    ).split()
)
_PATTERN = re.compile(r"\b(?:([A-Z]{1,2})\d[A-Z\d]?|(GIR))[ -]{0,2}\d[A-JLN-Z]{2}\b", re.IGNORECASE)
_WORTH_A_LOOK = re.compile(r"\d[A-Z]{2}\b", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield the postcodes in a text."""
    if not _WORTH_A_LOOK.search(text):
        return
    for match in _PATTERN.finditer(text):
        if match[2] or match[1].upper() in _AREAS:
            yield Span(match.start(), match.end(), "postcode")
