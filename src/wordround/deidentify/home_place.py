"""Small places that somebody is said to live in. Where a hospital stands, or a place in passing, is no identifier."""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues, any_of
from wordround.deidentify.names.vocabulary import read_list, vocabulary
from wordround.deidentify.spans import Span

cued = Cues.of("places")

_CAPITAL = r"[A-Z][\w'’-]*"
_NAME = (
    rf"(?P<name>{_CAPITAL}(?:[\s-](?:(?:on|in|under|upon|le|the|of|by|next|cum|and|"
    rf"near)[\s-](?:the[\s-])?)?{_CAPITAL}){{0,3}})"
)
_LIVES = cued(
    rf"(?i:\b(?:liv(?:e|es|ed|ing)|resid(?:e|es|ing|ent)|moved|based|home|house|bungalow|cottage|flat|village|"
    rf"villager|hamlet|neighbours?|born and bred|grew up|stays?|staying)\b"
    rf"(?:\s(?:up|down|out|over|back|all the way|miles away|alone|here|local(?:ly)?|just|close|right|way|far|"
    rf"nearby|now|on\smy\sown|by\smyself|on\sher\sown|on\shis\sown|\d+\smiles\saway))*\s(?:in|at|near|outside|"
    rf"to|of|from|by|around|beyond|over\sin)\s(?:the\svillage\sof\s|deepest\s|rural\s|sunny\s)?){_NAME}"
)
_CAME_FROM = cued(
    rf"(?i:\b(?:all the way|travel(?:led|ling|s)?|drive|drove|driving|came|come|coming|journey|trek|trip|"
    rf"commut\w+|miles|bus|buses|taxi|train|ferry|minutes|mins|hours?|over|in|down|up|"
    rf"here)\b(?:\s\w+)?\sfrom\s(?:the\svillage\sof\s)?){_NAME}"
)
_BORN_AND_BRED = cued(rf"{_NAME}\s(?i:born|bred|native|folk|lad|lass)\b")
_OUT_IN = cued(
    rf"(?i:\b(?:(?:out|over|up|down|back|stuck|way)\sin|came over from|drive over from|drove over from|set off "
    rf"from|round|whole of|everyone in|people in|pharmacy in|surgery in|bus to|us in|nobody in|out to|back to|"
    rf"van came to)\s(?:the\svillage\sof\s)?){_NAME}"
)
_LOWER = cued(
    r"\b(?:(?:i|we|she|he|they|mum|dad|nan|who|parents|family|and) (?:both |all |only |still |now )?(?:live|"
    r"lives|lived) (?:out |over |up |down |on my own |by myself |on her own |on his own )?in|being out in|"
    r"(?:all the way|came|come|travelled|drove|driving) (?:down |up |over |in |here )?from|village of) "
    r"(?P<name>[a-z'’-]+(?:[ -](?:on|under|upon|le)[ -][a-z'’-]+)?)\b"
)

_LOWER_BRED = cued(r"\b(?P<name>[a-z'’-]+) (?:born and bred|born n bred|born & bred)\b")
_ANY = any_of(_LIVES, _CAME_FROM, _BORN_AND_BRED, _OUT_IN, _LOWER, _LOWER_BRED)

_IS_A_ROOM = re.compile(r"[A-Z]{1,2}\d{1,3}[A-Z]?")
_JOINING = frozenset("on in under upon le the of by next cum and near".split())
# What two words with capitals are named for that is no village.
_NO_VILLAGE = frozenset(
    """hospital ward unit clinic centre house home care nursing residential sheltered housing supported accommodation
    trust nhs
    council mental health team service services surgery practice a&e emergency department general royal infirmary
    january
    february march april may june july august september october november december monday tuesday wednesday thursday
    friday
    saturday sunday great britain united kingdom northern ireland social worker""".split()
)


def find(text: str) -> Iterator[Span]:
    """Yield the places that a text says somebody lives in or comes from."""
    if not _ANY(text):
        return
    known, large = vocabulary(), read_list("large_places")

    def is_known(word: str) -> bool:
        return known.look_up(word).is_ordinary or word in large or word in known.lists["calendar"]

    for pattern in (_LIVES, _CAME_FROM, _OUT_IN, _BORN_AND_BRED):
        for match in pattern.finditer(text):
            words = [word.lower() for word in re.findall(r"[\w'’]+", match["name"])]
            is_two = len([word for word in words if word not in _JOINING]) > 1
            if _IS_A_ROOM.fullmatch(match["name"]):
                continue
            if not all(is_known(word) for word in words) or (is_two and not set(words) & (large | _NO_VILLAGE)):
                yield Span(match.start("name"), match.end("name"), "place")
    for match in _LOWER_BRED.finditer(text):
        if not is_known(match["name"]):
            yield Span(match.start("name"), match.end("name"), "place")
    for match in _LOWER.finditer(text):
        if not all(is_known(word) for word in re.findall(r"[\w'’]+", match["name"])):
            yield Span(match.start("name"), match.end("name"), "place")
