"""What has somebody's name, or looks like one, and names nobody: places, conditions, tests, devices, food, weather.

The word behind a name tells most of it ("Norton score", "Hickman line"), and a name that is also a first name needs
more of it than a surname: "Norton's" is a condition, "Emily's" somebody's. Behind a title, a role or thanks nothing of
this holds.
"""

import re

from wordround.deidentify.names.vocabulary import TITLES, WORD, read_list, vocabulary

_NEAR = 60
_BEHIND_A_CUE = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|mx|prof|professor|rev|reverend|sir|dame)s?\.?\s?"
    r"|\b(?:name|patient|signed|regards|re)\s?:\s?"
    r"|\b(?:sister|nurse|matron|doctor|consultant|midwife|physio|hca|paramedic|surgeon|receptionist|called|named)\s)$",
    re.IGNORECASE,
)
_BEHIND_THANKS = re.compile(r"\b(?:thank(?:s|you)?|thank you|thanks? to|to|especially|you)\s$", re.IGNORECASE)
_PLACES = (
    r"ward|unit|suite|hospital|infirmary|clinic|centre|center|house|surgery|practice|hospice|wing|building|block|"
    r"department|dept|hub|council|borough|university|college|court|lodge|day unit|"
    r"health centre|medical|foundation|trust|charity|support nurses?|nurses|"
    r"cancer|appeal|road|street|lane|theatre|gardens?|park|way|bay|room|outpatients|maternity|junction|station|square|"
    r"bridge|roundabout|bypass|entrance|car ?park|airport|tube"
)
_CONDITIONS = (
    r"disease|syndrome|palsy|sign|reflex|contractures?|fractures?|neuroma|lymphoma|tumours?|sarcoma|dementia|"
    r"encephalopathy|oesophagus|thyroiditis|arthritis|ulcers?|cysts?|hernia|deformity|phenomenon|effect|"
    r"foot|score|scale|test(?:s|ing)?|index|criteria|inventory|questionnaire|manoeuvre|incision|procedure|protocol"
)
_DEVICES = (
    r"line|splint|frame|sponge|catheters?|tubes?|tubing|drains?|hoist|collar|boots?|braces?|plates?|pins?|rods?|nails?|"
    r"screws?|wires?|masks?|airway|bags?|pumps?|drivers?|stockings?|bandages?|dressings?|plasters?|gel|cream|"
    r"ointment|speculum|forceps|clamp|needles?|cannula|stent|valve|coil|mesh|patch(?:es)?|blankets?|mattress|"
    r"harness(?:es)?|wrap|walker|walking stick|crutch(?:es)?|cushions?|pillow|helmet|sling|pads?|"
    r"shunt|port|filter|balloon|ring|prosthesis|lens|aids?|strips?|pens?|sensors?|stitch|sutures?|clips?|flap|graft|pouch|knee|hip|breathing|"
    r"suction|machine|scanner|monitor|scope|straps?|hugger|chair|bed|trolley|implants?"
)
_CARE = (
    r"repair|operation|release|transplant|therapy|treatment|technique|method|exercises|diet|pathway|approach|"
    r"injections?|jabs?|vaccines?|boosters?|tablets?|capsules?|inhalers?|drops|syrup|insulin|chemo|withdrawal|shortage"
)
_MATTERS = (
    r"review|report|inquiry|enquiry|ruling|rule|law|act|bill|case|competence|guardian|principles?|guidelines?|scheme|"
    r"charter|award|medal|lectures?|story|film|books?|song|cartoons?|doll|dolls|toys?|stickers?|costume|mural|"
    r"forms?|leaflets?|booklets?|posters?|surveys?|software|portal|login|campaign|marathon|concert|basket|chemists?|"
    r"bus|line|train|taxi|van|car|app|website|page|forum|channel|remote|wi-?fi|broadband"
)
_FOODS = (
    r"tart|cakes?|pie|salad|sauce|pudding|soup|stew|curry|buns?|biscuits?|tea|coffee|squash|slices?|sandwich(?:es)?|"
    r"yoghurts?|crisps|cheese|apples?|ham|sausages?|hotpot|pasties|pasty|rolls?|bread|toast|mince|stuffing|gravy|rice|"
    r"butter|milk|chocolates?|crackers|noodles|pasta|beans|burgers?|chips|pizzas?|ice cream|jelly|custard|jam|cereals?|"
    r"porridge|rusks?|juice|wine|beer|gin"
)
# In front of a name only one of these makes a thing of it where it may be a first name.
_AFTER_ANY_NAME = re.compile(
    rf"['’]?s?[ -](?:(?-i:Community|General|Royal|District|Memorial|University|City|County) )?(?:{_PLACES}|"
    r"courses?|disease|syndrome|palsy|line|splint|frame|sponge|catheter|score|scale|contracture|"
    rf"fracture|lymphoma|field test|campaign|{_FOODS})\b(?! (?:lady|ladies|trolley|run|round)\b)",
    re.IGNORECASE,
)
_AFTER_A_SURNAME = re.compile(
    rf"(?:['’]?s|s['’])?[ -](?-i:[A-Z][a-z][\w'’-]*[ ])?(?:{_PLACES}|{_CONDITIONS}|{_DEVICES}|"
    rf"{_CARE}|{_MATTERS}|{_FOODS})\b",
    re.IGNORECASE,
)
# "Reiter's was the first guess": a condition, a shop, a hospital.
_ENDS_LIKE_A_CONDITION = re.compile(
    r"['’]s(?:\s*$|\s?[.,;:!?)]| (?:was|is|has|had|came|comes|makes|made|means|and|or|in|on|at|for|since|again|but|"
    r"gets|got|flare|reversed)\b)",
    re.IGNORECASE,
)
# "Ward Florence", but not "the ward. Florence" or "on the ward florence was".
_PLACE_BEFORE = re.compile(r"(?:^|[^a-z] )(?:Ward|Unit|Suite|Bay|Theatre) $")
_THING_BEFORE = re.compile(
    r"(?:\bst\.?\s|\bsaint\s|\b(?:storm|hurricane|cyclone|typhoon)\s|"
    r"(?<!\bmy )(?<!\bour )(?<!little )\b(?-i:King|Queen|Prince|Princess|Pope|KING|QUEEN|PRINCE|PRINCESS|POPE)\s|"
    r"(?<=\w)&)$",
    re.IGNORECASE,
)
# "In the Rosie": an article stands before no person, unless before a family.
_ARTICLE_BEFORE = re.compile(r"\b(?:[Tt]he|[Aa]n?) $")
_FAMILY_BEHIND = re.compile(
    r"(?:['’]?s|s['’])?(?: (?:famil(?:y|ies)|household|boys?|girls?|brothers?|sisters?|twins?|children|kids|lot|ladies|"
    r"lads?|couple|clan|residence|who|whom?|i|we|that (?:was|is|came|looked|sat))\b|s\b|['’]s\b)",
    re.IGNORECASE,
)
# Where somebody is taken, and where a person seldom is.
_TO_A_PLACE = re.compile(
    r"\b(?:in|near|via|outside|across|around|(?<!angry )(?<!shouted )(?<!looked )(?<!rude )(?<!laughed )at|"
    r"(?<!thanks )(?<!thank you )(?<!thankyou )(?<!spoke )(?<!speak )(?<!speaking )(?<!spoken )(?<!talk )(?<!talked )"
    r"(?<!talking )(?<!grateful )(?<!credit )(?<!listened )(?<!listening )(?<!kind )(?<!said )(?<!you )(?<!due )"
    r"(?<!out )(?<!love )(?<!married )(?<!gratitude )(?<!praise )(?<!belongs )(?<!related )(?<!happened )to|"
    r"(?<!help )(?<!love )(?<!support )(?<!care )(?<!letter )(?<!call )(?<!smile )(?<!away )(?<!visit )(?<!hear )"
    r"(?<!heard )from)(?: (?:East|West|North|South))? $",
    re.IGNORECASE,
)
_WHERE_ONE_IS_FROM = re.compile(r"\b(?:from|in|near|around|outside)(?: (?:East|West|North|South))? $", re.IGNORECASE)
_IN_A_PLACE = re.compile(r"\b(?:in|near|via|outside|around)(?: (?:East|West|North|South))? $", re.IGNORECASE)
# What is behind a person and seldom behind a place.
_DOES_SOMETHING = re.compile(
    r"['’]s\b|,? (?:who|(?:was|is) (?:so |very |really )?(?:kind|lovely|great|brilliant|amazing|helpful|my|the|our))\b"
)
# How names of villages, estates and houses end (Gelling, Signposts to the Past, 1978), for names that no list has.
_ENDS_LIKE_A_PLACE = re.compile(
    r"\w{3,}(?:brook|croft|bridge|cliffe|wood|woods|fields?|bury|borough|brough|worth|stead|hurst|minster|mouth|combe|dale|"
    r"thorpe|wick|stow|shire|haven|mere|pool|port|stone|ford|hill|vale|lands|side|view|shaw|ington|ingham|erley|gate|"
    r"lea|ness|cross|church|chester|caster|head|holme|bourne|burn|well|ley|ton|ham)"
)
# The last word of a name that is a place's, whatever stands before it.
_LAST_OF_A_PLACE = frozenset(
    "hub grange palace rehab avenue hospital clinic infirmary centre college university academy council airport "
    "station stadium arena theatre museum cathedral retail outlet".split()
)
# The same of words that are surnames too, where somebody was taken.
_LAST_OF_A_PLACE_OR_SURNAME = frozenset("lodge park street road castle abbey lane house court green".split())
# Where somebody lives finds them: this is no mere place.
_AT_HOME = re.compile(
    r"\b(?:liv(?:e|es|ed|ing)|homes?|house|cottage|bungalow|flat|address|born|grew up|brought up|moved|reside[sd]?|"
    r"resident|neighbou?r\w*|village|near|local|come|comes|came|family|bred)\b",
    re.IGNORECASE,
)
_COMPASS = frozenset(("north", "south", "east", "west"))
_SIGNS_OF_REDACTION = re.compile(r"[xX]+")
_FROM_OR_TO = re.compile(r"\b(?:from|in|near|via|outside|across|around)\s$", re.IGNORECASE)
_TO_ANOTHER = re.compile(r" to [A-Z]")
_AN_AND_BEHIND = re.compile(r"&\w")
_TITLES_ALONE = TITLES | {"drs", "doctor", "doctors"}
_SURNAME_CUES = 12


def _is_behind_an_article(text: str, start: int, end: int, before: str) -> bool:
    """Say whether an article stands before what else is one name with a capital: "the Rosie", "a Pavlik harness"."""
    has_capital = text[start].isupper() and text[start + 1 : end].islower()
    return has_capital and bool(_ARTICLE_BEFORE.search(before)) and not _FAMILY_BEHIND.match(text, end)


def _is_a_town(text: str, end: int, word: str, before: str) -> bool:
    """Say whether a name that a town has too, or that no list has and that is built like a town's, is where somebody
    is taken.
    """
    known = vocabulary()
    seen = known.look_up(word)
    if _DOES_SOMETHING.match(text, end) or _AT_HOME.search(before):
        return False
    if word in read_list("named_towns"):
        return bool((_IN_A_PLACE if seen.is_first_name else _TO_A_PLACE).search(before))
    if seen.is_first_name or seen.is_surname:
        return False
    # A village nobody knows finds who is from it.
    is_visited = bool(_TO_A_PLACE.search(before)) and not _WHERE_ONE_IS_FROM.search(before)
    return is_visited and bool(_ENDS_LIKE_A_PLACE.fullmatch(word))


def names_nobody(text: str, start: int, end: int) -> bool:
    """Say whether what looks like a name is a thing's, a place's or nobody's where it stands."""
    known = vocabulary()
    words = [word.lower().removesuffix("’s").removesuffix("'s") for word in WORD.findall(text[start:end])]
    if all(word in _TITLES_ALONE or _SIGNS_OF_REDACTION.fullmatch(word) for word in words):
        return True
    before = text[max(0, start - _NEAR) : start]
    if _BEHIND_A_CUE.search(before):
        return False
    if (
        _AFTER_ANY_NAME.match(text, end)
        or _PLACE_BEFORE.search(text[max(0, start - _SURNAME_CUES) : start])
        or _THING_BEFORE.search(before)
        or (end - start == 1 and _AN_AND_BEHIND.match(text, end))
    ):
        return True
    if all(word in read_list("large_places") for word in words):
        is_nobody = not any(known.look_up(word).is_first_name for word in words) and _TO_A_PLACE.search(before)
        if is_nobody or _FROM_OR_TO.search(before) or _TO_ANOTHER.match(text, end):
            return True
    if len(words) > 1 and not _BEHIND_THANKS.search(before):
        is_taken_there = words[-1] in _LAST_OF_A_PLACE_OR_SURNAME and _TO_A_PLACE.search(before)
        if words[-1] in _LAST_OF_A_PLACE or (is_taken_there and not _AT_HOME.search(before)):
            return True
    if words[0] in _COMPASS and all(word in read_list("named_towns") | read_list("towns") for word in words[1:]):
        return True
    if _is_behind_an_article(text, start, end, before) or (len(words) == 1 and _is_a_town(text, end, words[0], before)):
        return True
    # A first name that is a word as well is one where a thing follows: "Jasmine tea".
    is_called_so = any(known.look_up(word).is_first_name and not known.look_up(word).is_ordinary for word in words)
    if _BEHIND_THANKS.search(before) or is_called_so:
        return False
    if all(word in read_list("towns") or word in read_list("eponyms") for word in words):
        return True
    # Whose bed or test it is, an unknown name says, too.
    is_owner = text[end : end + 2] in ("'s", "’s", "s'", "'S") or text[end - 2 : end].lower() in ("'s", "’s")
    if is_owner and not all(known.look_up(word).is_surname for word in words):
        return False
    return bool(_AFTER_A_SURNAME.match(text, end) or _ENDS_LIKE_A_CONDITION.match(text, end))
