"""Answers in Welsh: which of their words are everyday Welsh, and who is named in them.

A word of `data/welsh.txt` is no name in an answer that is Welsh, where its neighbours are words too. Many are surnames
or first names as well (Gan, Del, Medi): none is cleared behind a title, a role or what says a name, nor with a capital
within a sentence, where Welsh writes names and little else. Behind what somebody stands behind ("diolch i", "gan",
"roedd") such a word is a name in small letters, too, and nothing that may be one is cleared, be it a town or a word of
English. A word of which nothing is known withholds the answer. Texts in English are not read here.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from wordround.deidentify.names.vocabulary import TITLES, WORD, read_list, vocabulary
from wordround.deidentify.names.welsh_cues import (
    AND_ANOTHER,
    CUE_BEFORE,
    GOES_ON,
    GOING_BEFORE,
    KINDS,
    NOBODY_BEFORE,
    OF_NO_NAME,
    PLACE_BEFORE,
    SOMEBODY_AFTER,
    SOMEBODY_BEFORE,
    SURE_CUE_BEFORE,
    SURELY_SOMEBODY_BEFORE,
)
from wordround.deidentify.names.welsh_words import (
    MONTHS,
    NAMES_AS_WELL,
    NAMES_TOO,
    OPENS_SENTENCES,
    PROPER,
    RATHER_NAMES,
    everyday,
    folded,
    is_everyday,
    is_first_name,
    is_of_a_name,
    may_be_somebody,
)
from wordround.deidentify.spans import Span

_MONTH_BEFORE = re.compile(r"\b[mf]is\s$", re.IGNORECASE)
_NEAR = 24
_DOUBT = "doubtful name"
_LONGEST_ACRONYM = 5
_PLACES = ("towns", "large_places", "named_towns")
_SENTENCE_ENDS = ("", ".", "!", "?", "\n", ":", "*", "•")

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
        """Yield who is named by what stands beside it, and who may be."""
        text = self._text
        for pattern, kind in KINDS:
            for match in pattern.finditer(text):
                if kind != "name" and self._is_english(match["name"]):
                    continue
                yield Span(match.start("name"), match.end("name"), kind)
        for word in self._words:
            if of_a_word := self._kind(word, is_somebody=self._is_where_somebody_stands(word)):
                yield Span(word.start, word.end, of_a_word)

    def beside(self, names: Iterable[Span]) -> Iterator[Span]:
        """Yield those who are named in a row with others: "gan Medi a Del"."""
        for name in names:
            end = name.end
            while match := AND_ANOTHER.match(self._text, end):
                start, end = match.span("name")
                if not (match["and"] and match["name"][0].isupper()):
                    of_a_word = self._kind(self._words[self._place[start]], is_somebody=True)
                    if not of_a_word:
                        break
                    yield Span(start, end, of_a_word)
                elif not self._is_proper(match["name"]):
                    yield Span(start, end, "name")

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
        return is_everyday(folded(small))

    def _kind(self, word: Word, *, is_somebody: bool) -> str | None:
        """Return "name", "doubtful name", or None for a word that is nobody's name.

        is_somebody: whether it stands where somebody is spoken of.
        """
        if word.small in NAMES_TOO | OPENS_SENTENCES and self._is_written_as_a_name(word):
            return "name"
        if word.is_welsh:
            return "name" if is_somebody and self._is_rather_a_name(word) else None
        if is_first_name(word.small) or (is_somebody and is_of_a_name(word.small) and may_be_somebody(word.small)):
            return "name"
        return _DOUBT if self._is_unknown(word, is_somebody=is_somebody) else None

    def _is_rather_a_name(self, word: Word) -> bool:
        """Say whether a word of Welsh is a name where somebody stands."""
        if word.small in PROPER or self._is_a_month(word):
            return False
        if word.small in RATHER_NAMES:
            # "Gyda gwên" is with a smile.
            return self._text[word.start : word.end].lower() == word.small
        if word.small in NAMES_AS_WELL:
            is_surely = word.small != "bob" and SURELY_SOMEBODY_BEFORE.search(self._before(word))
            if is_surely or GOES_ON.match(self._text, word.end):
                return True
        return self._is_capital_within(word) and is_of_a_name(word.small)

    def _is_unknown(self, word: Word, *, is_somebody: bool) -> bool:
        """Say whether nothing tells that a word is no name; where somebody stands neither English nor a town does."""
        before, written = self._before(word), self._text[word.start : word.end]
        is_acronym = written.isupper() and len(written) <= _LONGEST_ACRONYM and not self._text.isupper()
        if is_acronym or word.small in TITLES or PLACE_BEFORE.search(before):
            return False
        is_known = word.is_english or any(word.small in read_list(name) for name in _PLACES)
        if is_somebody and not (is_known and GOING_BEFORE.search(before)):
            return may_be_somebody(word.small)
        if is_known:
            return False
        is_of_no_name = NOBODY_BEFORE.search(before) or OF_NO_NAME.match(word.small)
        return self._is_capital_within(word) or not is_of_no_name

    def _is_where_somebody_stands(self, word: Word) -> bool:
        return bool(SOMEBODY_BEFORE.search(self._before(word)) or SOMEBODY_AFTER.match(self._text, word.end))

    def _is_capital_within(self, word: Word) -> bool:
        return self._text[word.start].isupper() and not self._text.isupper() and not self._opens(word)

    def _is_cleared(self, word: Word) -> bool:
        if not word.is_welsh or self._is_named(word):
            return False
        place = self._place[word.start]
        beside = self._words[max(0, place - 1) : place] + self._words[place + 1 : place + 2]
        if not all(other.is_welsh or other.is_english for other in beside):
            return False
        if word.small in PROPER or self._is_a_month(word):
            return True
        opens = self._opens(word)
        if word.small in NAMES_TOO | OPENS_SENTENCES:
            opens = opens and word.small in OPENS_SENTENCES
            is_within = place > 0 or opens
            if not (is_within and place + 1 < len(self._words) and all(other.is_welsh for other in beside)):
                return False
        return opens or self._text[word.start : word.end].islower()

    def _is_named(self, word: Word) -> bool:
        """Say whether a word stands where somebody is named.

        Behind a role ("nyrs garedig") a word in small letters goes on with the sentence where capitals are written.
        """
        before = self._before(word)
        if SURE_CUE_BEFORE.search(before):
            return True
        goes_on = self._text[word.start].islower() and self._text[:1].isupper()
        may_go_on = goes_on and word.small not in NAMES_TOO | OPENS_SENTENCES
        return bool(CUE_BEFORE.search(before)) and not may_go_on

    def _is_written_as_a_name(self, word: Word) -> bool:
        if not self._text[word.start].isupper() or self._is_a_month(word):
            return False
        return word.small in NAMES_TOO or not self._opens(word)

    def _is_a_month(self, word: Word) -> bool:
        return word.small in MONTHS and bool(_MONTH_BEFORE.search(self._before(word)))

    def _is_english(self, name: str) -> bool:
        """Say whether a name begins with a word that comments in English hold and that is nobody's."""
        small, known = name.split()[0].lower(), vocabulary()
        return small in read_list("comment_words") - known.first_names - known.surnames

    def _is_proper(self, name: str) -> bool:
        return all(folded(word) in PROPER for word in WORD.findall(name))

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
        if len(word) >= _SHORTEST_TELLING and word.islower() and word not in known.ranks and word in everyday()
    )


def may_be_welsh(unclear: Iterable[str]) -> bool:
    """Say whether one of the words that the vocabulary does not clear is Welsh, as hardly one of English is."""
    return any(len(word) >= _SHORTEST_TELLING and is_everyday(folded(word)) for word in unclear)


def read(text: str) -> WelshAnswer | None:
    """Return an answer that is in Welsh; None for any other text."""
    ranks = vocabulary().ranks
    safe = vocabulary().safe
    words, only_welsh = list[Word](), 0
    for match in WORD.finditer(text):
        small = folded(match.group())
        is_welsh = is_everyday(small)
        is_english = not is_welsh and match.group() in safe
        words.append(Word(small, match.start(), match.end(), is_welsh, is_english))
        only_welsh += is_welsh and len(small) >= _SHORTEST_TELLING and small not in ranks
    count = sum(word.is_welsh for word in words)
    is_sure = only_welsh >= _FEWEST_WELSH or (only_welsh and count == len(words))
    return WelshAnswer(text, words) if is_sure and count >= _LEAST_WELSH * len(words) else None
