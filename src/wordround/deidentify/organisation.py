"""Employers and schools, where a text says that somebody works, learns or teaches there.

Large employers find nobody and stay: what has hundreds of thousands of workers or customers is named below. The NHS and
its places stay too: they are what comments are about.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues, any_of
from wordround.deidentify.names.vocabulary import CONTRACTIONS, vocabulary
from wordround.deidentify.spans import Span, without_leading

cued = Cues()

_CAPITAL = r"(?:[A-Z][\w'’.-]*|&)"
_NAME = rf"(?P<name>(?:[Tt]he\s)?{_CAPITAL}(?:\s(?:(?:of|and|the|for|in|at|de)\s)?{_CAPITAL}){{0,5}})"
_AT_WORK = cued(
    rf"(?i:\b(?:work(?:s|"
    rf"ed|ing)?|employ(?:ed|er|ers)|job|jobs|shift|shifts|boss|manager|colleagues?|"
    rf"apprentice(?:ship)?|career|placement|retired|redundan\w+|sacked|trainee|cleaner|driver|teacher|cashier|"
    rf"receptionist|foreman|director|owner|business|firm|company|workplace|lads|lasses|girls|team|crew|staff "
    rf"room|depot|warehouse|factory|office|shop)\b"
    rf"(?:\s(?:full[- ]time|part[- ]time|nights|days|there|just|over|down|up|as\sa\s\w+(?:\s\w+)?))?\s?(?:at|"
    rf"for|with|by|from|is|was|called|,|:|\()\s){_NAME}"
)
_AT_SCHOOL_KIND = (
    r"(?:School|Academy|College|Primary|Infants?|Juniors?|Grammar|High|Secondary|Nursery|"
    r"Preschool|Pre-school|Sixth Form|Comprehensive|Comp|Prep|Montessori|Playgroup)"
)
_SCHOOL = cued(
    rf"\b(?P<name>(?:(?:St\.?|Saint|[A-Z][\w'’.-]*)\s){{1,4}}?(?:(?:C\s?of\s?E|CofE|CE|RC|Catholic|Church|"
    rf"Community|Free|Girls'?|Boys'?|Special)\s){{0,2}}{_AT_SCHOOL_KIND}(?:\s(?:School|Academy|College|Form|"
    rf"and\sNursery))?)\b"
)
_LET_GO = cued(
    rf"{_NAME}\s(?i:(?:has|have|had)\s)?(?i:let\s(?:me|him|her)\sgo|sacked|fired|dismissed|(?:gave|give|docked|"
    rf"paid|pays|won't pay|laid)\s(?:me|him|her)|made\s(?:me|him|her)\sredundant)"
)
_SCHOOL_LOWER = cued(
    r"(?<![\w'’-])(?P<name>(?:st\.? )?(?:[a-z'’-]+ ){1,2}?(?:(?:c of e|cofe|rc|catholic) )?(?:(?:primary|"
    r"secondary|grammar|high|infants?|junior|community|special|nursery|"
    r"comprehensive|middle|free|lane|road|street|park|hill) school|(?:primary|infants|juniors|"
    r"secondary)(?: academy)?(?! (?:secondary|care|carers?|and|or|schools?)\b)|"
    r"academy|comp(?=[ ,.]|$)|grammar|juniors|infants|sixth form(?: college)?|[a-z]+ college)|"
    r"archbishop [a-z]+ school|ysgol(?: [a-z'’-]+){1,2}"
    r"|(?:[a-z'’-]+ ){1,2}high(?= (?:said|says|sent|told|rang|excluded|called|has|have|won't|will)))\b"
)
_BUSINESS = (
    r"(?:bakery|bakers?|roofing|kennels|opticians?|events?|caf[eé]|solicitors?|cleaning|cleaners|garage|salon|"
    r"builders?|motors?|foods?|"
    r"logistics|haulage|farm|farms|florists?|plumbing|plumbers|butchers?|printers?|print|timber|joinery|"
    r"electrical|scaffolding|"
    r"catering|caterers|travel|taxis|coaches|tyres|textiles|engineering|holdings|partners|& sons?|and sons?|& "
    r"co|ltd|limited|"
    r"stores?|pharmacy|chemists?|dairy|brewery|hotel|inn|arms|restaurant|takeaway|chippy|nursery|nurseries|"
    r"landscapes|landscaping|"
    r"architects|accountants|alterations|barbers?|tree surgeons|surgeons|taxis|vets|cars|tiling|tilers|flooring|"
    r"carpets|furniture|kitchens|bathrooms|windows|glazing|gyms?|lettings|estates|removals|recycling|plastics|"
    r"packaging|ceramics|pottery|fabrications?|welding|security|dairies|couriers?|roofers|scaffolders|quarry|"
    r"quarries|"
    r"garden cent(?:re|er)s?|car sales|glass|laundry|laundries|steel|castings|tools|feeds|poultry|biscuits|mills?|"
    r"meats|"
    r"removals|minicabs|signs|upholstery|fencing|paving|drainage|aggregates|concrete|metals|pumps|valves|cranes|"
    r"plant hire|"
    r"tool hire|skip hire|distribution|warehousing|freight|shipping|insurance|mortgages|supermarkets?|"
    r"call cent(?:re|er))"
)
_TIED = cued(
    rf"(?i:\b(?:i|we|he|she|who|husband|wife|dad|mum) (?:run|runs|ran|own|owns|owned|manage|manages|started|set "
    rf"up) |\bbeen (?:at|with) |off sick from |signed off from |"
    rf"\bat work ?\(|\bemployer ?[:-]? ?|\bworks? ?\(|\brang |\bphoned |\bsacked (?:by|from) |\bjob at |"
    rf"\bmanager at |\bboss at )"
    rf"{_NAME}"
)
# Where people work and patients do not go; any mention of one says whose work it is.
_TRADE = (
    r"(?:fabrications?|haulage|logistics|joinery|joiners|plumbing|plumbers|roofing|engineering|scaffolding|plastics|"
    r"textiles|welding|builders|motors|coaches|foundry|pressings|[Ss]ons|ltd|limited|dairies|couriers|quarry|"
    r"quarries|tyres|"
    r"garden cent(?:re|er)|car sales|laundry|laundries|castings|tools|feeds|poultry|biscuits|solicitors|carpets|"
    r"bathrooms|"
    r"kitchens|bakery|bakeries|glass|print|printers|removals|scaffolders|distribution|freight|plant hire|packaging)"
)
_OF_A_TRADE = cued(
    rf"\b(?i:at|for|with|from|as|by|employer|of|and|boss|run|own|"
    rf"\() ?(?P<name>{_CAPITAL}(?: (?:and )?{_CAPITAL}){{0,3}}? "
    rf"(?i:{_TRADE}))\b"
)
_TIED_TO_A_JOB = cued(
    rf"(?i:\b(?:clean(?:s|er|ed|ing)?|drives?|driver|driving|fitter|welder|mechanic|engineer|chef|cook|baker|"
    rf"labourer|picker|"
    rf"packer|operative|supervisor|apprentice|occupational health|days? off|time off|sick note|fit note|years? at|"
    rf"job|boss|"
    rf"manager|shifts?|off sick|back to work|hurt at work|accident at work|been)\b ?(?:at|for|with|by|from|of|\()\s?)"
    rf"{_NAME}"
)
_TITLES = frozenset("Dr Mr Mrs Ms Miss Sister Nurse Matron Professor Prof Sir St".split())
_HURT_LOWER = cued(r"\bat work \((?P<name>[a-z][a-z'’&-]+(?: [a-z'’&-]+){0,3})\)")
_SURELY_A_BUSINESS = re.compile(rf"\b{_BUSINESS}$", re.IGNORECASE)
_TIED_LOWER = cued(
    rf"\b(?:i|we|he|she|husband|wife|dad|mum) (?:run|runs|ran|own|owns|owned) (?P<a>(?:[a-z'’&-]+ "
    rf"){{1,3}}{_BUSINESS})\b|\bbeen (?:at|with) (?P<b>(?:the )?(?:[a-z'’&-]+ ?){{2,3}}?) \d+ (?:years|yrs)|off "
    rf"sick from (?P<c>(?:[a-z'’&-]+ ){{1,3}}{_BUSINESS})\b"
)
_WORKS_AT_LOWER = cued(
    r"\b(?:work(?:s|ed|ing)? (?:at|for)|employed (?:at|by)|job (?:at|with)|boss at|manager at|shift at|"
    r"apprentice at) "
    r"(?P<name>(?:the )?[a-z][a-z'’&-]+(?: (?:and |& )?[a-z][a-z'’&-]+){1,2})(?=[.,;!?)]| and | so | but | who |"
    r" for \d|\s*$)"
)
_EMPLOYER_LOWER = cued(
    rf"\b(?:(?:work(?:s|ed|ing)?|job|employed|boss|manager|lads|girls|team|shift|apprentice\w*|sick note|day off|"
    rf"time off|occupational health|clean|drives?|driver|"
    rf"fitter|been) (?:at|for|with|from|of|"
    rf"by)|for) (?P<name>(?:the )?(?:[a-z'’&-]+ ){{1,2}}{_BUSINESS})\b"
    rf"|\b(?P<first>(?:[a-z'’&-]+ ){{1,3}}{_BUSINESS}) (?:let me go|sacked me|fired me|gave me|made me "
    rf"redundant|laid me off)\b"
)
_GOES_TO = cued(
    rf"(?i:\b(?:school|college|nursery|teacher|headteacher|head|pupil|student|year\s\d+|reception\sclass|(?<!first\s)class|"
    rf"teaching\sassistant|ta|lecturer|dinner\slady|teach(?:es)?|studies|studying|attends?)\b\s?(?:at|in|is|"
    rf"called|,|:)?\s){_NAME}"
)
# "goes to St Winifred's": a saint is a school where somebody learns or teaches.
_SAINT = cued(
    r"(?i:\b(?:goes to|go to|went to|starts? at|teach(?:es|er)?(?: \w+)? at|pupils? (?:at|from|of)|(?:kids|"
    r"children) (?:at|from)|"
    r"(?:her|his|their) class at|governors? (?:of|at)|dinner lady at|lessons? at|a week of|up from|year \d+ at|"
    r"(?:head|headteacher) (?:of|at)|school nurse (?:at|from)|(?:son|daughter|grandson|granddaughter) at)\s)"
    r"(?P<name>St\.? [A-Z][\w-]+(?:['’]s)?)"
)
_NOT_A_NAME = frozenset(
    """the a an my our his her their this that local old new first last nearest same every primary secondary high junior
    infant nursery medical nursing dental special village church private state hospital in at to from of and is was
    for with
    i we you he she they it me us him them had have has do did does so but or if not no all both just also very too
    go goes
    went going leave left off back out into about after before when while because than then there here your more most
    which what another any some boarding night summer sunday art drama music law business technical further
    higher""".split()
)
_ANY = any_of(
    _AT_WORK,
    _SCHOOL,
    _LET_GO,
    _SCHOOL_LOWER,
    _TIED,
    _OF_A_TRADE,
    _TIED_TO_A_JOB,
    _HURT_LOWER,
    _TIED_LOWER,
    _WORKS_AT_LOWER,
    _EMPLOYER_LOWER,
    _GOES_TO,
    _SAINT,
)
_WELL_KNOWN = re.compile(
    r"^(?:the\s)?(?:nhs|tesco|asda|sainsbury|morrisons|aldi|lidl|waitrose|co-?op|marks|m&s|boots|amazon|royal "
    r"mail|bt|bbc|"
    r"ikea|argos|b&q|greggs|costa|starbucks|mcdonald|john lewis|next|primark|barclays|lloyds|hsbc|natwest|santander|"
    r"british gas|virgin|sky|google|microsoft|apple|facebook|army|navy|raf|royal (?:navy|air force)|police|council|"
    r"ambulance|fire|government|mod|dwp|hmrc|civil service|network rail|uber|deliveroo|zoom|teams|camhs|pals|a&e|ed|"
    r"st(?:\.|\s)?\s?john ambulance|macmillan|marie curie|citizens advice|university|open university|age uk|mind)\b"
    r"|\b(?:hospital|infirmary|surgery|practice|clinic|centre|ward|unit|trust|hospice|department|service|team|"
    r"outpatients?|hmp|gp)\b",
    re.IGNORECASE,
)
# What stands before "school" and makes it no name.
_NO_SCHOOL = frozenset(
    """primary secondary grammar high infant infants junior nursery special community comprehensive sixth catholic
    medical
    nursing dental boarding recovery""".split()
)
_NO_EMPLOYER = frozenset(
    """home work nights weekends sea height heights times once least present speed pace full part time day days week
    weeks
    month year years people person patients staff nurses doctors nhs us everyone everybody someone anyone living free
    less more minimum wage pay money best worst capacity limit desk computer same different other others own""".split()
)
_COMMON_STARTS = frozenset(
    "The This That My Our We I It He She They And But So When If Because Very Thank Thanks Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday January February March April May June July August September "
    "October November December Christmas Easter".split()
)


def find(text: str) -> Iterator[Span]:
    """Yield the schools, and the employers other than large ones, that a text ties somebody to."""
    return (span for span in _find(text) if not _is_nobodys(text[span.start : span.end]))


def _is_nobodys(name: str) -> bool:
    """Say whether what stands where an employer or a school would is an abbreviation of the NHS, the sign of a name
    that was taken out, or goes on with the sentence ("the team, I've").
    """
    first = name.split()[0].rstrip(".").replace("’", "'")
    return (
        first.lower() in CONTRACTIONS
        or not first.strip("xX")
        or (first.isupper() and name.lower() in vocabulary().listed)
    )


def _find(text: str) -> Iterator[Span]:
    if not _ANY(text):
        return
    for pattern, kind in ((_AT_WORK, "employer"), (_SCHOOL, "school"), (_GOES_TO, "school")):
        for match in pattern.finditer(text):
            name, start = match["name"], match.start("name")
            words = name.split()
            if pattern is not _SCHOOL and words[0] in _COMMON_STARTS - {"The"}:
                continue
            if pattern is _SCHOOL and words[0] in _COMMON_STARTS:
                start += len(words[0]) + 1
                words = words[1:]
                if len(words) < 2:
                    continue
            if kind == "school" and len(words) > 1 and words[0].lower() in _NOT_A_NAME:
                continue
            if not _WELL_KNOWN.search(name):
                yield Span(start, match.end("name"), kind)
    for match in _SAINT.finditer(text):
        if not _WELL_KNOWN.search(text[match.start("name") : match.end() + 12]):
            yield Span(match.start("name"), match.end("name"), "school")
    for match in _LET_GO.finditer(text):
        words = match["name"].split()
        is_known = all(word.lower() in vocabulary().safe for word in re.findall(r"[^\W\d_]+", match["name"]))
        if words[0] not in _COMMON_STARTS and not is_known and not _WELL_KNOWN.search(match["name"]):
            yield Span(match.start("name"), match.end("name"), "employer")
    for match in _OF_A_TRADE.finditer(text):
        if match["name"].split()[0] not in _COMMON_STARTS and not _WELL_KNOWN.search(match["name"]):
            yield Span(match.start("name"), match.end("name"), "employer")
    for match in _TIED_TO_A_JOB.finditer(text):
        words = match["name"].split()
        is_business = bool(_SURELY_A_BUSINESS.search(match["name"])) or len(words) > 1
        if is_business and words[0] not in _TITLES | _COMMON_STARTS - {"The"} and not _WELL_KNOWN.search(match["name"]):
            yield Span(match.start("name"), match.end("name"), "employer")
    for match in _HURT_LOWER.finditer(text):
        yield Span(match.start("name"), match.end("name"), "employer")
    for match in _TIED.finditer(text):
        cue, name = match.group()[: match.start("name") - match.start()].lower(), match["name"]
        is_loose = cue.strip() in ("rang", "phoned")
        if (
            _SURELY_A_BUSINESS.search(name)
            or (not is_loose and len(name.split()) > 1 and name.split()[0] not in _COMMON_STARTS - {"The"})
        ) and not _WELL_KNOWN.search(name):
            yield Span(match.start("name"), match.end("name"), "employer")
    for match in _TIED_LOWER.finditer(text):
        (part,) = [part for part, value in match.groupdict().items() if value]
        if not set(match[part].split()[:-1]) & _NOT_A_NAME - {"the"} and not _WELL_KNOWN.search(match[part]):
            yield Span(match.start(part), match.end(part), "employer")
    for match in _SCHOOL_LOWER.finditer(text):
        start = without_leading(text, match.start("name"), match.end("name"), _NOT_A_NAME)
        words = text[start : match.end("name")].replace(".", "").split()
        kinds_of_school = 1 if words[-1] in ("primary", "secondary") else 2
        if len(words) > 1 and words[0] not in _NO_SCHOOL and not set(words[:-kinds_of_school]) & _NOT_A_NAME:
            yield Span(start, match.end("name"), "school")
    for match in _WORKS_AT_LOWER.finditer(text):
        words = match["name"].removeprefix("the ").split()
        if not set(words) & (_NOT_A_NAME | _NO_EMPLOYER) and not _WELL_KNOWN.search(match["name"]):
            yield Span(match.start("name"), match.end("name"), "employer")
    for match in _EMPLOYER_LOWER.finditer(text):
        part = "name" if match["name"] else "first"
        start = without_leading(text, match.start(part), match.end(part), _NOT_A_NAME)
        words = text[start : match.end(part)].split()
        if len(words) > 1 and not set(words[:-1]) & _NOT_A_NAME and not _WELL_KNOWN.search(match[part]):
            yield Span(start, match.end(part), "employer")
