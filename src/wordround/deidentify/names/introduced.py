"""Names that are introduced: behind a title, a role or "called" any word is a name, English or not.

The tagger weighs a word by what it knows of it; here what stands before it is enough. The whole name goes: the
particles in front of a surname ("van den Berg", "al-Hashimi") and the surname behind a first name.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues, any_of
from wordround.deidentify.names.person import kind_of_name
from wordround.deidentify.names.vocabulary import CONTRACTIONS, Vocabulary, vocabulary
from wordround.deidentify.spans import Span

cued = Cues()

_PARTICLE = (
    r"(?:van 't|van|von|de|den|der|des|del|della|di|da|das|dos|do|du|la|le|los|el|al|ter|ten|te|op|bin|binti?|ibn|"
    r"ap|ab|abd|"
    r"mac|mc|st|st\.|zu|af|av|y|e)"
)
_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_CAPITAL = r"[A-Z][^\W\d_]*(?:['’-][^\W\d_]+)*"
_TITLE = r"(?:dr|doctor|doc|mr|mrs|ms|miss|mx|prof|professor|sister|nurse|matron|midwife|hca|consultant|surgeon|physio)"
_BETWEEN = r"(?:\.|:)? "
_WITH_PARTICLES = cued(
    rf"\b(?:{_TITLE}{_BETWEEN}|"
    rf"(?P<first>{_CAPITAL}) )(?P<name>(?:{_PARTICLE} ){{1,3}}(?P<last>{_WORD}(?: {_CAPITAL})?)"
    rf"|(?:al|el|abd)-{_WORD})",
    re.IGNORECASE,
)
# Articles in other languages that are words in English, and words that a particle may be.
_NO_PARTICLE = re.compile(r"(?:do|da|la|le|al|e|y|mac|ten|op|st|te|av|ab|des) ", re.IGNORECASE)

# Behind these a capital is a name, whatever the word.
_CALLED = cued(
    rf"(?i:\b(?:called|named|name is|name was|name's|names are|known as|"
    rf"addressed as)\s)(?P<name>{_CAPITAL}(?: {_CAPITAL})?)"
)
_NAMED_BY_TITLE = cued(
    rf"(?:(?i:\b(?:dr|doctor|mr|mrs|ms|miss|mx|prof|professor)\.? )|\b(?:DR|MR|MRS|MISS|PROF)\.? )"
    rf"(?P<name>{_CAPITAL}(?:[ -]{_CAPITAL})?)"
)
_NAMED_BY_ROLE = cued(
    rf"(?i:\b(?:sister|nurse|matron|midwife|hca|hcsw|physio|paramedic|healthcare assistant|support worker|"
    rf"health visitor|"
    rf"carer|porter|receptionist|consultant|surgeon|pharmacist|radiographer|sonographer|phlebotomist|volunteer|"
    rf"counsellor|"
    rf"therapist|psychologist|technician|housekeeper|domestic|chaplain|cpn|doctor|(?:ward |unit )?manager|"
    rf"team leader)"
    rf"(?: (?:is|was|called|named))? )(?P<name>{_CAPITAL}(?: {_CAPITAL})?)"
)
# Behind these a capital is a name if it can be one.
_THANKED = cued(
    rf"(?i:\b(?:thanks?(?: you)?(?: so much| very much| again)?(?: to)?|thankyou(?: to)?|spoke (?:to|with)|"
    rf"seen by|treated by|met by|"
    rf"looked after by|cared for by|helped by|credit to|mention (?:for|to)|shout ?out to|well done|regards,?|"
    rf"love from|"
    rf"especially|particularly|hi|hello|dear|husband|wife|partner|son|daughter|baby|mum|dad|brother|grandson|"
    rf"granddaughter),? )"
    rf"(?P<name>{_CAPITAL}(?: {_CAPITAL})?)(?: (?:and|&|,) (?P<other>{_CAPITAL}))?"
)
_AT_WORK = cued(
    rf"(?:^|(?<=[.!?\n] )|(?<=[a-z,] ))(?P<name>{_CAPITAL})(?i:,? (?:from the \w+ team|from (?:the )?(?:ward|"
    rf"reception|pharmacy|x-?ray)|the "
    rf"(?:physio|nurse|porter|hca|midwife|pharmacist|receptionist|doctor|consultant|cleaner|paramedic|sister|"
    rf"ward clerk)|"
    rf"in (?:reception|pharmacy|x-?ray|theatre|the kitchen))\b)"
)
# In small letters: a role, and a name that people are mostly called by, which does something.
_SMALL = cued(
    r"\b(?:called|named|name is|name was|name's|nurse|sister|hca|midwife|physio|paramedic|porter|receptionist|carer|"
    r"health visitor is|thank you to|thanks to|thanks)\s(?P<name>[a-z]{3,})(?=\s?[,.!]|\s(?:was|is|who|has|had|"
    r"made|took|came|did|"
    r"sat|gave|went|and|for|on|from|held|listened|explained|the|in|at|stayed|kept|you|never|did|washed|wheeled)\b|"
    r"\s*$)"
)
_ANY = any_of(_WITH_PARTICLES, _CALLED, _NAMED_BY_TITLE, _NAMED_BY_ROLE, _THANKED, _AT_WORK, _SMALL)
_NOT_NAMES = frozenset(
    """mr mrs ms miss dr sir prof professor i a an the and or but so if who was is were are had has have would can
    could should did do does it he she they we you your my our his her their this that these those in on at to
    for from of off out over up down by with about as not no never always just also only very too all any some
    said says told came went took made gave rang called saw call back when then there here what why how where
    which because after before said again ever however also everyone everything nothing thank thanks please very
    into twice once led service team ward unit clinic staff care line bank app one two me him them us monday
    tuesday wednesday thursday friday saturday sunday today tomorrow yesterday christmas easter january february
    march september october november december covid nhs a&e gp er uk""".split()
)
_HYPHENATED = re.compile(r"(?<![\w-])[A-Z][^\W\d_]+-[A-Z][^\W\d_]+(?![\w-])")
_TOO_COMMON, _RARE = 300, 99_999


def find(text: str) -> Iterator[Span]:
    """Yield the names that a title, a role or an introduction stands before."""
    return (span._replace(kind=kind_of_name(text, span.start, span.end)) for span in _find(text))


def _find(text: str) -> Iterator[Span]:
    if text.isascii() and "-" not in text and not _ANY(text):
        return
    known = vocabulary()
    yield from _with_particles(text, known)
    has_small_letters = any(character.islower() for character in text)
    for match in _HYPHENATED.finditer(text) if "-" in text else ():
        if all(part.lower() in known.first_names for part in match.group().split("-")):
            yield Span(match.start(), match.end(), "name")
    if has_small_letters:
        for pattern in (_CALLED, _NAMED_BY_TITLE, _NAMED_BY_ROLE):
            for match in pattern.finditer(text):
                if _may_be_called(match["name"].split()[0], known, pattern is _NAMED_BY_ROLE):
                    yield _whole(match, known)
        for pattern in (_THANKED, _AT_WORK):
            for match in pattern.finditer(text):
                yield from _of_list(match, known)
    for match in _SMALL.finditer(text if has_small_letters else text.lower()):
        word = match["name"]
        if word in known.first_names and word not in _NOT_NAMES and known.ranks.get(word, _RARE) >= _TOO_COMMON:
            yield Span(match.start("name"), match.end("name"), "name")


def _with_particles(text: str, known: Vocabulary) -> Iterator[Span]:
    for match in _WITH_PARTICLES.finditer(text):
        last = (match["last"] or "").split()
        if match["first"] and not (match["first"].lower() in known.first_names and match["first"][0].isupper()):
            continue
        if last and (last[0].lower() in _NOT_NAMES or (last[0].islower() and last[0] in known.safe)):
            continue
        if match["first"] and _NO_PARTICLE.match(match["name"]) and not (last and last[0][0].isupper()):
            continue
        start = match.start("first") if match["first"] else match.start("name")
        end = match.end("name")
        if last[1:] and last[1].lower() in known.ordinary:
            end -= len(last[1]) + 1
        yield Span(start, end, "name")


def _may_be_called(word: str, known: Vocabulary, is_behind_a_role: bool) -> bool:
    small = word.lower()
    if small in _NOT_NAMES or small in known.never_names or (word.isupper() and len(word) > 1):
        return False
    if small.replace("’", "'") in CONTRACTIONS:
        return False
    seen = known.look_up(small)
    if is_behind_a_role:
        return seen.is_first_name or seen.is_surname or seen.is_proper or not seen.is_ordinary
    return seen.is_first_name or seen.is_surname or small not in known.listed


def _whole(match: re.Match[str], known: Vocabulary) -> Span:
    """Return the span of a name, without a second word that is no name."""
    words = match["name"].split()
    end = match.end("name")
    if len(words) > 1:
        second = known.look_up(words[1].lower())
        if words[0].lower() in known.first_names and words[1].lower() not in known.never_names | _NOT_NAMES:
            return Span(match.start("name"), end, "name")
        if words[1].lower() in _NOT_NAMES or not (second.is_first_name or second.is_surname or not second.is_ordinary):
            end = match.start("name") + len(words[0])
    return Span(match.start("name"), end, "name")


def _of_list(match: re.Match[str], known: Vocabulary) -> Iterator[Span]:
    """Yield listed first names that are thanked, or at work somewhere, and the other of a pair."""
    first = match["name"].split()[0]
    if first.lower() in known.first_names and first[1:].islower() and first.lower() not in known.never_names:
        if first.lower() in known.safe and known.ranks.get(first.lower(), _RARE) < 25:
            return
        yield _whole(match, known)
        other = match.groupdict().get("other")
        if other and other.lower() in known.first_names and other[1:].islower():
            yield Span(match.start("other"), match.end("other"), "name")
