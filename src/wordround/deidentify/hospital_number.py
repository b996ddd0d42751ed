"""Hospital numbers (MRN, unit, case and patient numbers): no common form, so that what stands before them tells."""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_PATTERN = re.compile(
    r"""\b(?:
          (?:hospital|hosp|patient|unit|case|district|record|records|rio|systmone|k|x|mrn|ref|reference|booking|
             incident|complaint|appointment|appt|pals|datix|admission|episode)
          (?:\s?(?:id|no|nos|num|number|numbers|identifier|ref|reference|\#)\b\.?){1,2}
        | mrn | m\.r\.n\. | medical\srecord(?:\s(?:number|no))? | patient\sid | pas\s(?:number|no) |
        chi(?:\snumber|\sno)?
        | (?:ref|reference)
        )
        (?:\s?(?:is|was|are|of|it's|its|[:=\#.\-(])){0,3}\s{0,2}
        (?P<number>[a-z]{0,4}[ /-]?\d(?:[ /.-]?[a-z\d]){2,12}(?<=\d)[a-z]?)(?![^\W_])""",
    re.IGNORECASE | re.VERBOSE,
)


def find(text: str) -> Iterator[Span]:
    """Yield the numbers in a text that are said to be a patient's, a case's or a booking's."""
    for match in _PATTERN.finditer(text):
        if sum(character.isdigit() for character in match["number"]) >= 4:
            yield Span(match.start("number"), match.end("number"), "hospital number")
