"""Names of houses: where a text says that somebody lives in one."""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues, any_of
from wordround.deidentify.spans import Span, without_leading

cued = Cues.of("places")

_HOUSE = (
    r"(?i:cottages?|house|farm|farmhouse|lodge|barn|villa|manor|bungalow|hall|mill|rectory|vicarage|croft|"
    r"grange|court|place|hill|view|end|dene|nook|corner|stables|gatehouse|coach house|oast|bothy|towers?|"
    r"heights|gables|beeches|oaks|elms|firs|limes|willows|laurels|cedars|haven|rest|retreat|steading|"
    r"homestead|garth|holme|lea|bank|acre|acres|chalet|cabin|boat)"
)
_CAPITAL = r"[A-Z][\w'’-]*"
_NAME = rf"(?P<name>(?:The\s)?(?:{_CAPITAL}\s){{0,3}}{_CAPITAL})"
_AFTER_A_HOME = cued(
    rf"(?i:\b(?:liv(?:e|es|ed|ing)|home|house|cottage|bungalow|property|place|farm|address)\b(?:\s(?:is|was|has been))?"
    rf"(?:\s(?:in|at|to|called|named|known as|here|alone|just|up|down|over|next to|opposite|near|from|back|address))*"
    rf"[\s,:(\"'“‘-]{{1,3}}){_NAME}"
)
_ENDS_AS_A_HOUSE = re.compile(rf"{_HOUSE}$")
_CALLED = re.compile(
    r"\b(?:house|home|cottage|bungalow|property|place|farm|flat)\b(?:\s\w+)?\s(?:is|was)?\s?,?\s?(?:called|"
    r"named|known as)\W{1,3}$",
    re.IGNORECASE,
)
_LOWER = cued(
    r"\b(?:liv(?:e|es|ed|ing) (?:in|at)|(?:home|house|cottage|bungalow|place) (?:is )?(?:called|named)|(?:my|"
    r"our|her|his|their|mum's|dad's|nan's) (?:home|house),?) ['\"“‘]?"
    r"(?P<name>(?:the )?(?:[a-z'’-]+ ){1,3}(?:cottages?|farm|farmhouse|lodge|barn|villa|manor|rectory|vicarage|"
    r"grange|mill))\b"
)
_SAID_TO_BE_HOME = cued(
    r"\b(?:home|house|cottage|bungalow|property|place|farm|flat)(?:'s)? (?:is |was )?(?:called|named) "
    r"['\"“‘]?(?P<name>(?:the )?[\w'’-]+)"
    r"|\b(?:the|my|our|her|his|mum's|dad's) (?:house|home|cottage|bungalow) ?[(,] ?(?P<bracket>(?:the "
    r")?[\w'’-]+(?: [\w'’-]+){0,2})(?= ?[),])",
    re.IGNORECASE,
)
# What ends like this is a home, unless an article or a hospital says otherwise.
_HARDLY_ANYTHING_ELSE = cued(
    r"\b(?P<name>(?:[^\W\d_][\w'’-]+ ){1,2}(?:cottages?|farm|farmhouse|barn|croft|rectory|vicarage|forge|"
    r"steading|gatehouse|coach house|"
    r"old school house|mill house))\b(?!['’]s| (?:hospital|pie|cheese|shop|foods?|animals?|worker|ward|clinic|park))",
    re.IGNORECASE,
)
_NO_HOUSE = frozenset(
    """the a an my our his her their your at in on from to of and or by near is was were old new little big local
    wind solar
    dairy animal city funny like as for with that this live lives lived living called named home house""".split()
)
_WITH_ITS_PLACE = cued(
    rf"(?:^|\n|[.,;] )(?P<name>(?:The )?(?:{_CAPITAL} ){{1,2}}(?:House|Cottage|Farm|Barn|Lodge|Forge|Mill|"
    rf"Vicarage|Rectory|Manor|Villa|Croft|Grange)), (?=[A-Z][a-z]+(?:$|[\n.,]))",
    re.MULTILINE,
)
_WANTED = cued(
    r"\b(?:want|find|called|named|look for|looking for|at|to|outside|born (?:at|in)) (?P<name>(?:the "
    r")?[\w'’-]+(?: [\w'’-]+)?),? (?:love|pal|mate|hen|duck|pet)?,? ?(?:the |it's the )(?:house|cottage|"
    r"bungalow|one) (?:with|on|by|at|next|up)"
    r"|\bborn (?:at|in) (?P<birth>(?:the )?(?:[\w'’-]+ )?(?:[\w'’-]*(?:haven|shell|villa|barn|cottage|house|"
    r"lodge|farm|mount|croft|grange|manor|hall|dene|rest|nook))\b)",
    re.IGNORECASE,
)
_ANY = any_of(_AFTER_A_HOME, _LOWER, _SAID_TO_BE_HOME, _HARDLY_ANYTHING_ELSE, _WITH_ITS_PLACE, _WANTED)
_NOT_A_NAME = re.compile(
    r"\b(?:a|an|my|our|his|her|their|this|that|care|nursing|residential|town|church|village|council|sheltered|"
    r"on|in|at)\b",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[Span]:
    """Yield the names of houses that a text says somebody lives in."""
    if not _ANY(text):
        return
    yield from _by_their_endings(text)
    for match in _AFTER_A_HOME.finditer(text):
        if (_ENDS_AS_A_HOUSE.search(match["name"]) and " " in match["name"]) or _CALLED.search(
            text[: match.start("name")][-60:]
        ):
            yield Span(match.start("name"), match.end("name"), "house name")
    for match in _WANTED.finditer(text):
        part = "name" if match["name"] else "birth"
        if not _NOT_A_NAME.search(match[part]):
            yield Span(match.start(part), match.end(part), "house name")
    for match in _SAID_TO_BE_HOME.finditer(text):
        part = "name" if match["name"] else "bracket"
        if not _NOT_A_NAME.search(match[part].removeprefix("the ")):
            yield Span(match.start(part), match.end(part), "house name")


def _by_their_endings(text: str) -> Iterator[Span]:
    for match in _HARDLY_ANYTHING_ELSE.finditer(text):
        start = without_leading(text, match.start("name"), match.end("name"), _NO_HOUSE)
        words = text[start : match.end("name")].lower().split()
        if len(words) > 1 and not _NO_HOUSE.intersection(words[1:-1]) and not _NOT_A_NAME.search(" ".join(words[:-1])):
            yield Span(start, match.end("name"), "house name")
    for match in _WITH_ITS_PLACE.finditer(text):
        yield Span(match.start("name"), match.end("name"), "house name")
    for match in _LOWER.finditer(text):
        if not _NOT_A_NAME.search(match["name"]):
            yield Span(match.start("name"), match.end("name"), "house name")
