"""Which language a comment is in, as an ISO 639-1 code.

Models of English are asked about English alone; comments in other languages are counted. Welsh is a language of the
country and has its own code, `cy`.

Nine comments in ten are told to be English by two of its commonest words, and nothing else is looked at. The rest is
asked of CLD2, which is certain or says nothing. What neither tells is English, because in a British trust it nearly
always is: "V good", "Nil", a name, an emoji. A text of one to three words is never given to CLD2, which guesses there,
unless its script is not Latin, and where half of the words are everyday English, CLD2 is not believed.

Comments are told as they were written, when they are landed: de-identification withholds words that it cannot judge, so
that of a comment in Polish little is left that is Polish.

Placeholders, web addresses, handles, hashtags and figures are no words of any language.
"""

import re
from functools import cache
from typing import Final

import pycld2

from wordround.deidentify.names.vocabulary import most_frequent
from wordround.deidentify.placeholders import without_placeholders
from wordround.plain_text import plain

ENGLISH: Final = "en"
WELSH: Final = "cy"
# A script that is not Latin, and a language that CLD2 does not know: surely not English.
UNDETERMINED: Final = "und"
# All answers there are: ISO 639-1 (Library of Congress, 2026-11), and that one.
LANGUAGES: Final = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu und".split()
)

# Raise it when a text could be told differently.
_ENGINE = 2
VERSION: Final = f"language-{_ENGINE}-cld2-{pycld2.VERSION}"

_FEWEST_WORDS = 4
# Two common words, or one in a text of which it is a fifth.
_ENOUGH_ENGLISH = 2
_ENGLISH_SHARE = 0.2
_WELSH_SHARE = 0.3
# A text of which so many different words are among so many of English is not believed to be in another language.
_EVERYDAY_SHARE, _EVERYDAY = 0.5, 10_000
# Beyond this much of a text its language is known.
_LONGEST = 2_000

# Common in English comments and words of no other language that is written in Britain: without "a", "i", "am", "an",
# "on", "me" and "no", which Welsh, Polish, French, Irish and Spanish have too.
_ENGLISH_WORDS = frozenset(
    "the and was were with very for my of that this have had they you it are but not been because would could should "
    "when there their what which who from your be by we she him her them our has will can just about more much always "
    "never nothing everything everyone all good great excellent lovely helpful friendly kind care staff nurse nurses "
    "doctor doctors service time waiting waited wait appointment hospital ward thank thanks felt feel made being than "
    "too only after before again where how well really is it's i'm i've don't didn't couldn't wasn't weren't".split()
)
# Clear Welsh: not "dim", "da", "a", "am" or "staff", which English has, and not names of places ("ysbyty").
_WELSH_WORDS = frozenset(
    "yn yr roedd oedd mae nid ddim iawn diolch fawr gan gyda wedi bod byd bawb pawb neb popeth efo dwi rwy rwyf "
    "roeddwn maen nhw ches cefais fy eich ein eu sydd oes does doedd gwasanaeth ardderchog gwych bendigedig "
    "hyfryd caredig garedig gofal nyrs nyrsys meddyg meddygon feddyg bwyd amser aros rhy hir digon ddigon angen "
    "mwy cymraeg gymraeg cymru hapus dda triniaeth driniaeth gwrando ambiwlans apwyntiad llawer cymorth gwaith "
    "gwell".split()
)
_NO_WORDS = re.compile(r"(?:https?://|www\.)\S+|\S*[@#]\S+|&\w+;")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha() and chr(code) != "'"}
# One that stands inside no word.
_LONE_APOSTROPHE = re.compile(r"(?:^|[ '])'|'(?: |$)")
# Ligatures and letters of the Latin script, with and without marks; of these alone a text may be English.
_NOT_LATIN = re.compile("[\u0370-\u1dff\u1f00-\u1fff\u2c00-\ua71f\ua800-\ufaff\ufb1d-\ufdff\ufe70-\ufeff\uff66-\uffdc]")
# Codes of CLD2 that are not ISO 639-1; others it parts by script ("zh-Hant"). Scots is read as the English it stands
# beside: most of what CLD2 calls so is dialect and texting ("ye cannae get an appointment").
_ISO = {"iw": "he", "jw": "jv", "no": "nb", "sco": ENGLISH}
# What tells two languages of one script apart, where CLD2 guesses: without such a letter it is the other one.
_ONLY_IN = {"ja": ("zh", re.compile("[\u3040-\u30ff]")), "as": ("bn", re.compile("[\u09f0\u09f1]"))}


def language_of(text: str) -> str:
    """Return the language of a text: `en`, `cy` or another code; `und` where only its script says it is not English.

    English also for no text, for one to three Latin words that are not clearly Welsh, and wherever nothing is certain.
    """
    text = text[:_LONGEST]
    # Most are told by this, at a third of the price; a word beside a comma is found below.
    parts = text.lower().split()
    if _is_english(sum(map(_ENGLISH_WORDS.__contains__, parts)), len(parts)):
        return ENGLISH
    text = without_placeholders(plain(text))
    if "#" in text or "@" in text or "://" in text or "www." in text:
        text = _NO_WORDS.sub(" ", text)
    words = _words(text.lower())
    english = sum(map(_ENGLISH_WORDS.__contains__, words))
    if _is_english(english, len(words)):
        return ENGLISH
    welsh = sum(map(_WELSH_WORDS.__contains__, words))
    if welsh and welsh >= english and welsh >= _WELSH_SHARE * len(words):
        return WELSH
    if not text.isascii() and (others := len(_NOT_LATIN.findall(text))) and 2 * others >= sum(map(len, words)):
        return _asked(words) or UNDETERMINED
    if len(words) < _FEWEST_WORDS or english >= _ENGLISH_SHARE * len(words):
        return ENGLISH
    found = _asked(words) or ENGLISH
    return ENGLISH if found != WELSH and _is_everyday_english(words) else found


def _is_english(english: int, count: int) -> bool:
    return english >= _ENOUGH_ENGLISH and english >= _ENGLISH_SHARE * count


def _is_everyday_english(words: list[str]) -> bool:
    different = set(words)
    return len(different & _everyday_words()) >= _EVERYDAY_SHARE * len(different)


@cache
def _everyday_words() -> frozenset[str]:
    return most_frequent(_EVERYDAY)


def _words(text: str) -> list[str]:
    """Return the words of a text in lower case, as _WORD finds them."""
    if text.isascii():  # nearly every comment, and the same in a third of the time
        letters = text.translate(_LETTERS)
        if "'" not in letters or _LONE_APOSTROPHE.search(letters) is None:
            return letters.split()
    return _WORD.findall(text)


def _asked(words: list[str]) -> str | None:
    """Return what CLD2 is certain of. It takes letters only: other characters may end it."""
    letters = " ".join(words)
    is_certain, _, found = pycld2.detect(letters, bestEffort=True)
    code = str(found[0][1]).split("-")[0]
    if not is_certain or code in ("un", "xx"):
        return None
    other, needed = _ONLY_IN.get(code, (code, None))
    told = _ISO.get(code, code) if needed is None or needed.search(letters) else other
    return told if told in LANGUAGES else UNDETERMINED
