"""Wider patterns: for a pattern of `re`, one of Hyperscan that finds something wherever the first does.

Hyperscan looks for all of them at once, in linear time. What it has not (looks ahead and behind, references to groups)
is left out, so that it can only find more. A text in which it finds nothing need not be tried, and `re`, which tries a
pattern at every place, takes fifty times as long. Hyperscan: Wang and others, A Fast Multi-pattern Regex Matcher for
Modern CPUs, NSDI 2019.
"""

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from importlib import import_module
from operator import or_
from threading import local
from typing import Any

import hyperscan

# How `re` reads a pattern, of which it says nothing to type checkers.
op: Any = import_module("re._constants")
_parser: Any = import_module("re._parser")

_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
_PLACES = {op.AT_BOUNDARY: r"\b", op.AT_NON_BOUNDARY: r"\B"}
_BEGINNINGS = dict.fromkeys((op.AT_BEGINNING, op.AT_BEGINNING_STRING), "^")
# The end of a text is for `re` before its last line end, too.
_ENDS = {op.AT_END: "(?m:$)", op.AT_END_STRING: r"\z"}
# Of longer repetitions the end is not counted.
_MOST_COUNTED = 40
# What no text has in which anything is looked for.
_NEVER = 0xFF
# The bits of every pattern.
EACH = -1


class Wider:
    """Says of a text which of some patterns may match it, in one look at the text."""

    def __init__(self, database: hyperscan.Database, bits: Sequence[int]) -> None:
        """`database`: as `compiled` makes it; `bits`: what stands for each of its patterns."""
        self._database, self._bits = database, bits
        self._others = ~reduce(or_, bits)
        self._scratch = hyperscan.Scratch(database)
        self._of_thread = local()

    def which(self, text: str) -> int:
        """Return the bits of the patterns that may match, and all that stand for none of these.

        Of a text with other characters than printable ASCII each may, because other letters, digits and blanks are
        others for Hyperscan.
        """
        if not text.isascii() or not (text.isprintable() or text.replace("\n", "").isprintable()):
            return EACH
        found: list[int] = []
        try:
            self._database.scan(text.encode(), match_event_handler=_found, context=found, scratch=self._own_scratch())
        except hyperscan.error:
            return EACH
        return reduce(or_, [self._bits[place] for place in found], self._others)

    def _own_scratch(self) -> hyperscan.Scratch:
        """Return what Hyperscan works with, which two threads must not share."""
        if not hasattr(self._of_thread, "scratch"):
            self._of_thread.scratch = self._scratch.clone()
        scratch: hyperscan.Scratch = self._of_thread.scratch
        return scratch


def compiled(patterns: Sequence[str]) -> hyperscan.Database:
    """Return what finds these patterns; one that Hyperscan does not take is found in every text."""
    try:
        return _database(patterns)
    except hyperscan.error:
        return _database([pattern if _is_taken(pattern) else "" for pattern in patterns])


def _is_taken(pattern: str) -> bool:
    try:
        _database([pattern])
    except hyperscan.error:
        return False
    return True


def _database(patterns: Sequence[str]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[pattern.encode("ascii") for pattern in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        # Whether a pattern is there is all that is asked.
        flags=hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_ALLOWEMPTY,
    )
    return database


def _found(place: int, _begin: int, _end: int, _flags: int, found: Any) -> None:
    found.append(place)


def widened(pattern: str, flags: int) -> str:
    """Return a pattern of Hyperscan that finds something wherever one of `re` does, in a text of ASCII."""
    parsed = _parser.parse(pattern, flags & ~re.UNICODE)
    return _of_nodes(parsed, flags | parsed.state.flags, True, True)


def _of_nodes(nodes: Iterable[tuple[Any, Any]], flags: int, begins: bool = False, ends: bool = False) -> str:
    """begins, ends: nothing of the pattern stands before or behind these nodes."""
    letters = "i" if flags & re.IGNORECASE else "-i"
    every = list(nodes)
    last = len(every) - 1
    written = [
        _of_node(kind, value, flags, begins and not place, ends and place == last)
        for place, (kind, value) in enumerate(every)
    ]
    return f"(?{letters}:{''.join(written)})"


def _of_node(kind: Any, value: Any, flags: int, begins: bool, ends: bool) -> str:
    if kind is op.LITERAL:
        return _character(value)
    if kind is op.NOT_LITERAL:
        return f"[^{_character(value)}]"
    if kind is op.ANY:
        return r"(?s:.)" if flags & re.DOTALL else r"[^\n]"
    if kind is op.IN:
        return f"[{''.join(_member(*member) for member in value)}]"
    if kind is op.AT:
        return _place(value, flags, begins, ends)
    if kind is op.BRANCH:
        return f"(?:{'|'.join(_of_nodes(branch, flags, begins, ends) for branch in value[1])})"
    if kind is op.SUBPATTERN:
        _, added, removed, nodes = value
        return _of_nodes(nodes, (flags | added) & ~removed, begins, ends)
    if kind is op.ATOMIC_GROUP:
        return _of_nodes(value, flags, begins, ends)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, nodes = value
        counted = "" if most is op.MAXREPEAT or most > _MOST_COUNTED else most
        return f"(?:{_of_nodes(nodes, flags)}){{{min(least, _MOST_COUNTED)},{counted}}}"
    if kind is op.ASSERT:
        # What is looked for behind the end of a pattern, or before its beginning, may as well be part of it.
        is_behind, nodes = value[0] > 0, value[1]
        return _of_nodes(nodes, flags, begins, ends) if (ends if is_behind else begins) else ""
    if kind is op.ASSERT_NOT:
        return ""
    # A group that was found before, or what depends on one.
    return "(?s:.)*"


def _place(value: Any, flags: int, begins: bool, ends: bool) -> str:
    """Return a place in a text. Hyperscan takes beginnings and ends only where a pattern begins and ends."""
    if begins and value is op.AT_BEGINNING and flags & re.MULTILINE:
        return "(?m:^)"
    known = _PLACES | (_BEGINNINGS if begins else {}) | (_ENDS if ends else {})
    return known.get(value, "")


def _character(code: int) -> str:
    character = chr(code)
    return character if character.isascii() and character.isalnum() else rf"\x{min(code, _NEVER):02x}"


def _member(kind: Any, value: Any) -> str:
    if kind is op.NEGATE:
        return "^"
    if kind is op.RANGE:
        return f"{_character(value[0])}-{_character(value[1])}"
    return _CATEGORIES[value] if kind is op.CATEGORY else _character(value)
