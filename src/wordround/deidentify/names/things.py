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
    r"department|dept|court|lodge|day unit|health centre|medical|foundation|trust|charity|support nurses?|nurses|"
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
    r"suction|machine|scanner|monitor|scope|straps?|hugger|chair|bed|trolley|implants?"
)
_CARE = (
    r"repair|operation|release|transplant|therapy|treatment|technique|method|exercises|diet|pathway|approach|"
    r"injections?|jabs?|vaccines?|boosters?|tablets?|capsules?|inhalers?|drops|syrup|insulin|chemo|withdrawal|shortage"
)
_MATTERS = (
    r"review|report|inquiry|enquiry|ruling|rule|law|act|bill|case|competence|guardian|principles?|guidelines?|scheme|"
    r"charter|award|medal|lectures?|story|film|books?|song|cartoons?|doll|dolls|toys?|stickers?|costume|mural|"
    r"bus|line|train|taxi|van|car|app|website|page|forum|channel|remote|wi-?fi|broadband"
)
_FOODS = (
    r"tart|cakes?|pie|salad|sauce|pudding|soup|stew|curry|buns?|biscuits?|tea|coffee|squash|slices?|sandwich(?:es)?|"
    r"yoghurts?|crisps|cheese|apples?|ham|sausages?|hotpot|pasties|pasty|roll|bread"
)
# In front of a name only one of these makes a thing of it where it may be a first name.
_AFTER_ANY_NAME = re.compile(
    rf"['’]?s?[ -](?:{_PLACES}|disease|syndrome|palsy|line|splint|frame|sponge|catheter|score|scale|contracture|"
    r"fracture|lymphoma|disease|tart|salad)\b",
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
_FROM_OR_TO = re.compile(r"\b(?:from|in|near|via|outside|across|around)\s$", re.IGNORECASE)
_TO_ANOTHER = re.compile(r" to [A-Z]")
_AN_AND_BEHIND = re.compile(r"&\w")
_TITLES_ALONE = TITLES | {"drs", "doctor", "doctors"}
_SURNAME_CUES = 12


def names_nobody(text: str, start: int, end: int) -> bool:
    """Say whether what looks like a name is a thing's, a place's or nobody's where it stands."""
    known = vocabulary()
    words = [word.lower().removesuffix("’s").removesuffix("'s") for word in WORD.findall(text[start:end])]
    if all(word in _TITLES_ALONE for word in words):
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
    if all(word in read_list("large_places") for word in words) and (
        _FROM_OR_TO.search(before) or _TO_ANOTHER.match(text, end)
    ):
        return True
    if _BEHIND_THANKS.search(before) or any(known.look_up(word).is_first_name for word in words):
        return False
    if all(word in read_list("towns") or word in read_list("eponyms") for word in words):
        return True
    # Whose bed or test it is, an unknown name says, too.
    is_owner = text[end : end + 2] in ("'s", "’s", "s'", "'S") or text[end - 2 : end].lower() in ("'s", "’s")
    if is_owner and not all(known.look_up(word).is_surname for word in words):
        return False
    return bool(_AFTER_A_SURNAME.match(text, end) or _ENDS_LIKE_A_CONDITION.match(text, end))
