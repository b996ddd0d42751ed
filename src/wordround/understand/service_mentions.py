"""Which services of the registry a text names.

Given the services with their names and hashtags, and the names of the trust's own places, a text has the ids of those
services that it names. Nothing is guessed from what a text is about: no name, no service.

A name counts as whole words, whatever its case, accents, hyphens, "&" or "and", singular, plural or possessive; the
longest of overlapping names wins. It does not count in a street, school, club or electoral ward of that name, nor where
another place's name stands beside it ("Kestrel Ward at St Elsewhere's Hospital").

A name of one word ("kestrel", "perinatal") is a bird, a surname or an adjective as well. It counts beside what a
service is called (ward, team, clinic, staff, ...), in capitals, or capitalised inside a sentence with nothing that
speaks for a bird or a person; and anywhere where it abbreviates a longer name of its service (CMHT). Hashtags count
where the registry has them, where they run a longer name together (#kestrelward), and word by word in CamelCase
(#ThankYouKestrelWard).

All names are looked for at once (Aho-Corasick). Dates of validity are not looked at.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import ahocorasick

from wordround.understand.themes import words_of

# Part of the version: raise it when the same names would be found otherwise.
_ENGINE = 1

SERVICE_WORDS = frozenset(
    "ward wards unit units team teams clinic clinics hospital service services centre center house staff nurse nurses "
    "doctors midwife midwives suite lounge department dept psychiatrist psychologist consultant worker workers "
    "inpatient outpatients ot physio".split()
)
_NOT_A_SERVICE = frozenset(
    "road rd street lane avenue close drive way crescent court gardens terrace grove park bridge hill roundabout "
    "island lake pond reservoir pub inn arms brewery fc athletic united rovers primary school academy nursery nest "
    "box boxes councillor councillors cllr election byelection residents candidate candidates".split()
)
_BIRDS = frozenset(
    "bird birds birding birdwatching birder hover hovering hovered nest nesting chick chicks rspb wings wing feathers "
    "hawk owl buzzard falcon egret swan swans duck ducks fish fishing frog pond reservoir estuary marsh wildlife "
    "spotted binoculars perched prey fledged flew flying canal riverbank".split()
)
_PERSONS = frozenset(
    "mr mrs ms miss dr doctor prof professor sir dame lady cllr councillor nurse sister matron".split()
)
_ARTICLES = frozenset("a an the this that two three some any wild male female young".split())
_PLACES = frozenset("hospital hospitals infirmary trust hospice general".split())
_SAYS_NOTHING = frozenset(
    "the your this our that local a new old main same my st saint nhs mental health community and of hospital "
    "hospitals infirmary trust hospice general clinic house centre foundation fictional university".split()
)
_FURTHEST_PLACE = 6

_TOKEN = re.compile(
    r"(?P<other><[^<>]{1,60}>|https?://\S+|www\.\S+|@[\w.@-]+)|#(?P<tag>\w+)|(?P<word>\w+(?:['’ʼ]\w+)*)|(?P<end>[.!?…\n])"
    r"|(?P<and>&)|(?P<break>[,;:()/|\"“”])"
)
_READ_OTHERWISE = re.compile("[#&_`]|''")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class NamedService(NamedTuple):
    """A service and what people call it. Names in any case; hashtags without `#`."""

    service_id: str
    names: tuple[str, ...]
    hashtags: tuple[str, ...] = ()


class _Word(NamedTuple):
    form: str
    is_capitalised: bool = False
    is_capitals: bool = False


class _Name(NamedTuple):
    service_ids: tuple[str, ...]
    # Stands for its service only in a fitting context.
    is_doubtful: bool


_END, _BREAK = _Word("."), _Word(",")


class _Text:
    """The words of a text, and what is asked of all of them: once, however many names there are."""

    def __init__(self, words: Sequence[_Word]) -> None:
        self.words = words
        self._forms = {word.form for word in words}

    @cached_property
    def is_of_birds(self) -> bool:
        return not self._forms.isdisjoint(_BIRDS)

    @cached_property
    def capitals_say_something(self) -> bool:
        """Nothing, where most words have them."""
        written = [word for word in self.words if word.form.isalpha()]
        return 2 * sum(word.is_capitalised for word in written) <= len(written) + 2

    def fits(self, first: int, after: str) -> bool:
        """Whether a name of one word stands for a service there."""
        before = self.words[first - 1] if first else _END
        if after in SERVICE_WORDS:
            return True
        if before.form in _PERSONS or self.is_of_birds:
            return False
        if before.form in SERVICE_WORDS:
            return True
        word = self.words[first]
        if not self.capitals_say_something:
            return False
        if word.is_capitals and len(word.form) > 2:
            return True
        return word.is_capitalised and before.form != "." and before.form not in _ARTICLES and not before.is_capitalised


class ServiceMentions:
    """Names of services, compiled. Build it once; `version` changes with every name, hashtag and place."""

    def __init__(self, services: Iterable[NamedService], own_places: Iterable[str] = ()) -> None:
        services, own_places = list(services), sorted(own_places)
        self._own = frozenset(word for place in own_places for word in _words(place)) - _SAYS_NOTHING
        lines = sorted(repr((one.service_id, sorted(one.names), sorted(one.hashtags))) for one in services)
        digest = hashlib.sha256("\n".join((f"engine {_ENGINE}", *own_places, *lines)).encode())
        self.version = f"services-{digest.hexdigest()[:8]}"
        self._automaton = ahocorasick.Automaton()
        for pattern, name in _patterns(services).items():
            self._automaton.add_word(pattern, (len(pattern), name))
        if len(self._automaton):
            self._automaton.make_automaton()

    def find(self, text: str) -> list[str]:
        """Return the ids of the services that a text names, sorted. Time is linear in the text."""
        if not len(self._automaton) or self._surely_names_none(text):
            return []
        words = list(_split(text))
        joined = f" {' '.join(word.form for word in words)} "
        starts = dict(
            zip(accumulate((len(word.form) + 1 for word in words), initial=0), range(len(words)), strict=False)
        )
        found: set[str] = set()
        whole = _Text(words)
        for first, last, name in self._longest(joined, starts):
            if self._counts(whole, first, last, name):
                found.update(name.service_ids)
        return sorted(found)

    def _surely_names_none(self, text: str) -> bool:
        """Whether no name stands there even if punctuation is nothing: nearly all texts, at a tenth of the cost.

        Where words can be read in another way than plain ones (tags, signs, odd apostrophes), it is not sure.
        """
        if not text.isascii() or _READ_OTHERWISE.search(text) is not None:
            return False
        return next(self._automaton.iter(words_of(text)), None) is None

    def _longest(self, joined: str, starts: dict[int, int]) -> list[tuple[int, int, _Name]]:
        """Names as (first word, word after the last, name), none overlapping another."""
        hits = [(length, end, name) for end, (length, name) in self._automaton.iter(joined)]
        taken: set[int] = set()
        kept = []
        for length, end, name in sorted(hits, key=lambda hit: (-hit[0], hit[1])):
            first = starts[end - length + 1]
            span = range(first, first + joined.count(" ", end - length + 2, end + 1))
            if taken.isdisjoint(span):
                taken.update(span)
                kept.append((span.start, span.stop, name))
        return kept

    def _counts(self, text: _Text, first: int, last: int, name: _Name) -> bool:
        words = text.words
        after = words[last].form if last < len(words) else "."
        if after in _NOT_A_SERVICE or (after == "by" and words[last + 1 : last + 2] == [_Word("election")]):
            return False
        if self._is_elsewhere(words, first, last):
            return False
        return not name.is_doubtful or text.fits(first, after)

    def _is_elsewhere(self, words: Sequence[_Word], first: int, last: int) -> bool:
        """Whether another hospital's name follows (`at ...`) or stands right before."""
        following = [word.form for word in words[last : last + _FURTHEST_PLACE + 2] if word is not _BREAK]
        if following[:1] in (["at"], ["in"], ["of"]) and set(_place(following[1:])) - _SAYS_NOTHING - self._own:
            return True
        before = words[max(0, first - 4) : first]
        if before and before[-1].form in {*_PLACES, *(f"{place}s" for place in _PLACES)}:
            named = {word.form for word in before[:-1] if word.is_capitalised}
            return bool(named - _SAYS_NOTHING - self._own)
        return False


def _place(following: Sequence[str]) -> list[str]:
    """The words up to a place's name, or the saint that it is called after; none where no place is named."""
    if following[:1] in (["st"], ["saint"]):
        return list(following[:2])
    for place, form in enumerate(following):
        if form in (".", "and", "but", "for", "with", "on", "who", "was", "were"):
            return []
        if form in _PLACES:
            return list(following[: place + 1])
    return []


def _split(text: str) -> Iterator[_Word]:
    """Yield the words of a text with what separates them: hashtags whole and, in CamelCase, word by word."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "word":
            yield _word(match.group())
        elif kind == "tag":
            tag = match.group("tag")
            yield _Word(f"#{tag.casefold()}")
            parts = _CAMEL.findall(tag)
            if len(parts) > 1:
                yield _BREAK
                yield from map(_word, parts)
                yield _BREAK
        elif kind == "and":
            yield _Word("and")
        else:
            yield _END if kind == "end" else _BREAK


def _word(written: str) -> _Word:
    return _Word(
        words_of(written).strip().replace(" ", ""), written[:1].isupper(), written.isupper() and len(written) > 1
    )


def _words(name: str) -> list[str]:
    """The words of a name as a text would have them, without what stands in brackets."""
    return [word.form for word in _split(re.sub(r"\([^)]*\)", " ", name)) if word not in (_END, _BREAK)]


def _patterns(services: Iterable[NamedService]) -> dict[str, _Name]:
    """What the automaton looks for: every way of writing each name, with the services that it names."""
    ids: dict[str, set[str]] = {}
    doubtful: dict[str, bool] = {}
    for service in services:
        # A path through a file's locations ("site > service") is nothing that people say.
        names = [words for name in service.names if ">" not in name and (words := _words(name))]
        abbreviations = {"".join(word[0] for word in words if word not in keep) for words in names for keep in _SMALL}
        for words in names:
            is_doubtful = len(words) == 1 and words[0] not in abbreviations
            spelt = {f" {' '.join(way)} " for way in _ways(words)}
            spelt |= {f" #{''.join(words)} "} if len(words) > 1 or not is_doubtful else set()
            for pattern in spelt:
                ids.setdefault(pattern, set()).add(service.service_id)
                doubtful[pattern] = doubtful.get(pattern, True) and is_doubtful
        for tag in service.hashtags:
            pattern = f" #{tag.strip().lstrip('#').casefold()} "
            ids.setdefault(pattern, set()).add(service.service_id)
            doubtful[pattern] = False
    return {pattern: _Name(tuple(sorted(of)), doubtful[pattern]) for pattern, of in ids.items()}


# Which small words an abbreviation leaves out: none, or these.
_SMALL = (frozenset[str](), frozenset(("and", "of", "for", "to", "the")))


def _ways(words: list[str]) -> Iterator[list[str]]:
    """Yield a name as it is, without `and`, and with each word in the singular or plural; apostrophes are gone."""
    whole = [words]
    if len(words) > 3 and "and" in words:
        whole.append([word for word in words if word != "and"])
    for way in whole:
        yield way
        for place, word in enumerate(way):
            for other in _numbers(word):
                yield [*way[:place], other, *way[place + 1 :]]


def _numbers(word: str) -> Iterator[str]:
    if word == "and" or not word.isalpha():
        return
    yield f"{word}s"
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    elif word.endswith("y"):
        yield f"{word[:-1]}ies"
    elif len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
