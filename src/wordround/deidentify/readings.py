"""Readings: what each match of a pattern holds, read from the pattern as `re` parses it.

The strings that a pattern matches tell the words of which a text must hold one. To read a pattern takes long, so that
it is done once a version (names/made_tables.py).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple, Self

from wordround.deidentify.names.vocabulary import vocabulary
from wordround.deidentify.wider import widened

# A pattern is read as the strings that it matches, of letters, these two, and nothing else.
_GAP, _ANYTHING = " ", "\0"
_GAPS, BEGINS = {_GAP}, "*"
_MOST_STRINGS = 600
_SHORTEST_BEGINNING = 4
LETTERS = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"[^\0 ]+")
_UNKNOWN, _GAPS_IN_A_ROW = re.compile(r"\0[\0 ]*\0"), re.compile("  +")
# Letters that `re` takes for an ASCII letter where case is ignored, and `str.lower` does not.
FOLDED = str.maketrans("\u0130\u0131\u017f", "iis")
_RARE = 99_999


class Reading(NamedTuple):
    """What a match of a pattern holds.

    cues: words in small letters, or beginnings of words with `*` behind them, of which it holds one; None where the
    pattern needs none. fewest_digits: how many it holds at least. wider: a pattern of RE2 that finds it, too.
    """

    cues: frozenset[str] | None
    fewest_digits: int
    wider: str

    @classmethod
    def of(cls, pattern: str, flags: int) -> Self:
        """Read a pattern."""
        nodes = _parser.parse(pattern, flags & ~re.UNICODE)
        return cls(_cues_of(_strings(nodes)), _fewest_digits(nodes), widened(pattern, flags))


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
    character = chr(code).translate(FOLDED).lower()
    return character if LETTERS.fullmatch(character) else _GAP


def _of_class(members: list[tuple[Any, Any]]) -> set[str]:
    if all(kind is op.LITERAL for kind, _ in members):
        return {_of_character(code) for _, code in members}
    return {_ANYTHING} if _holds_letters(members) else _GAPS


def _holds_letters(members: list[tuple[Any, Any]]) -> bool:
    """Say whether a class may hold a letter."""
    for kind, value in members:
        if kind is op.LITERAL and LETTERS.fullmatch(chr(value)):
            return True
        if kind is op.RANGE and any(LETTERS.fullmatch(chr(code)) for code in range(value[0], value[1] + 1)):
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
            found.append(part[0] + BEGINS)
    return min(found, key=_frequency, default=None)


def _frequency(cue: str) -> float:
    return 1 / (50 + vocabulary().ranks.get(cue.rstrip(BEGINS), _RARE))


def _cost(strings: set[str]) -> float:
    """Return how often a text will hold a cue of these, if a gap follows them."""
    cues = _cues_of({string + _GAP for string in strings})
    return float("inf") if cues is None else sum(map(_frequency, cues))
