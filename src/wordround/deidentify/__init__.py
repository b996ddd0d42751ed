"""De-identification: text in, the same text with identifiers replaced by typed placeholders out.

Pure: it knows no source, no file of a trust and no database, and runs in memory before the first byte is written. Each
kind of identifier has a file of its own with its pattern, its context and its checksum; engine.py asks them.
A cheap look at each text decides which of them are asked. Nothing is inferred about a person. Where a name is in doubt,
or the work cannot be finished, the text is withheld: its ordinary words alone are kept, to be scored and never shown.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, lru_cache, reduce
from operator import or_
from typing import NamedTuple

from wordround.deidentify.names import welsh
from wordround.deidentify.names.vocabulary import WORD, read_list, vocabulary
from wordround.deidentify.parts import Remembered, parts_of
from wordround.deidentify.placeholders import numbered, replaced
from wordround.deidentify.screen import DIGITS, GROUPS_THAT_READ_CAPITALS, MARKS, PLACES, TIMES, Parts, groups_needed
from wordround.deidentify.spans import Span, settle
from wordround.deidentify.spelt_number import NUMBER_WORDS

__all__ = ["Deidentified", "Deidentifier", "Span", "deidentifier", "deidentify"]

KINDS_THAT_PLACES_HAVE = frozenset(
    {
        "name",
        "staff name",
        "relative name",
        "patient name",
        "place",
        "employer",
        "school",
        "house name",
        "street address",
        "doubtful name",
    }
)
_DOUBT = "doubtful name"
_NAMES_OF_PEOPLE = frozenset(("name", "staff name", "relative name", "patient name", _DOUBT))

_FEWEST_WORDS, _MOSTLY = 4, 0.7
_MOST_WORDS_OF_A_PLACE = 9
_GROUPS_OF_A_PLACE = frozenset({MARKS, DIGITS, TIMES, PLACES})
# Who has the name of a hospital or of somebody famous, and works on the ward.
_TITLED = re.compile(r"\b(?:dr|mr|mrs|ms|miss|mx|prof|professor|doctor)\.?\s+$", re.IGNORECASE)
_IS_SOMEBODY = re.compile(
    r"(?:\s(?:was|is)\s(?:my|our|the)\s(?:nurse|doctor|consultant|midwife|physio|surgeon|gp|carer)\b)", re.IGNORECASE
)

# A text of many words that no list knows, or of another script, is nothing that this can judge.
_FEWEST_UNKNOWN, _MOST_UNKNOWN = 4, 0.3
# Hardly a sentence of English is without one of them, and hardly one of another language has one.
_ENGLISH = frozenset(
    """the and were my they with for of very it have had she not you this that are who staff nurse nurses all always
    thank thanks good great kind lovely excellent care help helpful your our from been would could there their what
    when""".split()
)
_OTHER_SCRIPT = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
_MOST_OF_OTHER_SCRIPT = 2

# Characters that look or count as ASCII to a reader. One for one, so that positions still hold.
_LOOKALIKES = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        **{chr(0x1D7CE + i): str(i % 10) for i in range(50)},
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"),
        "\t": " ",
        "\u3002": ".",
    }
)

# An identifier may run on over a line end, but not over a blank line.
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")
_SENTENCE_ENDS = ("", ".", "!", "?", "\n", ":", "*", "•")
_NO_SPACE, _LETTERS = re.compile(r"\S+"), re.compile(r"[^\W\d_]+")
_WHOLE_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+")


class Deidentified(NamedTuple):
    """The text without identifiers, where they stood in the original, and whether it must be withheld.

    Of a withheld text only ordinary words are left. It may be scored; it must not be shown.
    """

    text: str
    found: tuple[Span, ...] = ()
    withheld: bool = False


class Deidentifier:
    """De-identifies texts in which some names may stay: those of the trust's own services, sites and wards."""

    def __init__(self, kept: Iterable[str] = ()) -> None:
        self._safe = vocabulary().safe
        self._parts = Parts(self._safe)
        phrases = {*kept, *read_list("kept_phrases"), *read_list("named_things")}
        self._names = sorted({" ".join(name.split()) for name in phrases if name.strip()}, key=len, reverse=True)
        # Looking for hundreds of phrases takes longer than all the rest: only those are looked for that may begin here.
        self._phrases: defaultdict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        for name in self._names:
            if word := WORD.search(name):
                letters = frozenset(_LETTERS.findall(name.lower())) if name.isascii() else frozenset()
                self._phrases[word[0].lower()].append((_phrase(name), letters))
        self._of_phrases = frozenset(_LETTERS.findall(" ".join(self._names).casefold()))
        self._of_first_word: dict[str, re.Pattern[str]] = {}

    @cached_property
    def kept(self) -> re.Pattern[str]:
        """What finds every phrase that stays; made when it is first asked for, since that takes long."""
        return _any_of(map(_phrase, self._names))

    def __call__(self, text: str) -> Deidentified:
        """Replace each identifier with `<kind>`, the same value with the same placeholder.

        A text that a recogniser fails on, or that leaves a doubt, is withheld: its figures count, its words are not
        kept.
        """
        try:
            legible = text if text.isascii() else text.translate(_LOOKALIKES)
            parts = self._parts.of(legible)
            if not parts:
                return Deidentified(text)
            bits, unclear = 0, set[str]()
            for part in parts:
                bits |= part.bits
                unclear.update(part.unclear)
                if part.opening:
                    unclear.update(word for word in part.opening if not _only_opens_a_sentence(word, legible))
            groups = groups_needed(legible, bits, unclear)
            return self._look(text, legible, unclear, groups) if groups else Deidentified(text)
        except Exception:  # noqa: BLE001 - whatever went wrong, the text must not pass
            return Deidentified(masked(text), withheld=True)

    def of_a_place(self, name: str) -> Deidentified:
        """De-identify what should be the name of a trust, a site, a service or a file.

        Cells move, so that it may hold anything; but places are named after people and villages, so that only
        identifiers with a form of their own give way. What has more words than a place's name is read as a comment.
        """
        if len(WORD.findall(name)) > _MOST_WORDS_OF_A_PLACE:
            return self(name)
        legible = name if name.isascii() else name.translate(_LOOKALIKES)
        if "@" not in legible:
            # Exports write the spaces of files, columns and wards so; in a comment "ward_4" would be a handle.
            legible = legible.replace("_", " ")
        needed = groups_needed(legible, reduce(or_, (part.bits for part in self._parts.of(legible)), 0), set())
        groups = [group for group in needed if group in _GROUPS_OF_A_PLACE]
        spans = self._find(legible, groups) if groups else []
        sure = settle(
            span for span in spans if span.kind not in KINDS_THAT_PLACES_HAVE or span.kind == "street address"
        )
        return Deidentified(replaced(name, numbered(name, sure)), tuple(sure)) if sure else Deidentified(name)

    def _may_be_kept(self, span: Span, text: str) -> bool:
        """Say whether a span may begin within a phrase that stays: nearly no name holds a word of one."""
        word = _WHOLE_WORD.match(text, span.start) if text.isascii() else None
        return word is None or word[0].lower() in self._of_phrases

    def _may_stay(self, span: Span, kept: list[tuple[int, int]], text: str) -> bool:
        """Say whether a span is part of a phrase that stays, but for words that are none of a name."""
        return span.kind in KINDS_THAT_PLACES_HAVE and any(
            start <= span.start < end and self._safe.issuperset(WORD.findall(text[end : span.end]))
            for start, end in kept
        )

    def _that_stay(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the phrases of a text that stay, as one pattern of them all would find them."""
        first_words = self._phrases.keys() & map(str.lower, WORD.findall(text))
        if first_words and text.isascii():
            held = frozenset(_LETTERS.findall(text.lower()))
            first_words = {word for word in first_words if any(held >= letters for _, letters in self._phrases[word])}
        patterns = [self._beginning_with(word) for word in first_words]
        place = 0
        while found := [match for pattern in patterns if (match := pattern.search(text, place))]:
            first = min(found, key=lambda match: (match.start(), -match.end()))
            yield first
            place = first.end()

    def _beginning_with(self, word: str) -> re.Pattern[str]:
        """Return what finds the phrases that stay and begin with this word."""
        if word not in self._of_first_word:
            self._of_first_word[word] = _any_of(phrase for phrase, _ in self._phrases[word])
        return self._of_first_word[word]

    @cached_property
    def _find(self) -> Callable[[str, Iterable[str]], list[Span]]:
        """The recognisers, read in when a text first needs one."""
        from wordround.deidentify import engine

        return engine.find

    def _look(self, text: str, legible: str, unclear: set[str], groups: list[str]) -> Deidentified:
        if "\t" in legible or "\n" in legible:
            # A tab stands for a blank, a line end too.
            legible = _LINE_END.sub(" ", legible.replace("\t", " "))
        of_capitals = [group for group in groups if group in GROUPS_THAT_READ_CAPITALS]
        if of_capitals and _says_nothing_by_capitals(legible):
            # Without any they are read as what somebody wrote in small letters.
            spans = self._find(legible.lower(), of_capitals)
            spans += self._find(legible, [group for group in groups if group not in of_capitals])
        else:
            spans = self._find(legible, groups)
        answer = welsh.read(legible) if welsh.may_be_welsh(unclear) else None
        if answer:
            spans = _in_welsh(answer, spans)
        kept: list[tuple[int, int]] = []
        if answer or any(span.kind in KINDS_THAT_PLACES_HAVE and self._may_be_kept(span, legible) for span in spans):
            kept = [
                match.span()
                for match in self._that_stay(legible)
                if not _IS_SOMEBODY.match(legible, match.end()) and not _TITLED.search(legible, 0, match.start())
            ]
            spans = [span for span in spans if not self._may_stay(span, kept, legible)]
        sure = settle(span for span in spans if span.kind != _DOUBT)
        doubts = [span for span in spans if span.kind == _DOUBT and not _within(span, sure)]
        without = replaced(text, numbered(text, sure)) if sure else text
        if doubts or _is_beyond_judgement(legible, unclear, sure, answer):
            # A Welsh word that is a name may be an ordinary one of English, and would be left.
            return Deidentified(masked(without if answer else text), tuple(sure), withheld=True)
        return Deidentified(without, tuple(sure))


def _only_opens_a_sentence(word: str, text: str) -> bool:
    """Say whether a word of a text opens a sentence, and stands there only."""
    place = text.index(word)
    return text.find(word, place + len(word)) < 0 and text[:place].rstrip()[-1:] in _SENTENCE_ENDS


def _phrase(name: str) -> str:
    return re.escape(name).replace(r"\ ", r"\s+")


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)


@cache
def kept_phrases() -> re.Pattern[str]:
    """Return what finds the phrases with a person's name in them that name no person (hospitals, charities,
    figures).
    """
    return deidentifier().kept


@lru_cache(4)
def deidentifier(kept: tuple[str, ...] = ()) -> Deidentifier:
    """Return the de-identifier that lets these names stay: one a process, since making it and its words take long."""
    return Deidentifier(kept)


def forget_defaults() -> None:
    """Build de-identifiers anew at their next use, because the vocabulary has changed."""
    deidentifier.cache_clear()


def deidentify(text: str) -> Deidentified:
    """De-identify a text of which no local names are known."""
    return deidentifier()(text)


def masked(text: str) -> str:
    """Return what may be kept of a withheld text for scoring: words that are ordinary and no names, and marks."""
    safe = vocabulary().safe
    # The ordinary words of an address or a handle, in their places between its marks, would still say whose it is.
    without_addresses = _NO_SPACE.sub(lambda part: _without_address(part[0]), text.translate(_LOOKALIKES))
    # Ordinary words are kept in their order, in which those of a number would still say it.
    written = WORD.sub(
        lambda word: word[0] if word[0] in safe and word[0].lower() not in NUMBER_WORDS else "<word>",
        without_addresses,
    )
    return re.sub(r"\d+", "<number>", re.sub(r"[^\x20-\x7e\n]", "", written)).replace("@", "")


def _without_address(part: str) -> str:
    if "://" in part or "www." in part.lower():
        return "<web address>"
    return "<handle>" if "@" in part else part


def _says_nothing_by_capitals(text: str) -> bool:
    """Say whether (nearly) every word begins with a capital, or is written in capitals."""
    beginnings = "".join(map(_beginnings.__getitem__, parts_of(text)))
    capitals = sum(map(str.isupper, beginnings))
    return len(beginnings) >= _FEWEST_WORDS and capitals > _MOSTLY * len(beginnings) and len(text.lower()) == len(text)


# The first letter of each word of a part.
_beginnings = Remembered(lambda part: "".join(word[0] for word in WORD.findall(part)))


def _in_welsh(answer: welsh.WelshAnswer, spans: list[Span]) -> list[Span]:
    """Return what is found of an answer in Welsh: its everyday words are no names, and those it names are."""
    left = [answer.without_words(span) if span.kind in _NAMES_OF_PEOPLE else span for span in spans]
    found = [*filter(None, left), *answer.names()]
    return [*found, *answer.beside([span for span in found if span.kind in _NAMES_OF_PEOPLE - {_DOUBT}])]


def _within(span: Span, others: list[Span]) -> bool:
    return any(other.start <= span.start and span.end <= other.end for other in others)


def _is_beyond_judgement(legible: str, unclear: set[str], sure: list[Span], answer: welsh.WelshAnswer | None) -> bool:
    """Say whether what is left of a text is in another script or language, so that no list and no neighbour can tell
    a name from a word.
    """
    if not legible.isascii() and len(_OTHER_SCRIPT.findall(legible)) > _MOST_OF_OTHER_SCRIPT:
        return True
    if len(unclear) < _FEWEST_UNKNOWN:
        return False
    known = vocabulary()
    # Somebody with a title or a role is one in any language; a mere "name" may be a word of another one.
    taken = {
        word.lower() for span in sure if span.kind != "name" for word in WORD.findall(legible[span.start : span.end])
    }
    words = {word.lower() for word in WORD.findall(legible)} - taken
    if len(words) >= _FEWEST_WORDS and words.isdisjoint(_ENGLISH) and not answer:
        return True
    unknown = [word for word in words if known.is_foreign(word) and not (answer and answer.knows(word))]
    return len(unknown) >= _FEWEST_UNKNOWN and len(unknown) > _MOST_UNKNOWN * len(words)
