"""Wider patterns: for a pattern of `re`, one of RE2 that finds something wherever the first does, in linear time.

What RE2 has not (looks ahead and behind, references to groups) is left out, so that it can only find more. A text in
which it finds nothing need not be tried, and `re`, which tries a pattern at every place, takes fifty times as long.
RE2: Cox, Regular Expression Matching in the Wild, 2010.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, reduce
from operator import or_
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import re2

_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
# The end of a text is for `re` before its last line end, too.
_PLACES = {
    op.AT_BEGINNING: "^",
    op.AT_BEGINNING_STRING: r"\A",
    op.AT_BOUNDARY: r"\b",
    op.AT_NON_BOUNDARY: r"\B",
    op.AT_END: "(?m:$)",
    op.AT_END_STRING: r"\z",
}
# Of longer repetitions the end is not counted.
_MOST_COUNTED = 40
_OPTIONS = re2.Options()
_OPTIONS.never_capture, _OPTIONS.log_errors = True, False


class Wider:
    """Says of a text which of some patterns may match it, in one look at the text."""

    def __init__(self, patterns: Mapping[int, str]) -> None:
        """`patterns`: widened ones, each by a bit that stands for it."""
        self._bits = tuple(patterns)
        self._every = reduce(or_, self._bits)
        self._set = re2.Set.SearchSet(_OPTIONS)
        for pattern in patterns.values():
            self._set.Add(pattern)
        # Found in every text, unless RE2 has no memory left for its work: then it says that it finds nothing.
        self._always = self._set.Add("")
        self._set.Compile()
        self._last: tuple[str, int] | None = None

    def which(self, text: str) -> int:
        """Return the bits of the patterns that may match; of a text with other characters than printable ASCII each
        may, because other letters, digits and blanks are others for RE2.
        """
        if self._last is not None and self._last[0] is text:
            return self._last[1]
        encoded = _encoded(text)
        found = None if encoded is None else self._set.Match(encoded)
        which = self._every
        if found is not None and self._always in found:
            which = reduce(or_, [self._bits[place] for place in found if place != self._always], 0)
        self._last = text, which
        return which


def widened(pattern: str, flags: int) -> str:
    """Return a pattern of RE2 that finds something wherever one of `re` does."""
    parsed = _parser.parse(pattern, flags & ~re.UNICODE)
    return _of_nodes(parsed, flags | parsed.state.flags, True, True)


@lru_cache(8)
def _encoded(text: str) -> bytes | None:
    return text.encode() if text.isascii() and (text.isprintable() or text.replace("\n", "").isprintable()) else None


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
        return "(?m:^)" if value is op.AT_BEGINNING and flags & re.MULTILINE else _PLACES[value]
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


def _character(code: int) -> str:
    return rf"\x{{{code:x}}}"


def _member(kind: Any, value: Any) -> str:
    if kind is op.NEGATE:
        return "^"
    if kind is op.RANGE:
        return f"{_character(value[0])}-{_character(value[1])}"
    return _CATEGORIES[value] if kind is op.CATEGORY else _character(value)
