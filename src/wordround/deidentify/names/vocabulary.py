"""The vocabulary: which words are ordinary, which are names, which are both.

The sets come from `data/*.txt` and the word list of symspellpy (82,765 English words with their frequency). The first,
SAFE, is what makes de-identification quick: a comment whose words are all in it needs no second look.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources
from itertools import repeat
from math import log
from typing import NamedTuple, TypeVar

import jellyfish

from wordround.deidentify.names.made_tables import made_once
from wordround.deidentify.names.near_misses import TwoAway, beginnings, by_what_is_left, is_one_away
from wordround.garbage import keep

_Table = TypeVar("_Table")

# A possessive ending is no part of a word.
WORD = re.compile(r"[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*")

# Ranks by frequency. A word among the first is not taken for a name because it begins with a capital.
_EVERYDAY, _COMMON, _KNOWN_NEAR_MISSES, _WITH_CAPITAL = 300, 3_000, 25_000, 12_000
_RARE = 15_000
# Endings of words that nobody is called by.
_OF_A_WORD = re.compile(
    r"(?:[^aeiou]ed|ing|ly|ness|ments?|[st]ions?|[ai]ble|ful|less|ous|i(?:ty|ties)|i[sz]es?|i[sz]ation|ances?|"
    r"ences?|isms?"
    r"|ologys?|ologists?|ists|ives?|ants|ers|ors)$"
)
# Stems of medicines' names (International Nonproprietary Names: WHO, The use of stems, 2018), and what conditions,
# operations and tests end in: a word that no list has is one of them, not a name.
_STEMS_OF_MEDICINE = tuple(
    """pril sartan olol dipine statin azole prazole tidine cillin mycin micin floxacin cycline oxetine triptyline
    ipramine azepam zolam apine peridone piprazole barbital profen coxib olone asone sonide terol tropium lukast
    zumab ximab limab cimab tinib ciclib parib platin rubicin taxel fungin ciclovir quine gliptin gliflozin glutide
    formin parin xaban grel thiazide semide nafil zosin dronate setron triptan gabalin gabapentin racetam caine
    codone morphone madol thyroxine itis ectomy otomy ostomy plasty oscopy ography opathy aemia algia plegia osis
    oscope""".split()
)
_OF_MEDICINE = re.compile(rf"\w{{3,}}(?:{'|'.join(_STEMS_OF_MEDICINE)})s?")
# What English puts in front of a word and behind it; with its stem it is a word as well.
_PREFIX = re.compile(
    r"(?:un|re|over|under|mis|non|pre|post|out|inter|anti|multi|sub|super|dis|co|self|semi|ultra|hyper|hypo|micro|"
    r"extra|counter|cross|well|ill)(?=\w{4})"
)
_SUFFIX = re.compile(
    r"(?:(?:i[sz])?(?:ing|ed|ers?|ation|ations|able)|e[sd]|i[sz]es?|s|y|ly|ness|ment|ments|less|ful|like|wise|ish|ity)$"
)
_SHORTEST_STEM, _STEM = 4, 12_000
# Two everyday words that were written as one.
_SHORTEST_OF_TWO, _SHORTEST_TOGETHER, _EVERYDAY_OF_TWO = 3, 7, 2_000
# No two everyday words together are longer: what is, would be cut in two at each of its letters.
_LONGEST_TOGETHER = 40
_SHORTEST_LIKE_NO_NAME = 8
# Steps of the log odds, how many are told apart, and what a trigram says that is in no list.
_STEPS, _MOST_LIKE, _UNSEEN = 3, 4, 0.5
_SHORTEST_NEAR_MISS = 4
# How many letters may differ, and of a word of how many letters only one.
_MOST_APART, _SHORT = 2, 6
# How long a word has to be, and how much of it may differ, to count as another one spelt by ear.
_SHORTEST_SLIP, _LONG = 5, 9
# How long a word has to be, so that one letter or two away from a common one makes it a slip whatever it sounds like.
_SURELY_A_SLIP, _SURELY_A_SLIP_OF_TWO = 8, 10
_MOST_DIFFERENT, _MOST_DIFFERENT_IF_LONG, _LEAST_ALIKE = 0.3, 0.45, 0.92
# What is left of a word behind an apostrophe or a number.
_ENDINGS = frozenset("s t d m ll re ve st nd rd th am pm hr hrs min mins mg ml cm kg".split())

# Ordinary words behind which a name may stand, and beside which somebody's home, work, school or age does: never safe.
TITLES = frozenset(
    """dr mr mrs ms mx miss prof professor sister nurse matron sir dame rev reverend called named regards sincerely
    signed""".split()
)
TRIGGERS = frozenset(
    """home house villa lodge barn manor rectory vicarage bred secondary infants grammar comprehensive preschool
    live lives lived living village hamlet street road avenue lane crescent terrace cottage farm bungalow
    born birthday dob birth ninety hundred
    work works worked working employed employer boss manager school academy primary nursery college teacher teaching
    january february april june july august september october november december""".split()
)
_NEVER_SAFE = TITLES | TRIGGERS
_NEVER_NAMES = (
    "ward unit hospital clinic centre center surgery practice infirmary hospice department house suite wing "
    "building team "
    "zone level floor bay bed room theatre reception appointment appointments phone line app service services doctors "
    "nurses someone somebody anyone anybody everyone everybody nobody myself yourself himself herself themselves"
).split()

LISTS = ("calendar", "roles", "relations", "medical", "colloquial")


class Word(NamedTuple):
    """What the vocabulary knows of a word in small letters."""

    rank: int | None
    is_first_name: bool
    is_surname: bool
    is_proper: bool
    is_ordinary: bool


@cache
def read_list(name: str) -> frozenset[str]:
    """Return the lines of a data file that are no comments, in small letters."""
    text = (resources.files("wordround.deidentify") / "data" / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(line.strip().lower() for line in text.splitlines() if line.strip() and line[0] != "#")


class Vocabulary:
    """All lists, read once in a process.

    hidden: names in small letters that the vocabulary must not know. De-identification is measured with names that it
    does not know; in use, nothing is hidden.
    """

    def __init__(self, hidden: frozenset[str] = frozenset()) -> None:
        self.ranks = _ranks()
        self.first_names, self.surnames = read_list("first_names") - hidden, read_list("surnames") - hidden
        # Ordinary words that are names too ("grace"), and names that English knows only as such ("sarah").
        self.word_names, proper = read_list("word_names") - hidden, read_list("proper_words")
        self.lists = {name: read_list(name) for name in LISTS}
        # What English writes with a capital and names a thing, in any casing.
        things = read_list("things")
        proper |= things
        self.proper_words = proper
        further = frozenset().union(*(entries for name, entries in self.lists.items() if name != "calendar"))
        further_words = {part for entry in further for part in WORD.findall(entry)} | read_list("words") | things
        names = self.first_names | self.surnames
        only_names = (names - self.word_names) | (read_list("capitalised") - further_words)
        # A hidden name that is no English word is a word that no list has.
        self.ranks = {word: rank for word, rank in self.ranks.items() if word not in hidden - read_list("word_names")}
        self.ordinary = (frozenset(self.ranks) | further_words | _contractions()) - only_names
        self.ordinary -= proper - further_words
        # Names that stand in a text as words, too: each needs a look at its neighbours.
        self.doubtful = read_list("doubtful_names") - hidden
        self.listed = frozenset(
            part for entries in self.lists.values() for entry in entries for part in WORD.findall(entry)
        )
        # Ordinary words that are part of many names of places, wards and jobs, and so never a person's.
        self.never_names = frozenset(_NEVER_NAMES) | {
            part for name in ("roles", "relations", "medical", "colloquial") for entry in self.lists[name]
            for part in WORD.findall(entry) if part in self.ranks and part not in names
        }  # fmt: skip
        self.safe = self._safe()
        # What endings and prefixes may stand beside, and what two words that are written as one are made of.
        self.stems = frozenset(
            word
            for word in self.ordinary - self.word_names
            if len(word) >= _SHORTEST_STEM and (word in self.listed or self.ranks.get(word, _RARE) < _STEM)
        )
        self.everyday = frozenset(word for word in self.ordinary if self.ranks.get(word, _RARE) < _EVERYDAY_OF_TWO)

    def _safe(self) -> frozenset[str]:
        """Words as written that cannot be, or begin, an identifier made of words."""
        everyday = {word for word in self.ordinary if self.ranks.get(word, _COMMON) < _EVERYDAY}
        # Words that hardly anybody writes may be names that no list has.
        usual = self.listed | read_list("comment_words") | read_list("things")
        called = self.first_names | self.surnames | self.word_names
        rare = {
            word
            for word, rank in self.ranks.items()
            if rank > _RARE and word not in usual and (word in called or not _OF_A_WORD.search(word))
        }
        small = self.ordinary - self.doubtful - _NEVER_SAFE - rare
        common = {
            word
            for word in small - called
            if self.ranks.get(word, _COMMON) < _WITH_CAPITAL or _OF_A_WORD.search(word) or word in self.listed
        }
        common |= everyday | {part for entry in self.lists["roles"] for part in WORD.findall(entry)} - _NEVER_SAFE
        common |= _contractions()
        common -= _NEVER_SAFE
        proper = self.proper_words - self.first_names - self.surnames - _NEVER_SAFE
        # "on Tuesdays": nobody is called by a day of the week.
        proper |= {word for word in self.lists["calendar"] if word.endswith("days")}
        capital = {word.capitalize() for word in common | proper}
        safe = small | capital | {word.upper() for word in small | proper} | {word.title() for word in common}
        # One letter may be somebody's initial.
        return frozenset({word for word in safe if len(word) > 1} | {"a", "A", "i", "I"} | _ENDINGS)

    @lru_cache(100_000)  # noqa: B019 - a process has one vocabulary, for as long as it lives
    def look_up(self, small: str) -> Word:
        """Return what is known of a word in small letters."""
        return Word(
            rank=self.ranks.get(small),
            is_first_name=small in self.first_names,
            is_surname=small in self.surnames,
            is_proper=small in self.proper_words,
            is_ordinary=small in self.ordinary,
        )

    @lru_cache(100_000)  # noqa: B019
    def is_of_medicine(self, small: str) -> bool:
        """Say whether a word that no list has is built as the names of medicines and conditions are."""
        # Hardly a word ends so, and the pattern tries each place of it.
        if not (small.endswith(_STEMS_OF_MEDICINE) or small.removesuffix("s").endswith(_STEMS_OF_MEDICINE)):
            return False
        return bool(_OF_MEDICINE.fullmatch(small)) and small not in self.first_names and small not in self.surnames

    @lru_cache(100_000)  # noqa: B019
    def is_built(self, small: str) -> bool:
        """Say whether a word that no list has is a common one with a prefix or an ending ("catheterise"), two
        everyday ones in one ("eachother"), or long and built as no name is, however it is spelt ("dissapoinntedly").
        """
        if small in self.first_names or small in self.surnames or small in self.ordinary or not small.isalpha():
            return False
        return self._is_derived(small) or self._is_two(small) or self._is_like_no_name(small)

    def _is_like_no_name(self, small: str) -> bool:
        return len(small) >= _SHORTEST_LIKE_NO_NAME and bool(_OF_A_WORD.search(small)) and self.likeness(small) < 0

    def _is_derived(self, small: str) -> bool:
        prefix = _PREFIX.match(small)
        if prefix and (small[prefix.end() :] in self.stems or self._has_suffix(small[prefix.end() :])):
            return True
        return self._has_suffix(small)

    def _has_suffix(self, small: str) -> bool:
        for place in range(_SHORTEST_STEM, len(small)):
            if _SUFFIX.fullmatch(small, place):
                stem = small[:place]
                undoubled = stem[:-1] if stem[-1] == stem[-2] else stem
                if not self.stems.isdisjoint((stem, stem + "e", stem + "y", undoubled)):
                    return True
        return False

    def _is_two(self, small: str) -> bool:
        return _SHORTEST_TOGETHER <= len(small) <= _LONGEST_TOGETHER and any(
            small[:place] in self.everyday and small[place:] in self.everyday
            for place in range(_SHORTEST_OF_TWO, len(small) - _SHORTEST_OF_TWO + 1)
        )

    @lru_cache(100_000)  # noqa: B019
    def is_slip(self, small: str) -> bool:
        """Say whether a word sounds like a common one (Metaphone; Philips, Computer Language 7.12, 1990) and
        looks like it.
        """
        if len(small) < _SHORTEST_SLIP or small in self.ordinary:
            return False
        near = self.near_miss(small) if len(small) >= _SURELY_A_SLIP else 0
        if near == 1 or (near and len(small) >= _SURELY_A_SLIP_OF_TWO):
            return True
        return any(_looks_like(small, word) for word in _sounds().get(jellyfish.metaphone(small), ()))

    @lru_cache(100_000)  # noqa: B019
    def likeness(self, small: str) -> int:
        """Return how much the letters of a word are those of names and not of words: -4 to 4.

        The mean log odds of its trigrams among names and among ordinary words, with additive smoothing.
        """
        trigrams = _trigrams(small)
        mean = sum(map(_odds().get, trigrams, repeat(_UNSEEN))) / len(trigrams)
        return max(-_MOST_LIKE, min(_MOST_LIKE, round(mean * _STEPS)))

    def may_be_a_name(self, small: str) -> bool:
        """Say whether a word is ordinary and on no other list, so that it could be somebody's name as well as any."""
        word = self.look_up(small)
        listed = any(small in entries for entries in self.lists.values())
        return word.is_ordinary and not (word.is_first_name or word.is_surname or listed)

    @lru_cache(100_000)  # noqa: B019
    def is_foreign(self, small: str) -> bool:
        """Say whether a word in small letters is on no list and near no common word."""
        bare = small.replace("’", "'").removesuffix("'s")
        word = self.look_up(bare)
        is_known = word.is_ordinary or word.is_first_name or word.is_surname or word.is_proper or word.rank is not None
        return not is_known and not self.near_miss(bare)

    @lru_cache(100_000)  # noqa: B019
    def near_miss(self, small: str) -> int:
        """Return how many letters a word is away from a common one: 1 or 2, or 0 where it is further off."""
        if len(small) < _SHORTEST_NEAR_MISS or small in self.ordinary:
            return 0
        squeezed = re.sub(r"(.)\1{2,}", r"\1", small)
        if squeezed != small and (squeezed in self.ordinary or re.sub(r"(.)\1{2,}", r"\1\1", small) in self.ordinary):
            return 1
        common = _common()
        # Nothing is near a longer one, and what is left of it without each of its letters is as long as its square.
        if small in common.words or len(small) > common.longest + _MOST_APART:
            return 0
        # One letter away are nearly all that are near at all, and a look for two takes ten times as long.
        if is_one_away(small, common.words, common.left):
            return 1
        return 2 if len(small) > _SHORT and small in _two_away() else 0


_hidden: frozenset[str] = frozenset()


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of this process."""
    known = Vocabulary.__new__(Vocabulary)
    known.__dict__.update(_made("vocabulary", lambda: vars(Vocabulary(_hidden))))
    keep()
    return known


def _made(name: str, make: Callable[[], _Table]) -> _Table:
    """Return a table that is made of the vocabulary: of one with hidden names anew, else as it was made before."""
    return make() if _hidden else made_once(name, make)


def hide(names: frozenset[str]) -> None:
    """Make the vocabulary of this process one that does not know these names, for measuring; () brings them back."""
    global _hidden
    _hidden = names
    vocabulary.cache_clear()
    _common.cache_clear()
    _two_away.cache_clear()
    _sounds.cache_clear()
    _odds.cache_clear()


@cache
def _frequencies() -> dict[str, int]:
    written = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    pairs = (line.split() for line in written.read_text(encoding="utf-8-sig").splitlines())
    return {word: int(count) for word, count in pairs}


def most_frequent(count: int) -> frozenset[str]:
    """Return so many of the words that English has most often, in small letters."""
    return frozenset(word for word, rank in vocabulary().ranks.items() if rank < count)


def _ranks() -> dict[str, int]:
    counts = _frequencies()
    return {word: rank for rank, word in enumerate(sorted(counts, key=lambda word: -counts[word]))}


class _Common(NamedTuple):
    """The words that others may be near: they themselves, by what is left of them without one letter, and the letters
    of the longest.
    """

    words: frozenset[str]
    left: dict[str, str]
    longest: int


@cache
def _common() -> _Common:
    words, left = _made("common", _common_words)
    return _Common(words, left, max(map(len, words)))


def _common_words() -> tuple[frozenset[str], dict[str, str]]:
    known = vocabulary()
    often = {word for word in known.ordinary if known.ranks.get(word, _KNOWN_NEAR_MISSES) < _KNOWN_NEAR_MISSES}
    often |= {part for entries in known.lists.values() for entry in entries for part in WORD.findall(entry)}
    words = frozenset(word for word in often if len(word) > 2)
    return words, by_what_is_left(words)


@cache
def _two_away() -> TwoAway:
    """Return what finds whether a word of more than _SHORT letters is two letters away from one."""
    return TwoAway(*_made("two_away", lambda: beginnings(word for word in _common().words if len(word) >= _SHORT - 1)))


def _looks_like(small: str, word: str) -> bool:
    if word[0] != small[0] or len(word) < _SHORTEST_SLIP:
        return False
    distance = jellyfish.levenshtein_distance(word, small)
    if len(small) >= _LONG:
        return distance <= _MOST_DIFFERENT_IF_LONG * len(small)
    is_alike = jellyfish.jaro_winkler_similarity(word, small) >= _LEAST_ALIKE
    return distance == 1 or (is_alike and distance <= _MOST_DIFFERENT * len(small))


def _trigrams(small: str) -> list[str]:
    padded = f"^{small}$"
    return [padded[place : place + 3] for place in range(len(padded) - 2)] or [padded]


@cache
def _odds() -> dict[str, float]:
    return _made("odds", _odds_of_trigrams)


def _odds_of_trigrams() -> dict[str, float]:
    known = vocabulary()
    names = Counter(trigram for name in known.first_names | known.surnames for trigram in _trigrams(name))
    words = Counter(trigram for word in known.ordinary - known.word_names for trigram in _trigrams(word))
    of_names, of_words = names.total(), words.total()
    return {
        trigram: log((names[trigram] + 1) / of_names) - log((words[trigram] + 1) / of_words)
        for trigram in names.keys() | words.keys()
    }


@cache
def _sounds() -> dict[str, list[str]]:
    return _made("sounds", _words_by_sound)


def _words_by_sound() -> dict[str, list[str]]:
    known = vocabulary()
    sounds: dict[str, list[str]] = {}
    for word in known.ordinary:
        if known.ranks.get(word, _KNOWN_NEAR_MISSES) < _KNOWN_NEAR_MISSES or word in known.listed:
            sounds.setdefault(jellyfish.metaphone(word), []).append(word)
    return sounds


def _contractions() -> frozenset[str]:
    written = (
        "i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd it'll we're we've "
        "we'd we'll they're they've they'd they'll that's that'd that'll there's there'd here's what's who's who'd "
        "who've where's when's how's why's let's isn't aren't wasn't weren't don't doesn't didn't haven't "
        "hasn't hadn't "
        "won't wouldn't can't couldn't shouldn't mustn't needn't shan't mightn't ain't o'clock y'all could've "
        "should've "
        "would've might've must've nothing's everything's everyone's everybody's someone's nobody's somebody's today's"
    ).split()
    # What is left of one where the apostrophe stands before the blank ("isn' t").
    written += "isn wasn didn doesn couldn wouldn aren hasn hadn weren shouldn".split()
    forms = {form for word in written for form in (word, word.replace("'", "’"), word.replace("'", ""))}
    return frozenset(forms - {"well", "hell", "shell", "ill", "were", "id", "wed", "shed"} | {"i'm", "id"})


# What nobody is called, wherever it stands: a contraction.
CONTRACTIONS = frozenset(form for form in _contractions() if "'" in form)
