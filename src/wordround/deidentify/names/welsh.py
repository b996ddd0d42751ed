"""Answers in Welsh: which of their words are everyday Welsh, and who is named in them.

A word of `data/welsh.txt` is no name in an answer that is Welsh, where its neighbours are words too. Many are surnames
or first names as well (Gan, Del, Medi): none is cleared behind a title, a role or what says a name, nor with a capital
within a sentence, where Welsh writes names and little else. Texts in English are not read here.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from wordround.deidentify.names.vocabulary import TITLES, WORD, read_list, vocabulary
from wordround.deidentify.spans import Span

# What is joined to a word by an apostrophe: "mae'r", "i'w", "gwella'n".
_JOINED = frozenset(("n", "r", "w", "i", "u", "ch", "m", "th"))
# Words by which people are called. "Gan" opens sentences, too ("by").
_NAMES_TOO = frozenset(
    """arian bach cariad del dwynwen fach gwanwyn haf hydref mab medi mai eira enfys seren gwyn gwen heulwen awel bryn
    celyn eos tegan siriol llwyd goch coch""".split()
)
_OPENS_SENTENCES = frozenset(("gan",))
_MONTHS = frozenset("ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr".split())
_MONTH_BEFORE = re.compile(r"\b[mf]is\s$", re.IGNORECASE)
# What Welsh writes with a capital and is nobody.
_PROPER = frozenset(
    """cymraeg gymraeg nghymraeg chymraeg cymru gymru nghymru cymro cymraes cymry saesneg saeson lloegr nadolig pasg
    llun mawrth mercher iau gwener sadwrn sul gig ward""".split()
)

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_CAPITAL = r"[A-ZÂÊÎÔÛŴŶÁÉÍÓÚ][^\W\d_]*(?:['’-][^\W\d_]+)*"
_FURTHER = rf"(?:\s+(?:(?:ap|ab|ferch)\s+)?{_CAPITAL})*"
_NAMING = (
    r"o['’]r enw|enw(?:au)?(?: i)?(?: yw| ydy| ydi| oedd)|enw\s?:|galw(?:n|['’]n)|elwir yn|"
    r"llofnod(?:wyd)?(?: gan|\s?:)?|cofion(?: gorau| cynnes)?,?|named|called|signed"
)
_TITLE = r"(?:dr|doctor|mr|mrs|ms|miss|mx|prof|professor|parch)\.?"
_ROLE = (
    r"nyrs|prif nyrs|metron|meddyg|bydwraig|ffisio|llawfeddyg|ymgynghorydd|fferyllydd|gofalwr|gofalwraig|derbynnydd|"
    r"deintydd|therapydd|parafeddyg|seicolegydd|seiciatrydd|radiograffydd|porthor|nurse|sister|matron"
)
_RELATION = (
    r"mam|tad|nhad|mab|merch|ferch|chwaer|brawd|frawd|g[wŵ]r|ng[wŵ]r|gwraig|wraig|ngwraig|nain|taid|mam-gu|tad-cu|"
    r"modryb|ewythr|ffrind|partner|plentyn|mhlentyn|wyres|[wŵ]yr"
)
# What a title or a role goes on with, where no name follows.
_NO_NAME = (
    r"(?!(?:yn|wedi|oedd|roedd|ydy|yw|a|ac|i|ar|am|y|yr|sydd|sy['’]n|nad|ddim|mor|iawn|neu|na|o|fod|bod|mewn|ward|staff|"
    r"gofal|ardal|cymunedol|arbenigol|teulu|plant|iechyd|ymchwil|nos)\b)"
)
_CALLED = re.compile(rf"\b(?:(?:{_NAMING})\s+)+(?P<name>{_WORD}(?-i:{_FURTHER}))", re.IGNORECASE)
_TITLED = re.compile(rf"\b{_TITLE}\s+{_NO_NAME}(?P<name>{_WORD}(?-i:{_FURTHER}))", re.IGNORECASE)
_AT_WORK, _RELATED = (
    re.compile(rf"\b(?:{whose}),?\s+{_NO_NAME}(?P<name>(?-i:{_CAPITAL}{_FURTHER}))", re.IGNORECASE)
    for whose in (_ROLE, _RELATION)
)
_KINDS = ((_CALLED, "name"), (_TITLED, "name"), (_AT_WORK, "staff name"), (_RELATED, "relative name"))
_AND_ANOTHER = re.compile(rf"(?:\s+(?:ac?|neu|&)\s+|,\s+)(?P<name>{_CAPITAL}{_FURTHER})")
_SURE_CUE_BEFORE = re.compile(rf"\b(?:{_NAMING}|{_TITLE}),?\s+$", re.IGNORECASE)
_CUE_BEFORE = re.compile(rf"\b(?:{_ROLE}|{_RELATION}),?\s+$", re.IGNORECASE)
_PLACE_BEFORE = re.compile(r"\b(?:ysbyty|ward|uned|clinig|canolfan|meddygfa)\s$", re.IGNORECASE)
_NEAR = 24
_LONGEST_ACRONYM = 5
_PLACES = ("towns", "large_places", "named_towns")
_SENTENCE_ENDS = ("", ".", "!", "?", "\n", ":", "*", "•")

# How words begin behind others (Thorne, A Comprehensive Welsh Grammar, 1993, part 1), and how they begin by themselves.
_MUTATIONS = tuple(
    tuple(pair.split("<"))
    for pair in """f<b f<m g<c b<p d<t dd<d l<ll r<rh <g mh<p nh<t ngh<c m<b n<d ng<g ph<p th<t ch<c h<""".split()
)
_SHORTEST_MUTATED = 5

# Words of English that are commoner are no names in small letters.
_USED_IN_WELSH = 5_000
# A text is Welsh of whose words so many are, and so many of them, of so many letters, only Welsh has.
_LEAST_WELSH, _FEWEST_WELSH, _SHORTEST_TELLING = 0.5, 2, 3


class Word(NamedTuple):
    """A word of an answer: in small letters without marks, where it stands, whether Welsh has it or only English."""

    small: str
    start: int
    end: int
    is_welsh: bool
    is_english: bool


class WelshAnswer:
    """An answer that is in Welsh."""

    def __init__(self, text: str, words: list[Word]) -> None:
        self._text, self._words = text, words
        self._place = {word.start: place for place, word in enumerate(words)}

    def names(self) -> Iterator[Span]:
        """Yield who is named by what stands before it."""
        text = self._text
        for pattern, kind in _KINDS:
            for match in pattern.finditer(text):
                if kind != "name" and self._is_english(match["name"]):
                    continue
                yield Span(match.start("name"), match.end("name"), kind)
        for word in self._words:
            if word.small in _NAMES_TOO | _OPENS_SENTENCES:
                is_name = self._is_written_as_a_name(word)
            else:
                is_name = not word.is_welsh and _is_listed(word)
            if is_name:
                yield Span(word.start, word.end, "name")

    def beside(self, names: Iterable[Span]) -> Iterator[Span]:
        """Yield those who are named in a row with others: "gan Medi a Del"."""
        for name in names:
            end = name.end
            while match := _AND_ANOTHER.match(self._text, end):
                end = match.end()
                if not self._is_proper(match["name"]):
                    yield Span(match.start("name"), end, "name")

    def without_words(self, span: Span) -> Span | None:
        """Return what is left of a name without the everyday words at its ends; None if nothing is."""
        inside = [word for word in self._words if word.start < span.end and span.start < word.end]
        if not inside:
            return span
        cleared = list(map(self._is_cleared, inside))
        if all(cleared):
            return None
        first, last = cleared.index(False), len(cleared) - 1 - cleared[::-1].index(False)
        return span._replace(
            start=inside[first].start if first else span.start,
            end=inside[last].end if cleared[-1] else span.end,
        )

    def knows(self, small: str) -> bool:
        """Say whether a word in small letters is everyday Welsh."""
        return _is_welsh(_folded(small))

    def leaves_a_doubt(self, taken: Iterable[tuple[int, int]]) -> bool:
        """Say whether a word with a capital is left within a sentence of which nothing is known.

        taken: where names were found, and where phrases stand that stay.
        """
        places = {place for start, end in taken for place in range(start, end)}
        return any(word.start not in places and self._is_unknown(word) for word in self._words)

    def _is_unknown(self, word: Word) -> bool:
        written = self._text[word.start : word.end]
        if not written[0].isupper() or self._opens(word) or _PLACE_BEFORE.search(self._before(word)):
            return False
        is_known = word.is_welsh or word.is_english or word.small in TITLES
        is_acronym = written.isupper() and len(written) <= _LONGEST_ACRONYM and not self._text.isupper()
        return not (is_known or is_acronym or any(word.small in read_list(name) for name in _PLACES))

    def _is_cleared(self, word: Word) -> bool:
        if not word.is_welsh or self._is_named(word):
            return False
        place = self._place[word.start]
        beside = self._words[max(0, place - 1) : place] + self._words[place + 1 : place + 2]
        if not all(other.is_welsh or other.is_english for other in beside):
            return False
        if word.small in _PROPER or self._is_a_month(word):
            return True
        opens = self._opens(word)
        if word.small in _NAMES_TOO | _OPENS_SENTENCES:
            opens = opens and word.small in _OPENS_SENTENCES
            is_within = place > 0 or opens
            if not (is_within and place + 1 < len(self._words) and all(other.is_welsh for other in beside)):
                return False
        return opens or self._text[word.start : word.end].islower()

    def _is_named(self, word: Word) -> bool:
        """Say whether a word stands where somebody is named.

        Behind a role ("nyrs garedig") a word in small letters goes on with the sentence where capitals are written.
        """
        before = self._before(word)
        if _SURE_CUE_BEFORE.search(before):
            return True
        goes_on = self._text[word.start].islower() and self._text[:1].isupper()
        may_go_on = goes_on and word.small not in _NAMES_TOO | _OPENS_SENTENCES
        return bool(_CUE_BEFORE.search(before)) and not may_go_on

    def _is_written_as_a_name(self, word: Word) -> bool:
        if not self._text[word.start].isupper() or self._is_a_month(word):
            return False
        return word.small in _NAMES_TOO or not self._opens(word)

    def _is_a_month(self, word: Word) -> bool:
        return word.small in _MONTHS and bool(_MONTH_BEFORE.search(self._before(word)))

    def _is_english(self, name: str) -> bool:
        """Say whether a name begins with a word that comments in English hold and that is nobody's."""
        small, known = name.split()[0].lower(), vocabulary()
        return small in read_list("comment_words") - known.first_names - known.surnames

    def _is_proper(self, name: str) -> bool:
        return all(_folded(word) in _PROPER for word in WORD.findall(name))

    def _opens(self, word: Word) -> bool:
        return self._before(word).rstrip()[-1:] in _SENTENCE_ENDS

    def _before(self, word: Word) -> str:
        return self._text[max(0, word.start - _NEAR) : word.start]


@cache
def always_unclear() -> frozenset[str]:
    """Return the words, in small letters, that are clear in English and that only Welsh has.

    In an answer that begins with one ("Diolch Nyrs Del") every other word may be clear in English, too.
    """
    known = vocabulary()
    return frozenset(
        word
        for word in known.safe
        if len(word) >= _SHORTEST_TELLING and word.islower() and word not in known.ranks and word in _words()
    )


def may_be_welsh(unclear: Iterable[str]) -> bool:
    """Say whether one of the words that the vocabulary does not clear is Welsh, as hardly one of English is."""
    return any(len(word) >= _SHORTEST_TELLING and _is_welsh(_folded(word)) for word in unclear)


def read(text: str) -> WelshAnswer | None:
    """Return an answer that is in Welsh; None for any other text."""
    ranks = vocabulary().ranks
    safe = vocabulary().safe
    words, only_welsh = list[Word](), 0
    for match in WORD.finditer(text):
        small = _folded(match.group())
        is_welsh = _is_welsh(small)
        is_english = not is_welsh and match.group() in safe
        words.append(Word(small, match.start(), match.end(), is_welsh, is_english))
        only_welsh += is_welsh and len(small) >= _SHORTEST_TELLING and small not in ranks
    count = sum(word.is_welsh for word in words)
    is_sure = only_welsh >= _FEWEST_WELSH or (only_welsh and count == len(words))
    return WelshAnswer(text, words) if is_sure and count >= _LEAST_WELSH * len(words) else None


def _is_listed(word: Word) -> bool:
    """Say whether a word is a listed first name, and none of the words of English that are written in Welsh, too."""
    known = vocabulary()
    return word.small in known.first_names and known.ranks.get(word.small, _USED_IN_WELSH) >= _USED_IN_WELSH


@cache
def _words() -> frozenset[str]:
    return frozenset(map(_folded, read_list("welsh"))) | _PROPER | _MONTHS


@lru_cache(100_000)
def _is_welsh(small: str) -> bool:
    """Say whether a word is on the list, as it stands there, mutated, or with what is joined to it."""
    word, apostrophe, joined = small.partition("'")
    if apostrophe and joined not in _JOINED:
        return False
    words = _words()
    return word in words or (
        len(word) >= _SHORTEST_MUTATED
        and any(
            radical + word.removeprefix(mutated) in words for mutated, radical in _MUTATIONS if word.startswith(mutated)
        )
    )


def _folded(word: str) -> str:
    """Return a word in small letters without the accents that many leave out."""
    small = word.lower().replace("’", "'")
    if small.isascii():
        return small
    return "".join(one for one in unicodedata.normalize("NFD", small) if not unicodedata.combining(one))
