"""Names of patients, relatives and staff, with and without titles.

The tagger weighs every word that the vocabulary does not clear. What is likely a name is one; for what may be one the
comment is withheld. Whether it is a patient's, a relative's or a worker's name is read from the words beside it alone.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.names.company import Company
from wordround.deidentify.names.features import Token
from wordround.deidentify.names.tagger import Weighed, tagger
from wordround.deidentify.names.things import names_nobody
from wordround.deidentify.names.vocabulary import CONTRACTIONS, vocabulary
from wordround.deidentify.spans import Span

# From which probability a word is replaced, by its class: an unknown word soon, one that is near a common word or an
# ordinary one itself only where its neighbours speak for a name. Chosen on the half of the corpus called `tuned`.
_THRESHOLDS = {
    "u0": 0.1,
    "u1": 0.2,
    "u2": 0.15,
    "c": 0.15,
    "f": 0.2,
    "l": 0.35,
    "fl": 0.3,
    "doubt": 0.65,
    "calendar": 0.97,
    "slip": 0.85,
    "roles": 0.9,
    "relations": 0.9,
    "medical": 0.9,
    "colloquial": 0.9,
    "p": 0.8,
}
_OTHERWISE = 0.85
# A long word that is near a common one is a slip of the pen more often than a name; with a capital in mid-sentence
# it is
# a name more often.
_LETTERS_OF_A_SLIP, _LONG_SLIP, _OPENING_SLIP, _SLIP_WITH_A_CAPITAL = 6, 0.25, 0.8, 0.45
_NAMES_UNKNOWN = ("u0", "u1", "u2", "c", "f", "l", "fl")
_SELF_BEFORE = re.compile(r"\b(?:i['’]?m|i am|names? is|name['’]?s)\s$", re.IGNORECASE)
_NEAR_BEFORE = 16
# Behind a title nearly every word is a name, behind a role many are.
_BEHIND_A_TITLE, _BEHIND_A_ROLE = 0.02, 0.3
_WITH_A_POSSESSIVE = 0.4
# So common a word that it goes on with the sentence: in small letters, and behind a full stop.
_COMMON = 1_000
_TITLE_ENDS_A_SENTENCE = re.compile(r"\b(?:dr|prof|professor|rev|reverend)\. $")
_TITLE_BEFORE = re.compile(r"\b(?:dr|mr|mrs|ms|mx|prof|professor|rev|reverend|sir|dame)s?\.?\s?$", re.IGNORECASE)
_FIELD_BEFORE = re.compile(r"\b(?:name|patient|signed|regards|re)\s?:\s?$", re.IGNORECASE)
_ROLE_BEFORE = re.compile(
    r"\b(?:sister|nurse|matron|doctor|consultant|midwife|physio|hca|paramedic|surgeon|receptionist|called|named)\s$",
    re.IGNORECASE,
)
# Beside a part of a name less is enough for the next one.
_BESIDE_A_NAME = 0.35
# Where an unknown word comes as close as this to its threshold, the comment is withheld.
_DOUBTED = 0.3
_MAY_BE_DOUBTED = ("u0", "u1", "u2", "f", "fl")

# Below this a word is neither replaced nor doubted, wherever it stands, unless it is a listed name or beside one.
_LEAST = min(_BEHIND_A_TITLE, min(_THRESHOLDS.values()) * min(_WITH_A_POSSESSIVE, _DOUBTED, _BESIDE_A_NAME))

DOUBT = "doubtful name"

# What is found in a text is compared each with each further on.
_MOST_CANDIDATES = 2_000

_BETWEEN_PARTS = re.compile(
    r"[ .'’-]{0,2}(?:(?:van der|van den|van de|van|von|de la|de los|del|de|di|da|dos|do|el|al|bin|bint|ibn|ap|"
    r"ab|le|la) )?",
    re.IGNORECASE,
)
_PARTICLES = frozenset("van von der den de del della di da dos do el al bin bint ibn ap ab".split())
_STAFF = (
    r"(?:dr|doctor|doc|prof|professor|sister|matron|(?:staff |charge |student |senior |lead |dental |practice |"
    r"district |"
    r"specialist |research |community |mental health |bank |night |agency |scrub |theatre |triage )*nurses?|"
    r"consultants?|"
    r"surgeons?|registrar|midwi(?:fe|ves)|physio(?:therapist)?s?|ot|hca|hcas|cpn|anp|gp|paramedics?|emt|"
    r"technician|radiographer|"
    r"sonographer|phlebotomists?|pharmacist|dentist|hygienist|optician|optometrist|podiatrist|chiropodist|"
    r"dietitian|dietician|"
    r"therapists?|psychologist|psychiatrist|counsellor|social worker|support workers?|key ?worker|care ?coordinator|"
    r"health visitor|receptionists?|secretary|clerk|housekeeper|porters?|cleaner|domestic|volunteers?|carers?|"
    r"chaplain|"
    r"healthcare assistants?|health care assistants?|student|trainee|manager|assistant|team|staff|lady|"
    r"reception|desk|crew)"
)
_STAFF_BEFORE = re.compile(rf"\b{_STAFF}\b[ ,.:(-]{{0,3}}(?:(?:called|named|is|was|and|were|are) )?$", re.IGNORECASE)
_STAFF_AFTER = re.compile(
    rf"^[ ,(-]{{1,3}}(?:(?:the|our|my|a|who (?:is|was) (?:the|my|our)|from|on|at|in|and (?:her|his|the|their)) "
    rf")?(?:\w+ )?{_STAFF}\b",
    re.IGNORECASE,
)
_THANKS_BEFORE = re.compile(
    r"\b(?:thanks?|thank you|thankyou|credit|praise|seen by|treated by|shout ?out|well done)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
_RELATIVE_BEFORE = re.compile(
    r"\b(?:(?:step|grand|great-?grand|foster |late |dear |elderly |little |eldest |youngest |older |younger |"
    r"twin |baby )*"
    r"(?:husband|wife|partner|son|daughter|mum|mother|mom|mam|dad|father|brother|sister|nan|nana|nanna|gran|"
    r"granny|grandma|"
    r"grandad|granddad|grandpa|grandson|granddaughter|grandchild|uncle|aunt|auntie|aunty|niece|nephew|cousin|child|"
    r"girl|boy|friend|neighbour|boyfriend|girlfriend|fianc[eé]e?|carer|(?:mother|father|sister|brother|son|"
    r"daughter)-in-law|"
    r"baby|twins|children|kids|sons|daughters|parents))(?:'s name(?: is| was)?|,| is| was| called| named|:| -)* "
    r"?[(\"]?$",
    re.IGNORECASE,
)
_RELATIVE_AFTER = re.compile(
    r"^(?:,| is| was| \()* (?:my|our|his|her|their) (?:\w+ )?(?:husband|wife|partner|son|daughter|mum|mother|"
    r"dad|father|"
    r"brother|sister|nan|gran|grandad|grandson|granddaughter|uncle|aunt|niece|nephew|friend)\b",
    re.IGNORECASE,
)
_PATIENT_BEFORE = re.compile(
    r"(?:\b(?:my name(?: is|'s|s)?|i am|i'm|im|this is|patient(?:'s name)?|patient name|name|re|on behalf of|"
    r"regarding|signed|regards|"
    r"sincerely|faithfully|wishes|love|from|yours|for)(?: is| was)?\b[ ,:\n-]{0,3}|[.!?)]\s*\n\s*)$",
    re.IGNORECASE,
)
# "in june" is when it was.
_MONTHS = frozenset("april may june august".split())
_MONTH_BEFORE = re.compile(
    r"\b(?:in|since|until|till|last|next|this|early|late|mid|during|before|after|end of)[ -]$", re.IGNORECASE
)
_NEAR = 60


class TooManyNames(ValueError):
    """The text holds more words that may be names than any comment; it is withheld."""


def find(text: str) -> Iterator[tuple[Span, float]]:
    """Yield the names in a text with their probability; doubts have the kind `DOUBT`. Raises TooManyNames."""
    weighed = tagger().weigh(text, _LEAST)
    if not weighed:
        return
    if len(weighed) > _MOST_CANDIDATES:
        raise TooManyNames(f"more than {_MOST_CANDIDATES} words that may be names")
    taken = _taken(text, weighed)
    for start, end, probability in _joined(text, weighed, taken):
        if not names_nobody(text, start, end):
            yield Span(start, end, kind_of_name(text, start, end)), probability
    for one, is_taken in zip(weighed, taken, strict=True):
        if _is_in_doubt(one) and not is_taken and not names_nobody(text, one.token.start, one.token.end):
            yield Span(one.token.start, one.token.end, DOUBT), one.probability


def _taken(text: str, weighed: list[Weighed]) -> list[bool]:
    """Say of each word whether it is replaced: by itself, or beside one that is."""
    taken = [one.probability >= _LEAST and one.probability >= _threshold(text, one) for one in weighed]
    Company(vocabulary()).spread(text, weighed, taken)
    if not any(taken):
        return taken
    for step in (1, -1):
        for place in range(len(weighed))[::step]:
            other = place - step
            if taken[place] or not 0 <= other < len(weighed) or not taken[other]:
                continue
            if _BETWEEN_PARTS.fullmatch(text, *_gap(weighed[place].token, weighed[other].token)):
                least = _BESIDE_A_NAME * _THRESHOLDS.get(weighed[place].kind, _OTHERWISE)
                is_part = step == 1 and weighed[place].token.text.lower() in _PARTICLES
                taken[place] = is_part or weighed[place].probability >= least
    for place, one in enumerate(weighed):
        if taken[place] and one.token.text.lower() in _MONTHS and _MONTH_BEFORE.search(text, 0, one.token.start):
            taken[place] = False
    # Who was named once is meant by the same word in small letters too.
    certain = {one.token.text.lower() for one, is_taken in zip(weighed, taken, strict=True) if is_taken}
    return [
        is_taken or (_is_in_doubt(one) and one.token.text.lower() in certain)
        for one, is_taken in zip(weighed, taken, strict=True)
    ]


def _is_in_doubt(one: Weighed) -> bool:
    return one.kind in _MAY_BE_DOUBTED and one.probability >= _DOUBTED * _THRESHOLDS[one.kind]


def _threshold(text: str, one: Weighed) -> float:
    """Return from which probability a word is replaced where it stands."""
    token, kind = one.token, one.kind
    before = text[max(0, token.start - _NEAR_BEFORE) : token.start]
    if _TITLE_BEFORE.search(before) or _FIELD_BEFORE.search(before):
        return _OTHERWISE if _goes_on(token.text, before) else _BEHIND_A_TITLE
    threshold = _THRESHOLDS.get(kind, _OTHERWISE)
    opens = not before.strip() or before.rstrip()[-1] in ".!?:\n"
    has_capital = token.text[0].isupper() and token.text[1:].islower()
    if kind in ("u1", "u2") and len(token.text) >= _LETTERS_OF_A_SLIP and not (has_capital and not opens):
        threshold = _OPENING_SLIP if opens else _LONG_SLIP
    elif kind == "slip" and has_capital and not opens:
        threshold = _SLIP_WITH_A_CAPITAL
    if kind in _NAMES_UNKNOWN and _SELF_BEFORE.search(before):
        return _BEHIND_A_TITLE
    if kind in _MAY_BE_DOUBTED and text[token.end : token.end + 2] in ("'s", "’s", "'S"):
        threshold *= _WITH_A_POSSESSIVE
    is_ordinary = kind.startswith("o") and token.text.islower()
    return min(threshold, _BEHIND_A_ROLE) if _ROLE_BEFORE.search(before) and not is_ordinary else threshold


def _goes_on(word: str, before: str) -> bool:
    """Say whether a common word goes on with the sentence where a title stood alone: "Dr needs", "a dr. However"."""
    if word.lower().replace("’", "'") in CONTRACTIONS:
        return True
    known = vocabulary().look_up(word.lower())
    if known.rank is None or not known.is_ordinary or known.is_first_name or known.is_surname:
        return False
    return known.rank < _COMMON and bool(word.islower() or _TITLE_ENDS_A_SENTENCE.search(before))


def _gap(one: Token, two: Token) -> tuple[int, int]:
    first, second = sorted((one, two), key=lambda token: token.start)
    return first.end, second.start


def _joined(text: str, weighed: list[Weighed], taken: list[bool]) -> Iterator[tuple[int, int, float]]:
    """Yield names made of tokens that follow each other."""
    first: Token | None = None
    last: Token | None = None
    best = 0.0
    for (token, probability, begins, _), is_taken in zip(weighed, taken, strict=True):
        if not is_taken:
            continue
        follows = last is not None and _BETWEEN_PARTS.fullmatch(text, last.end, token.start)
        if first is not None and last is not None and (begins or not follows):
            yield first.start, last.end, best
            first, best = None, 0.0
        first, last, best = first or token, token, max(best, probability)
    if first is not None and last is not None:
        yield first.start, last.end, best


def kind_of_name(text: str, start: int, end: int) -> str:
    """Return whose name it is, as far as the words beside it say."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if _RELATIVE_BEFORE.search(before) or _RELATIVE_AFTER.match(after):
        return "relative name"
    if _STAFF_BEFORE.search(before) or _STAFF_AFTER.match(after) or _THANKS_BEFORE.search(before):
        return "staff name"
    return "patient name" if _PATIENT_BEFORE.search(before) else "name"
