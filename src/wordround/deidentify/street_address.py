"""Street addresses: a house number and a street, or a street that somebody is said to live in."""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.spans import Span

cued = Cues.of("places")

# Kinds that are hardly ever anything but a street, and kinds that are everyday words too.
_STREET = (
    r"(?:street|road|rd|avenue|ave|lane|crescent|cres|terrace|grove|gardens|gdns|mews|boulevard|parade|"
    r"cul-de-sac|garth|wynd|vennel|passage|spinney|brae|stryd|ffordd|heol|l[oô]n|clos|rhodfa|gate|piece|"
    r"yard|alley|lanes|mead|ginnel|snicket|twitten|shambles|maes|parc|pendre)"
)
_EVERYDAY = (
    r"(?:st|close|drive|dr|way|court|ct|place|pl|hill|square|sq|row|walk|park|green|view|rise|gate|bank|point|"
    r"towers?|mansions|paddocks?|av|gr|cl|terr|"
    r"brow|path|wynd|croft|loan|brae|end|fold|side|mount|vale|meadow|meadows|field|fields|common|yard|"
    r"quay|wharf|drove|heights|ridge|chase|side|canal side|lakeside|waterside|riverside|causeway|circus|"
    r"broadway|esplanade|villas|cottages|buildings|flats|house|ln)"
)
_WORD = r"[^\W\d_][\w'’.-]*"
_NUMBERED = cued(
    rf"(?<![\w.£$€:/])(?P<inside>(?:block|tower|flat|apartment|apt|unit|room)\s[a-z\d]{{1,4}},?\s)?"
    rf"(?P<counted>(?:number|no\.?|nr\.?)\s?)?\d{{1,4}}(?:[a-z]\b|\s?[-/]\s?\d{{1,4}})?,?\s(?:(?:on|in|of)\s)?"
    rf"(?P<name>(?:{_WORD}\s){{1,3}}?)(?P<kind>{_STREET}|{_EVERYDAY})\b(?!')\.?",
    re.IGNORECASE,
)
# "Flat 3, Alderney Court", "Block C, Tennyson House".
_INSIDE = cued(
    rf"(?<![\w.])(?:flat|apartment|apt|block)\s(?:\d{{1,4}}[a-z]?|[a-z]),?\s(?P<name>(?:{_WORD}\s){{1,3}}?)"
    rf"(?P<kind>{_STREET}|{_EVERYDAY}|lodge|hall|mews)\b(?!')",
    re.IGNORECASE,
)
_LIVED_IN = cued(
    rf"\b(?:liv(?:e|es|ed|ing)|resid\w+|address(?: is|:)?|moved|stay(?:ing|s|ed)?|home|house|flat|bungalow|"
    rf"neighbours?|based)\b"
    rf"[^.!?\n]{{0,20}}?\b(?:in|on|at|to|off|near|is|:|"
    rf"of)\s(?:the\s)?(?P<street>(?:{_WORD}\s){{1,3}}?(?:{_STREET}|{_EVERYDAY}))\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
# "10 minutes down the road", "2 nurses on the way": what stands between a number and a street that is none.
_NOT_A_NAME = frozenset(
    """a an the this that these those my our your his her their its of in on at to for from by with without and or
    but as
    down up along across over under off into onto is was were are be been has had have do did does not no all every each
    some any one two three four five six seven eight nine ten first second third last next other another same different
    minute minutes min mins hour hours hr hrs day days week weeks month months year years yr yrs mile miles metre metres
    m km yards yard pm am o'clock oclock people staff nurses nurse doctors doctor patients patient times time stars star
    beds bed bay bays ward wards floor floors level levels very really so too much more less least most only just about
    than long short easy good bad out back front side away walk drive car bus buses train taxi taxis percent per it we i
    you they he she who which what where when why how there here because if then also again still yet even well mg ml
    pounds quid p pence steps step points point reasons reason things thing ways cars spaces weeks' days' hours'
    minutes'
    minute's hour's visits visit appointments appointment calls call tablets weekly daily nearest""".split()
)


# A number and capitals where a way leads: "to 7 Kirkbrae", "lives at 12b, Market Vennel".
_LED_TO = cued(
    r"\b(?i:at|to|from|of|outside|near|address:?|lives?|living|is|was|it's|in|"
    r"by)[:,]?\s(?P<address>(?:[Nn]o\.? |[Nn]umber )?\d{1,4}(?:[a-zA-Z]|"
    r"-\d{1,4})?,?\s(?:on\s)?(?P<name>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,2}))"
    r"(?!\s?(?:%|am\b|pm\b))"
)
# In small letters: a number where a way leads, with a letter or a comma behind it, or with a kind that is an
# everyday word.
_LED_TO_SMALL = cued(
    rf"\b(?:at|to|from|of|past|outside|near|address(?: is)?|lives? (?:at|in))[:,]? "
    rf"(?P<address>\d{{1,4}}(?:[a-z],? |, )(?P<name>(?:the )?[^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]+)?)"
    rf"|\d{{1,4}} (?P<kind_name>(?:the )?(?:[^\W\d_][\w'’-]+ ){{0,2}}(?:{_EVERYDAY}|{_STREET})))(?=[\s,.;:!?)]|$)",
    re.IGNORECASE,
)
_WELSH = cued(r"(?<![\w.])\d{1,4}[a-z]?,?\s(?:stryd|ffordd|heol|l[oô]n|clos|rhodfa)\s[\w'’-]+", re.IGNORECASE)
# Numbers of places inside a hospital, and months, stand before capitals too.
_NO_STREET = re.compile(
    r"\b(?:ward|wards|bay|bed|room|floor|level|clinic|theatre|unit|suite|hospital|a&e|nhs|gp|mri|ct|dr|doctors?|"
    r"nurses?|staff|patients?|"
    r"covid|jan\w*|feb\w*|march|mar|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*|mon\w*|tue\w*|"
    r"wed\w*|thu\w*|fri\w*|"
    r"sat\w*|sun\w*|hours?|mins?|minutes?|weeks?|days?|months?|years?|miles?|people|am|pm|i|it|the|and|but|very|"
    r"thank\w*)\b",
    re.IGNORECASE,
)


# "2 Market Street Clinic" is where one is treated.
_CARE = re.compile(
    r"\s(?:clinic|surgery|hospital|(?:health |medical )?cent(?:re|er)|practice|unit|ward|hospice)\b", re.IGNORECASE
)


def find(text: str) -> Iterator[Span]:
    """Yield the street addresses in a text."""
    return (span for span in _find(text) if not _CARE.match(text, span.end))


def _find(text: str) -> Iterator[Span]:
    if _DIGIT.search(text):
        yield from _numbered(text)
    for match in _LIVED_IN.finditer(text):
        name, _, kind = match["street"].rpartition(" ")
        if name[:1].isupper() and _names_a_street(name, kind):
            yield Span(match.start("street"), match.end("street"), "street address")


def _numbered(text: str) -> Iterator[Span]:
    if not _is_in_title_case(text):
        for match in _LED_TO.finditer(text):
            if not _NO_STREET.search(match["name"].removeprefix("The ")):
                yield Span(match.start("address"), match.end("address"), "street address")
    for match in _LED_TO_SMALL.finditer(text):
        name = match["name"] or match["kind_name"]
        words = {word.lower() for word in name.split()} - {"the"}
        if not words & _NOT_A_NAME and not _NO_STREET.search(name):
            yield Span(match.start("address"), match.end("address"), "street address")
    for match in _WELSH.finditer(text):
        yield Span(match.start(), match.end(), "street address")
    for match in _NUMBERED.finditer(text):
        is_said_to_be_one = bool(match["inside"] or match["counted"])
        if _names_a_street(match["name"], match["kind"], is_said_to_be_one):
            yield Span(match.start(), match.end(), "street address")
    for match in _INSIDE.finditer(text):
        if _names_a_street(match["name"], match["kind"], True):
            yield Span(match.start(), match.end(), "street address")


def _names_a_street(name: str, kind: str, is_said_to_be_one: bool = False) -> bool:
    words = name.split()
    if words[0] == "The" and len(words) > 1:
        words = words[1:]
    if any(word.lower().strip(".,") in _NOT_A_NAME for word in words):
        return False
    is_everyday = not re.fullmatch(_STREET, kind, re.IGNORECASE)
    return bool(is_said_to_be_one or not is_everyday or words[-1][0].isupper() or kind[0].isupper())


def _is_in_title_case(text: str) -> bool:
    """Say whether capitals say nothing, because nearly every word has one."""
    words = re.findall(r"[^\W\d_]+", text)
    return bool(sum(word[0].isupper() for word in words) > _MOSTLY * len(words))


_MOSTLY = 0.7
