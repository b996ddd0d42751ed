"""Initials that stand for a person: behind a title, a role or a thanks, or as a signature."""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.names.vocabulary import vocabulary
from wordround.deidentify.parts import add_traits, new_trait, traits_of
from wordround.deidentify.spans import Span

cued = Cues()

_INITIALS = r"(?P<initials>[A-Z](?:\.? ?[A-Z]){0,2}\.?|[a-z](?:\.[a-z])+\.?)"
_CUED = cued(
    r"(?i:\b(?:signed|submitted by|written by|seen by|filled in by|completed by|regards,?|wishes,?|thank you,?|"
    r"thankyou,?|thanks,?|thanks to|thank you to|"
    r"thank|love to|ta,?|cheers,?|from|love|dr\.?|mr\.?|mrs\.?|ms|miss|nurse|partner|carers?:|sister|midwife|"
    r"hca|physio|matron|doctor|consultant|called|initials?(?: are| is)?|"
    r"named|staff member|member of staff|hcsw|student|carer|son|daughter|husband|wife|patient|friend)\s)"
    + _INITIALS + r"(?![\w'’-])"
)  # fmt: skip
_SIGNATURE = cued(r"(?:(?<=[.!?,] )|(?<=\n))" + _INITIALS + r"(?=\W*$)")
_WITH_A_ROLE = cued(
    _INITIALS.replace("initials", "before")
    + r" ?\((?i:physio|hca|ot|nurse|sister|midwife|the nurse|staff|receptionist|ward clerk|porter|doctor)\)"
)
# Two or three letters with dots between them are initials, unless everybody knows what they stand for.
_DOTTED = cued(r"(?<![\w.])[A-Za-z]\. ?[A-Za-z](?:\. ?[A-Za-z])?\.?(?![\w.])")
_ABBREVIATED = frozenset(
    "nmc dvd crb cri cdu "
    "eg ie am pm cpn ot gp nhs uk us usa ae ps rip etc pa hca rmn dob tbc tba asap bsc ba md phd mri ct ecg id "
    "aka vs re".split()
)
_ARTICLE = re.compile(r"\b(?:an?|the|my|on)\s$", re.IGNORECASE)
_AT_WORK = cued(
    r"(?:(?<=^)|(?<=\n)|(?<=: )|(?<=, ))"
    + _INITIALS
    + r"(?= (?i:on (?:\w+ )?ward|in (?:a&e|ed|reception)|mornings?|nights?|days|from reception|the (?:physio|ot|"
    r"nurse|hca)))"
)
# Jobs, places and words of a letter or two or three, which stand in the same company.
_NOT_INITIALS = frozenset(
    """a i u k ok ot gp gps ed ae it tv ct mri pa ma er uk us eu am pm id pt hr cv dr mr mrs ms st n y x o hca cpn
    rmn ecg icu itu
    hdu pip dwp nhs mum dad bp iv im nt re cc ps pps fyi asap lol omg tbh aa rac mot gmc cqc pals camhs cmht cbt sn
    en rn""".split()
)


_SHORTEST_SERVICE = 3

_WORTH_A_LOOK = re.compile(r"(?<![^\W\d_])[B-HJ-Zb-hj-z](?![^\W\d_])|\b[A-Z]{2,3}\b")


_IS_WORTH_A_LOOK = new_trait()
add_traits(lambda part: _IS_WORTH_A_LOOK if _WORTH_A_LOOK.search(part) else 0)


def find(text: str) -> Iterator[Span]:
    """Yield the initials in a text that stand for somebody."""
    if not traits_of(text) & _IS_WORTH_A_LOOK:
        return
    for pattern in (_SIGNATURE,) if text.isupper() else (_CUED, _SIGNATURE):
        for match in pattern.finditer(text):
            written = match["initials"]
            if _bare(written) in _NOT_INITIALS or _stands_for_no_name(written):
                continue
            yield Span(match.start("initials"), match.end("initials"), "staff name" if pattern is _CUED else "name")
    for match in _DOTTED.finditer(text):
        bare = _bare(match.group())
        # "hepatitis C. I am": a sentence ends, and "the C.R.B.": an article stands before no person.
        is_sentence = match.group().rstrip(".")[-1] in "Ii" and " " in match.group()
        has_article = bool(_ARTICLE.search(text, max(0, match.start() - 6), match.start()))
        if is_sentence or has_article:
            continue
        if bare not in _NOT_INITIALS | _ABBREVIATED and bare[:2] not in _ABBREVIATED:
            yield Span(match.start(), match.end(), "name")
    for match in _AT_WORK.finditer(text):
        if _bare(match["initials"]) not in _NOT_INITIALS:
            yield Span(match.start("initials"), match.end("initials"), "staff name")
    for match in _WITH_A_ROLE.finditer(text):
        if _bare(match["before"]) not in _NOT_INITIALS:
            yield Span(match.start("before"), match.end("before"), "staff name")


def _stands_for_no_name(written: str) -> bool:
    """Say whether capitals are a known service's ("from PTS"), or show where somebody took a name out ("Dr XXX")."""
    bare = _bare(written)
    is_listed = written.isalpha() and len(bare) >= _SHORTEST_SERVICE and bare in vocabulary().listed
    return is_listed or not bare.strip("x")


def _bare(written: str) -> str:
    return "".join(character for character in written.lower() if character.isalpha())
