"""Hospital numbers (MRN, unit, case and patient numbers): no common form, so that what stands before them tells."""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.spans import Span

cued = Cues.of("digits")

_IN_FRONT = cued(
    r"""(?<![\w/-])(?P<number>[a-z]{0,3}[ /-]?\d(?:[ /.-]?\d){3,10}[a-z]?)[ ,-]{1,2}
        (?:is\s)?(?:my\s|our\s|her\s|his\s|the\s)?(?:hospital|hosp|patient|unit|mrn|record|reference|ref|booking)
        (?:\s?(?:number|no|num|id)\b|\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_PATTERN = cued(
    r"""\b(?:
          (?:hospital|hosp\.?|patient|unit|case|district|record|records|rio|systmone|k|x|mrn|ref|reference|booking|
             incident|complaint|appointment|appt|pals|datix|admission|episode|crime|police|log|job|claim|policy|order|
             invoice|tracking|prescription|membership|customer|client|staff|payroll|employee|confirmation|ticket|permit|
             penalty|our|your|case\s?notes?|cad|crew|specimen|sample|barcode)
          (?:\s?(?:id|no|nos|num|number|numbers|identifier|ref|reference|\#)\b\.?){1,2}
        | mrn | m\.r\.n\. | medical\srecord(?:\s(?:number|no))? | patient\sid | pas\s(?:number|no) |
        chi(?:\snumber|\sno)?
        | (?:ref|reference) | (?:complaint|incident|booking)(?=\s[a-z]{1,4}[/-]?\d) | crn | ubrn | urn | e-?rs
        )
        (?:\s?(?:is|was|are|of|it's|its|[:=\#.\-(])){0,3}\s{0,2}
        (?P<number>[a-z]{0,4}[ /-]?\d(?:[ /.-]?[a-z\d]){2,12}(?<=\d)(?:[/-]?[a-z])?)(?![^\W_])""",
    re.IGNORECASE | re.VERBOSE,
)

_FEWEST_IN_FRONT = 5


def find(text: str) -> Iterator[Span]:
    """Yield the numbers in a text that are said to be a patient's, a case's or a booking's."""
    for match in _IN_FRONT.finditer(text):
        if sum(character.isdigit() for character in match["number"]) >= _FEWEST_IN_FRONT:
            yield Span(match.start("number"), match.end("number"), "hospital number")
    for match in _PATTERN.finditer(text):
        if sum(character.isdigit() for character in match["number"]) >= 4:
            yield Span(match.start("number"), match.end("number"), "hospital number")
