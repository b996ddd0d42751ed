"""What may be kept of a cell that is no comment: of a place, a code, a title, a hashtag, a domain, a file's name.

Cells move between columns, people name their sites and hashtags after themselves, and a server may answer anything. So
each cell is a code of a closed list or form, or goes through de-identification; what is left of it tells nobody.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, cached_property, lru_cache
from math import inf, log
from pathlib import PurePath

from wordround.deidentify import KINDS_THAT_PLACES_HAVE, Deidentified, Deidentifier
from wordround.deidentify.names.vocabulary import TITLES, WORD, read_list, vocabulary
from wordround.deidentify.placeholders import PLACEHOLDER, without_placeholders
from wordround.plain_text import plain, tag_key

HIDDEN = "<name>"
HIDDEN_DOMAIN = "<web address>"
_NOT_SHOWN = "<text>"

# The ODS code of a trust or of its site (NHS Digital, Organisation Data Service: three or five letters and digits) has
# a letter among its first three signs and a digit among its first four; a part behind it names a service of the site.
# Codes of another length (a practice's) are kept where they are registered: hospital and National Insurance numbers,
# number plates and names with a year have the same form.
_CODE = re.compile(
    r"(?=[A-Z0-9]{0,2}[A-Z])(?=[A-Z]{0,3}\d)(?![A-Z]\d{2}[A-Z]{2}(?:_|$))[A-Z0-9]{3}(?:[A-Z0-9]{2})?(?:_\d{1,6})?"
)
_DIGIT = re.compile(r"\d")
# A long word that digits follow at once.
_NUMBERED = re.compile(r"[^\W\d_]{8,}(?=\d)")
# BCP 47: a language, where it needs one a script, and a region. Longer parts could be a word.
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_]\w+)*", re.IGNORECASE)
_LONG_LANGUAGES = frozenset("cmn fil gsw haw kab sco wuu yue mul und zxx".split())
_SCRIPTS = frozenset({"Latn", "Cyrl", "Arab", "Hans", "Hant", "Deva", "Guru"})

# A place is called by one of these, or by names alone; one of the others makes a sentence of it.
_OF_PLACES = frozenset(
    """ward unit hospital hospitals clinic clinics centre center surgery practice infirmary hospice department dept
    house suite wing building team service services zone level floor bay theatre reception lodge court road street lane
    park college school university trust health healthcare care community inpatient outpatient outpatients inpatients
    directorate division locality area group north south east west royal saint st queen king lady prince princess
    ambulance maternity paediatrics emergency a&e cafe gardens view site campus home hub
    nicu picu scbu hdu itu icu ccu mau amu sau eau""".split()
)
_OF_SENTENCES = frozenset(
    """i my me mine we our us he him his she her hers they them their you your was were is are am had has have did does
    do rang ring ringing call called calling ask asked told said says came went saw thank thanks please who whose named
    born live lives lived husband wife son daughter mother father mum dad partner""".split()
)
# A consultant's own clinic is called after a person who works there; a hospital after one who is long dead.
_OF_A_CONSULTANT = re.compile(r"(?:dr|mr|mrs|ms|miss|mx|prof|professor)\b\.?\s+\S", re.IGNORECASE)
_AFTER_THE_DEAD = frozenset("hospital hospitals infirmary hospice".split())
_JOINED_NAME = re.compile(r"[a-z]{2,}\.[a-z]{2,}", re.IGNORECASE)
_KINDS_OF_ADDRESSES = frozenset({"street address", "postcode"})
_MOST_WORDS = 9
# Who wrote a comment, or what it answers, is no title.
_BYLINE = re.compile(
    r"(?:(?:posted|written|comments?)\s+)?by\s*:|comments?\s+(?:by|from)\b|comments?\s+on\b.*\bby\b|(?:in\s+)?reply\s+to\b",
    re.IGNORECASE,
)

# "McKenzie" and "DeVere" are one word.
_CAMEL = re.compile(r"(?<=[a-z])(?<!\bMc)(?<!\bMac)(?<!\b[DL]e)(?<!\bLa)(?=[A-Z])")
_TAG, _DOMAIN = re.compile(r"[\w-]{1,100}"), re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,3}")
_SHORT = 3  # letters of a part of a domain's ending that need no look
_TAG_PARTS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]|\d+")
# Behind one of these a word that may be a name is one.
_CUES = TITLES | frozenset("thank thanks you ty bravo well love rip remember justice for by from with our my".split())
_EVERYDAY = 1_000
# Rarer words do not stand in a tag without a sign between them, but many surnames are made of two of them.
_COMMON = 6_000
_LONGEST_ACRONYM, _LONGEST_NUMBER = 6, 4
_SHORTEST = 2  # letters of a word that is none of these
_SHORT_WORDS = frozenset("a i in of on to at by my me we us it is be do go no so up or an as if he".split())

_ORGANISATIONS = ("nhs.uk", "gov.uk", "police.uk", "parliament.uk", "gov.scot", "gov.wales", "ac.uk")
_LONGEST_CODE = 4  # of an organisation, or an abbreviation, in a file's name
# Endings that a file's name may keep.
_ENDING = re.compile(r"\.(?:csv|tsv|txt|xlsx?|xlsm|xlsb|ods|parquet|jsonl?|ndjson|pdf|docx?|zip|gz|xml|html?)", re.I)


class Cells:
    """De-identifies cells. What was looked at once is remembered as long as the object lives."""

    def __init__(
        self,
        deidentify: Deidentifier,
        own_names: Iterable[str] = (),
        codes: Iterable[str] = (),
        hashtags: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """`own_names`, `codes`: of registered trusts, sites, services.

        `hashtags`: returns those registered or asked for; called when the first hashtag is met.
        """
        self._deidentify = deidentify
        self._own_names = frozenset(name.casefold() for name in own_names)
        self._own_words = frozenset(word for name in self._own_names for word in WORD.findall(name)) - TITLES
        self._codes = frozenset(codes)
        self._hashtags = hashtags
        self._places: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._domains: dict[str, str] = {}

    @cached_property
    def _own_hashtags(self) -> frozenset[str]:
        return frozenset(map(tag_key, self._hashtags()))

    def place(self, name: str) -> str:
        """Return the name of a trust, a site or a service; a sentence, or somebody's whole name, is read as a comment.

        One word alone stays unless it is a first name only: wards are called by trees, birds and surnames.
        """
        if name not in self._places:
            self._places[name] = self._look_at_place(plain(name))
        return self._places[name]

    def named_place(self, name: str) -> str | None:
        """Return the name of a place without identifiers; None where it is an address or a person, and no place.

        "Kestrel Ward, ask <phone number>" names one; "Mr <name>", "<postcode>", "12 <street address>" name none.
        """
        shown = self.place(name)
        kinds = set(PLACEHOLDER.findall(shown))
        if not kinds:
            return shown
        rest = {word.lower() for word in WORD.findall(without_placeholders(shown))}
        return None if kinds & _KINDS_OF_ADDRESSES or rest.isdisjoint(_OF_PLACES) else shown

    def code(self, written: str | None) -> str | None:
        """Return the code of a site, or a name that is a place's; None for anything else: cells have moved."""
        if not written or written in self._codes or _CODE.fullmatch(written):
            return written or None
        words = WORD.findall(written)
        # Digits beside letters that name no kind of place may be a plate, or somebody's year of birth.
        may_be = len(words) <= _MOST_WORDS and (
            not _DIGIT.search(written) or not _OF_PLACES.isdisjoint(word.lower() for word in words)
        )
        return written if may_be and self.place(written) == written else None

    def title(self, found: Deidentified | None) -> str | None:
        """Return a title that was de-identified; none where it is withheld, or names who wrote."""
        if found is None or found.withheld or _BYLINE.match(found.text.strip()):
            return None
        return found.text.strip() or None

    def words(self, text: str) -> str:
        """Return words that a file or a server gave (a header, a refusal) without identifiers."""
        found = self._deidentify(plain(text))
        return _NOT_SHOWN if found.withheld else found.text.strip()

    def header(self, name: str) -> str:
        """Return the name of a column or sheet without identifiers; a stroke joins words there, and makes no handle."""
        found = self._deidentify(plain(name.replace("_", " ")))
        # A number behind it makes no word of what would not be shown without.
        numbered = map(self._deidentify, _NUMBERED.findall(name))
        if found.withheld or any(word.withheld or word.found for word in numbered):
            return _NOT_SHOWN
        return found.text.strip() if found.found else plain(name)

    def hashtag(self, tag: str) -> str:
        """Return a hashtag in plain letters whose every word is an ordinary one; else `<name>`."""
        if tag not in self._tags:
            bare = plain(tag)
            is_clear = tag_key(bare) in self._own_hashtags or bool(_TAG.fullmatch(bare) and self._tells_nobody(bare))
            self._tags[tag] = bare if is_clear else HIDDEN
        return self._tags[tag]

    def domain(self, domain: str) -> str:
        """Return a registrable domain that is an organisation's or a well-known site's, or of ordinary words alone.

        Any other could be somebody's own: `<web address>`.
        """
        if domain not in self._domains:
            self._domains[domain] = domain if self._is_nobodys(domain) else HIDDEN_DOMAIN
        return self._domains[domain]

    def file_name(self, path: PurePath) -> str:
        """Return the name of a file; its ending stays where it is a usual one."""
        ending = path.suffix if _ENDING.fullmatch(path.suffix) else ""
        stem = path.name.removesuffix(ending) if ending else path.name
        looked_at = self._deidentify.of_a_place(" ".join(stem.split())).text
        # Signs between the words of a file's name hide a name from the recognisers; names have no other place here.
        spaced = " ".join(
            word
            for word in WORD.findall(_spaced(looked_at.replace("_", " ")))
            if not (word.isupper() and len(word) <= _LONGEST_CODE)
        )
        return f"{self._without_names(looked_at, spaced)}{ending}"

    def _is_nobodys(self, domain: str) -> bool:
        if domain in read_list("known_domains") or domain in _ORGANISATIONS:
            return True
        label, _, ending = domain.partition(".")
        if not _DOMAIN.fullmatch(domain) or not all(
            len(part) <= _SHORT or self._tells_nobody(part) for part in ending.split(".")
        ):
            return False
        return self._tells_nobody(label) or (ending in _ORGANISATIONS and not self._names_somebody(label))

    def _without_names(self, name: str, spaced: str) -> str:
        found = self._deidentify(spaced)
        if not any(span.kind in KINDS_THAT_PLACES_HAVE for span in found.found) and not found.withheld:
            return name
        for span in found.found:
            for word in WORD.findall(spaced[span.start : span.end]):
                name = re.sub(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_A-Z])", HIDDEN, name)
        return name

    def _look_at_place(self, name: str) -> str:
        spaced = " ".join(_spaced(name.replace("_", " ")).split())
        if spaced and spaced != name and ("_" in name or " " not in name):
            return name if self.place(spaced) == spaced else HIDDEN
        words = [word.lower() for word in WORD.findall(name)]
        if len(words) > _MOST_WORDS or not _OF_SENTENCES.isdisjoint(words):
            return self.words(name)
        if _OF_A_CONSULTANT.match(name) and _AFTER_THE_DEAD.isdisjoint(words):
            return self.words(name)
        if _JOINED_NAME.fullmatch(name):
            return HIDDEN
        looked_at = self._deidentify.of_a_place(name).text
        if not _OF_PLACES.isdisjoint(words) or name.strip().casefold() in self._own_names:
            return looked_at
        if len(words) == 1:
            word = vocabulary().look_up(words[0])
            return HIDDEN if word.is_first_name and not (word.is_ordinary or word.is_surname) else looked_at
        found = self._deidentify(name)
        is_somebody = any(span.kind in KINDS_THAT_PLACES_HAVE for span in found.found)
        return self.words(name) if is_somebody else looked_at

    def _tells_nobody(self, written: str) -> bool:
        """Whether each word of a tag or a domain is ordinary, registered or proper to no person."""
        parts = _TAG_PARTS.findall(written.replace("-", " "))
        # Where capitals or signs part the words, a part that is no word is more likely a name than two words.
        may_be_many = len(parts) == 1 or written.islower()
        words = [word for part in parts for word in self._words_of(part, may_be_many)]
        if not words or "" in words:
            return False
        return not any(map(self._is_doubtful, ["", *words], words)) and not self._names_somebody(" ".join(words))

    def _words_of(self, part: str, may_be_many: bool) -> list[str]:
        """Return the words of a part without signs or capitals between them; an empty one where it has none."""
        if part.isdigit():
            return [part] if len(part) <= _LONGEST_NUMBER else [""]
        known, small = vocabulary(), part.lower()
        if small in self._own_words or small in known.ordinary or small in known.proper_words:
            return [part]
        if small in known.first_names or small in known.surnames:
            return [""]
        if part.isupper() and len(part) <= _LONGEST_ACRONYM:
            return [part]
        return list(segment(small)) if may_be_many and segment(small) else [""]

    def _is_doubtful(self, before: str, word: str) -> bool:
        known, small = vocabulary(), word.lower()
        if small in self._own_words or small in known.listed or small.isdigit():
            return False
        is_name = small in known.first_names or small in known.surnames or small in known.word_names
        if not is_name or small in known.proper_words:
            return False
        return before.lower() in _CUES or known.ranks.get(small, _EVERYDAY) >= _EVERYDAY

    def _names_somebody(self, words: str) -> bool:
        spaced = words.replace("-", " ")
        titled = " ".join(
            word if word.isupper() and len(word) <= _LONGEST_ACRONYM else word.title() for word in spaced.split()
        )
        looks = (self._deidentify(spaced), self._deidentify(titled))
        return any(look.found or look.withheld for look in looks)


def _spaced(written: str) -> str:
    """Return what is written in CamelCase with spaces."""
    return _CAMEL.sub(" ", written)


@lru_cache(10_000)
def segment(written: str) -> tuple[str, ...]:
    """Return the words of letters without spaces, the likeliest by rank (Zipf); none where they are no words.

    Names count as words here, so that one is found and not cut into other words.
    """
    costs, longest = _costs()
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(written) + 1):
        starts = range(max(0, end - longest), end)
        best.append(min((best[start][0] + costs.get(written[start:end], inf), start) for start in starts))
    words: list[str] = []
    place = len(written)
    while place and best[place][0] < inf:
        words.append(written[best[place][1] : place])
        place = best[place][1]
    return tuple(reversed(words)) if not place else ()


@cache
def _costs() -> tuple[dict[str, float], int]:
    known = vocabulary()
    rarest = len(known.ranks)
    common = {word for word in known.ordinary if known.ranks.get(word, rarest) < _COMMON} | known.listed
    every = common | known.proper_words | known.first_names | known.surnames
    words = {word for word in every if len(word) > _SHORTEST or word in _SHORT_WORDS}
    costs = {word: log((known.ranks.get(word, rarest) + 1) * log(rarest)) for word in words}
    return costs, max(map(len, words))


def language(written: str | None) -> str | None:
    """Return a language code (BCP 47) without what could be a word; None for what is no code."""
    match = _LANGUAGE.fullmatch(written or "")
    if match is None:
        return None
    primary, script, region = match.group(1).lower(), (match.group(2) or "").title(), (match.group(3) or "").upper()
    if len(primary) > 2 and primary not in _LONG_LANGUAGES:
        return None
    return "-".join(filter(None, (primary, script if script in _SCRIPTS else "", region)))
