"""Cues: words of which a text must hold one before a pattern can match, read from the pattern itself.

Trying a long pattern at every place of a text takes far longer than looking for its words. `cued` compiles a pattern
that looks first: its cues follow from how `re` reads it, so that they cannot fall behind when it is changed. Method:
what RE2 calls a prefilter (Cox, Regular Expression Matching with a Trigram Index, 2012), with words for trigrams.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, lru_cache, reduce
from operator import or_
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from wordround.deidentify.names.made_tables import made_once
from wordround.deidentify.names.vocabulary import vocabulary
from wordround.deidentify.parts import add_traits, forget_traits, new_trait, traits_of
from wordround.deidentify.wider import Wider

# A pattern is read as the strings that it matches, of letters, these two, and nothing else.
_GAP, _ANYTHING = " ", "\0"
_GAPS, _BEGINS = {_GAP}, "*"
_MOST_STRINGS = 600
_SHORTEST_BEGINNING = 4
_LETTERS, _DIGIT = re.compile(r"[^\W\d_]+"), re.compile(r"\d")
_PART = re.compile(r"[^\0 ]+")
_UNKNOWN, _GAPS_IN_A_ROW = re.compile(r"\0[\0 ]*\0"), re.compile("  +")
# Letters that `re` takes for an ASCII letter where case is ignored, and `str.lower` does not.
_FOLDED = str.maketrans("\u0130\u0131\u017f", "iis")
_RARE = 99_999


class Cued:
    """A compiled pattern that is tried on a text only if the text holds one of its cues."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = re.compile(pattern, flags)
        # Its place in the masks that say which patterns may match.
        self.bit = new_trait()
        self.together: Callable[[], Wider] | None = None
        _patterns.append(self)
        _masks.cache_clear()
        mask_of.cache_clear()
        forget_traits()

    @cached_property
    def cues(self) -> frozenset[str] | None:
        """Words in small letters, or beginnings of words with `*` behind them; None where the pattern needs none."""
        made, key = _made_cues(), (self.pattern.pattern, self.pattern.flags)
        return made[key] if key in made else self.read_cues()

    def read_cues(self) -> frozenset[str] | None:
        """Return the cues as they follow from the pattern, which takes long."""
        return _cues_of(_strings(_parser.parse(self.pattern.pattern, self.pattern.flags & ~re.UNICODE)))

    @cached_property
    def wider(self) -> Wider:
        """What RE2 looks for in place of this pattern, alone or with those of its `any_of`."""
        return self.together() if self.together else _wider_of([self])

    def may_match(self, text: str) -> bool:
        """Say whether a text holds a cue, as many digits as a match does and what RE2 would find, too."""
        if not mask_of(text) & self.bit or (self.fewest_digits and self.fewest_digits > digits_of(text)):
            return False
        return bool(self.wider.which(text) & self.bit)

    @cached_property
    def fewest_digits(self) -> int:
        """How many digits a match holds at least."""
        return _fewest_digits(_parser.parse(self.pattern.pattern, self.pattern.flags & ~re.UNICODE))

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return what `re.Pattern.finditer` does."""
        # Most texts hold no cue: this is asked first, for itself.
        return self.pattern.finditer(text) if mask_of(text) & self.bit and self.may_match(text) else _NOTHING

    def search(self, text: str) -> re.Match[str] | None:
        """Return what `re.Pattern.search` does."""
        return self.pattern.search(text) if mask_of(text) & self.bit and self.may_match(text) else None

    def sub(self, replacement: str, text: str) -> str:
        """Return what `re.Pattern.sub` does."""
        return self.pattern.sub(replacement, text) if self.may_match(text) else text


cued = Cued
_NOTHING: Iterator[re.Match[str]] = iter(())
_patterns: list[Cued] = []


def any_of(*patterns: Cued) -> Callable[[str], bool]:
    """Return what says whether one of these patterns may match a text. From now on one look is enough for them all."""
    bits = reduce(or_, (pattern.bit for pattern in patterns))

    def may_match(text: str) -> bool:
        mask = mask_of(text) & bits
        return bool(mask and mask & wider().which(text))

    @cache
    def wider() -> Wider:
        return _wider_of(patterns)

    for pattern in patterns:
        pattern.together = wider
    return may_match


def _wider_of(patterns: Iterable[Cued]) -> Wider:
    return Wider({one.bit: (one.pattern.pattern, one.pattern.flags) for one in patterns})


@lru_cache(8)
def mask_of(text: str) -> int:
    """Return the bits of the patterns that may match a text."""
    return traits_of(text) | _masks().of_any_text


@lru_cache(8)
def digits_of(text: str) -> int:
    """Return how many digits a text holds."""
    return len(_DIGIT.findall(text))


@cache
def _made_cues() -> dict[tuple[str, int], frozenset[str] | None]:
    """Return the cues of the patterns of all recognisers, made before or now."""
    from wordround.deidentify import recognisers  # noqa: F401 - so that each pattern is there

    return made_once("cues", lambda: {(one.pattern.pattern, one.pattern.flags): one.read_cues() for one in _patterns})


class _Masks:
    """The patterns that may match a text because of a part of it."""

    def __init__(self, patterns: Iterable[Cued]) -> None:
        # Patterns without cues.
        self.of_any_text = 0
        self._words: defaultdict[str, int] = defaultdict(int)
        self._beginnings: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        for pattern in patterns:
            cues = pattern.cues
            if cues is None:
                self.of_any_text |= pattern.bit
            for cue in cues or ():
                of_its_kind = self._beginnings[len(cue) - 1] if cue[-1] == _BEGINS else self._words
                of_its_kind[cue.removesuffix(_BEGINS)] |= pattern.bit

    def of(self, part: str) -> int:
        """Return the bits of the patterns of which a part holds a cue."""
        mask = 0
        for word in _LETTERS.findall((part if part.isascii() else part.translate(_FOLDED)).lower()):
            mask |= self._words.get(word, 0)
            for length, beginnings in self._beginnings.items():
                mask |= beginnings.get(word[:length], 0)
        return mask


@lru_cache(1)
def _masks() -> _Masks:
    return _Masks(_patterns)


add_traits(lambda part: _masks().of(part))


def _strings(nodes: Iterable[tuple[Any, Any]]) -> set[str]:
    """Return strings of which each match of a sequence is one, `_ANYTHING` standing for what is not known."""
    strings = {""}
    for node in nodes:
        strings = _joined(strings, _of_node(*node))
    return strings


def _joined(first: set[str], second: set[str]) -> set[str]:
    if len(first) * len(second) <= _MOST_STRINGS:
        return {_short(one + two) for one in first for two in second}
    before, behind = _hidden(first), _hidden(second)
    return min({_short(one + behind) for one in first}, {_short(before + two) for two in second}, key=_cost)


def _hidden(strings: set[str]) -> str:
    """Return what is known of all of these: whether a gap is at their ends."""
    begin = _GAP if all(string[:1] == _GAP for string in strings) else ""
    end = _GAP if all(string[-1:] == _GAP for string in strings) else ""
    return begin + _ANYTHING + end


def _short(string: str) -> str:
    return _GAPS_IN_A_ROW.sub(_GAP, _UNKNOWN.sub(lambda found: "\0 \0" if _GAP in str(found[0]) else "\0", string))


def _of_node(kind: Any, value: Any) -> set[str]:
    if kind is op.LITERAL:
        return {_of_character(value)}
    if kind is op.IN:
        return _of_class(value)
    if kind is op.AT:
        return {""} if value is op.AT_NON_BOUNDARY else _GAPS
    if kind is op.BRANCH:
        return set().union(*(_strings(branch) for branch in value[1]))
    if kind is op.SUBPATTERN:
        return _strings(value[3])
    if kind is op.ATOMIC_GROUP:
        return _strings(value)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return _repeated(*value)
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return _beside(kind is op.ASSERT_NOT, value[1])
    return {_ANYTHING}


def _of_character(code: int) -> str:
    character = chr(code).translate(_FOLDED).lower()
    return character if _LETTERS.fullmatch(character) else _GAP


def _of_class(members: list[tuple[Any, Any]]) -> set[str]:
    if all(kind is op.LITERAL for kind, _ in members):
        return {_of_character(code) for _, code in members}
    return {_ANYTHING} if _holds_letters(members) else _GAPS


def _holds_letters(members: list[tuple[Any, Any]]) -> bool:
    """Say whether a class may hold a letter."""
    for kind, value in members:
        if kind is op.LITERAL and _LETTERS.fullmatch(chr(value)):
            return True
        if kind is op.RANGE and any(_LETTERS.fullmatch(chr(code)) for code in range(value[0], value[1] + 1)):
            return True
        if kind is op.NEGATE or (kind is op.CATEGORY and value not in (op.CATEGORY_SPACE, op.CATEGORY_DIGIT)):
            return True
    return False


def _repeated(least: int, most: Any, nodes: Any) -> set[str]:
    once = _strings(nodes)
    if once == _GAPS:
        return _GAPS if least else {"", _GAP}
    if most != 1:
        further = _hidden(once)
        once = once | {_short(string + further) for string in once}
    return once if least else once | {""}


def _beside(is_not: bool, nodes: list[tuple[Any, Any]]) -> set[str]:
    """Return a gap where a look at the next or last character says that it is no letter; else nothing."""
    if len(nodes) != 1:
        return {""}
    kind, value = nodes[0]
    if is_not:
        members = value if kind is op.IN else ()
        is_no_letter = members and members[0][0] is not op.NEGATE and (op.CATEGORY, op.CATEGORY_WORD) in members
    else:
        is_no_letter = (kind is op.IN and not _holds_letters(value)) or (
            kind is op.LITERAL and _of_character(value) == _GAP
        )
    return _GAPS if is_no_letter else {""}


def _fewest_digits(nodes: Iterable[tuple[Any, Any]]) -> int:
    """Return how many digits each match of a sequence holds at least."""
    return sum(_digits_of_node(*node) for node in nodes)


def _digits_of_node(kind: Any, value: Any) -> int:
    if kind is op.LITERAL:
        return int(chr(value).isdecimal())
    if kind is op.IN:
        return int(all(member == (op.CATEGORY, op.CATEGORY_DIGIT) or _is_digits(*member) for member in value))
    if kind is op.BRANCH:
        return min(_fewest_digits(branch) for branch in value[1])
    if kind is op.SUBPATTERN:
        return _fewest_digits(value[3])
    if kind is op.ATOMIC_GROUP:
        return _fewest_digits(value)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return int(value[0]) * _fewest_digits(value[2])
    # What is looked at beside a match may be in it as well.
    return 0


def _is_digits(kind: Any, value: Any) -> bool:
    """Say whether a member of a class is a digit, or some."""
    if kind is op.LITERAL:
        return chr(value).isdecimal()
    return kind is op.RANGE and all(chr(code).isdecimal() for code in range(value[0], value[1] + 1))


def _cues_of(strings: set[str]) -> frozenset[str] | None:
    cues = [_rarest(string) for string in strings]
    return None if None in cues else frozenset(cue for cue in cues if cue)


@lru_cache(100_000)
def _rarest(string: str) -> str | None:
    """Return the rarest word, or beginning of one, that whoever holds this string holds."""
    found = []
    for part in _PART.finditer(string):
        before, behind = string[part.start() - 1 : part.start()], string[part.end() : part.end() + 1]
        if before == _GAP and behind == _GAP:
            found.append(part[0])
        elif before == _GAP and len(part[0]) >= _SHORTEST_BEGINNING:
            found.append(part[0] + _BEGINS)
    return min(found, key=_frequency, default=None)


def _frequency(cue: str) -> float:
    return 1 / (50 + vocabulary().ranks.get(cue.rstrip(_BEGINS), _RARE))


def _cost(strings: set[str]) -> float:
    """Return how often a text will hold a cue of these, if a gap follows them."""
    cues = _cues_of({string + _GAP for string in strings})
    return float("inf") if cues is None else sum(map(_frequency, cues))
