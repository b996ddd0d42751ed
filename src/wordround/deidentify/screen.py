"""The cheap look: which groups of recognisers a text needs, if any. Most comments need none.

Pure: a text and its words in, names of groups out. It knows words and marks, and imports no recogniser.
"""

import re

from wordround.deidentify.names.vocabulary import TITLES, TRIGGERS

MARKS, DIGITS, PLACES, WORKPLACES, TIMES, NAMES = "marks", "digits", "places", "workplaces", "times", "names"

GROUPS_THAT_READ_CAPITALS = frozenset({PLACES, WORKPLACES})

_MARK = re.compile(r"@|://|\.[A-Za-z]|[a-z]\s?\.\s?(?:org|com|net|uk)\b", re.IGNORECASE)
_SPELT_OUT = frozenset({"dot", "Dot", "DOT"})
_DIGIT = re.compile(r"[\da-f]:[\da-f:]|\d", re.IGNORECASE)
_TWO_DIGITS = re.compile(r"\d\D*\d|[\da-f]:[\da-f:]", re.IGNORECASE)

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
    let  docked laid  run runs ran own owns owned  sick signed rang phoned""".split()
)
_OF_TIMES = frozenset("born birthday dob birth ninety hundred nineteen".split())

# "nurse was", "sister and", "called twice": what follows is nobody.
_TITLED = re.compile(
    rf"\b(?:{'|'.join(sorted(TITLES))})\b[.,:]?\s+(?!(?:was|is|were|are|who|and|or|in|on|at|to|for|from|the|a|an|that|this|had|"
    r"has|came|said|did|of|with|but|so|very|me|my|us|him|her|them|back|twice|again|it|he|she|i|we|you|they|our|as|be|by|if|"
    r"when|call|calls|led|practitioner|specialist|appointment|ward|staff|team|told|took|made|gave|explained|could|would|"
    r"should|can|will|then|there|off|out|up|not|just|about)\b)\w",
    re.IGNORECASE,
)


def groups_needed(text: str, words: set[str], unclear: set[str]) -> list[str]:
    """Return the groups of recognisers that a text needs.

    words: every word of the text as written; unclear: those that the vocabulary does not clear.
    """
    needed = []
    if _MARK.search(text) or not _SPELT_OUT.isdisjoint(words):
        needed.append(MARKS)
    has_digit = bool(_DIGIT.search(text))
    if not has_digit and not unclear:
        return needed
    small = {word.lower() for word in words}
    if has_digit and _TWO_DIGITS.search(text):
        needed.append(DIGITS)
    if has_digit or not _OF_TIMES.isdisjoint(small):
        needed.append(TIMES)
    if has_digit or not _OF_PLACES.isdisjoint(small):
        needed.append(PLACES)
    if not _OF_WORKPLACES.isdisjoint(small) or (has_digit and "year" in small):
        needed.append(WORKPLACES)
    doubtful = {word.lower() for word in unclear} - TRIGGERS
    if doubtful and (doubtful - TITLES or _TITLED.search(text)):
        needed.append(NAMES)
    return needed
