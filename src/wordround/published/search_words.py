"""The language of the search: words, "phrases", beginnings (park*), AND, OR, NOT (or -rude) and parentheses.

What somebody typed becomes a condition of SQL that is made of fixed parts, and patterns that go into it as parameters.
Words are whole ones; case, accents and the kind of apostrophe make no difference, and placeholders (<name>) are no
words. Patterns are RE2's, which DuckDB and the highlighting share: none takes longer than its text is long.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import cast

import re2
from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

LONGEST, LONGEST_WORD, MOST_TERMS = 300, 50, 20

_GRAMMAR = r"""
?start: either
either: both (OR both)*
both: part (AND? part)*
?part: (NOT | MINUS) part -> left_out
     | "(" either ")"
     | PHRASE -> term
     | WORD -> term
PHRASE: /["“”„][^"“”„]*["“”„]/
WORD.-1: /[^\s()"“”„]+/
AND.1: /AND(?![^\s()"“”„])/
OR.1: /OR(?![^\s()"“”„])/
NOT.1: /NOT(?![^\s()"“”„])/
MINUS.1: /(?<![^\s(])[-–−](?=["“”„(\w])/
%ignore /\s+/
"""

_APOSTROPHES = "'’‘`´ʼ′"
_PIECE = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*\*?")
# Of Latin script alone: with the letters of all scripts a pattern grows a hundredfold, and some searches take minutes.
_LETTER = "0-9A-Za-zÀ-ÖØ-öø-ɏ"
_BETWEEN = f"[^{_LETTER}]+"
# What stands before and after a word. A placeholder's own brackets do not.
_BEFORE, _AFTER = f"(?:^|[^{_LETTER}<])", f"(?:$|[^{_LETTER}>])"
_ACCENTED = range(0xC0, 0x250)


class SearchUnreadable(Exception):
    """What was typed cannot be read as a search. `says`: why, in one sentence, without what was typed."""

    def __init__(self, says: str) -> None:
        self.says = says
        super().__init__(says)


@dataclass(frozen=True)
class SearchWords:
    """A search as it was read.

    condition: SQL over `comments.comment_text`, `true` where nothing was typed. parameters: patterns by the names that
    it uses. marked: the pattern of what is looked for and not left out, whose groups are the words; None where nothing
    is.
    """

    condition: str = "true"
    parameters: tuple[tuple[str, str], ...] = ()
    marked: str | None = None


EVERYTHING = SearchWords()


@dataclass(frozen=True)
class _Term:
    pattern: str


@dataclass(frozen=True)
class _Not:
    part: "_Part"


@dataclass(frozen=True)
class _Several:
    parts: tuple["_Part", ...]
    is_any: bool


_Part = _Term | _Not | _Several


def read(typed: str) -> SearchWords:
    """Read what somebody typed. Raises SearchUnreadable."""
    typed = unicodedata.normalize("NFC", "".join(c if c.isprintable() else " " for c in typed)).strip()
    if not typed:
        return EVERYTHING
    if len(typed) > LONGEST:
        raise SearchUnreadable(f"The search is longer than {LONGEST} characters; use fewer words.")
    try:
        found = cast(_Part, _parser().parse(typed))
    except UnexpectedInput as error:
        raise SearchUnreadable(_why(error)) from None
    return _Condition().of(found)


def marks(words: SearchWords, text: str) -> list[tuple[int, int]]:
    """Where the words that were looked for stand in a text, in order and apart from each other."""
    if words.marked is None:
        return []
    pattern, place, found = re2.compile(words.marked), 0, []
    while (match := pattern.search(text, place)) is not None:
        start, end = next(span for span in map(match.span, range(1, match.re.groups + 1)) if span[0] >= 0)
        found.append((start, end))
        place = end
    return found


class _Condition:
    """Gathers the patterns of a search while its condition is written."""

    def __init__(self) -> None:
        self._patterns: list[str] = []
        self._marked: list[str] = []
        self._term_count = 0

    def of(self, part: _Part) -> SearchWords:
        """The whole search. Raises SearchUnreadable where it has too many words."""
        condition = self._written(part, is_looked_for=True)
        named = tuple((f"word_{place}", pattern) for place, pattern in enumerate(self._patterns))
        return SearchWords(condition, named, "|".join(self._marked) or None)

    def _written(self, part: _Part, is_looked_for: bool) -> str:
        if isinstance(part, _Not):
            return f"not ({self._written(part.part, not is_looked_for)})"
        if isinstance(part, _Term):
            return self._matched([part], is_looked_for)
        terms = [each for each in part.parts if isinstance(each, _Term)]
        if part.is_any and len(terms) > 1:
            # One look at a text for all of them.
            rest = [self._written(each, is_looked_for) for each in part.parts if not isinstance(each, _Term)]
            return f"({' or '.join([self._matched(terms, is_looked_for), *rest])})"
        joint = " or " if part.is_any else " and "
        return f"({joint.join(self._written(each, is_looked_for) for each in part.parts)})"

    def _matched(self, terms: list[_Term], is_looked_for: bool) -> str:
        self._term_count += len(terms)
        if self._term_count > MOST_TERMS:
            raise SearchUnreadable(f"The search has more than {MOST_TERMS} words and phrases; use fewer.")
        self._patterns.append("|".join(term.pattern for term in terms))
        if is_looked_for:
            self._marked += [term.pattern for term in terms]
        return f"regexp_matches(comments.comment_text, $word_{len(self._patterns) - 1})"


class _Parts(Transformer[Token, _Part]):
    """From what the grammar found to its parts."""

    def term(self, found: list[Token]) -> _Part:
        return _Term(_pattern(str(found[0])))

    def left_out(self, found: list[Token | _Part]) -> _Part:
        return _Not(_without_operators(found)[0])

    def either(self, found: list[Token | _Part]) -> _Part:
        parts = _without_operators(found)
        return parts[0] if len(parts) == 1 else _Several(parts, is_any=True)

    def both(self, found: list[Token | _Part]) -> _Part:
        parts = _without_operators(found)
        return parts[0] if len(parts) == 1 else _Several(parts, is_any=False)


def _without_operators(found: list[Token | _Part]) -> tuple[_Part, ...]:
    return tuple(each for each in found if not isinstance(each, Token))


def _why(error: UnexpectedInput) -> str:
    """What is wrong with a search, in one sentence."""
    if isinstance(error, UnexpectedCharacters):
        return "A quotation mark is not closed."
    met = error.token.type if isinstance(error, UnexpectedToken) else ""
    if met == "$END" and isinstance(error, UnexpectedToken) and "RPAR" in error.accepts:
        return "A bracket is not closed."
    if met == "RPAR":
        return "A bracket is closed that was not opened, or there is no word before it."
    return "Words are missing before or after AND, OR or NOT; to find one of these words, write it in small letters."


def _pattern(typed: str) -> str:
    """The pattern of a word or phrase; its group is what is highlighted."""
    pieces = _PIECE.findall(typed)
    if any(len(piece) > LONGEST_WORD for piece in pieces):
        raise SearchUnreadable(f"A word has more than {LONGEST_WORD} letters; type its beginning and a star.")
    if pieces:
        return f"{_BEFORE}({_BETWEEN.join(map(_piece, pieces))}){_AFTER}"
    # An emoji, or another sign.
    sign = typed.strip('"“”„ *')
    if not sign:
        raise SearchUnreadable("There is no word between quotation marks, or before a star.")
    return f"({re2.escape(sign)})"


def _piece(piece: str) -> str:
    is_beginning = piece.endswith("*")
    letters = "".join(map(_letter, piece.rstrip("*")))
    return f"{letters}[{_LETTER}]*" if is_beginning else letters


@cache
def _letter(letter: str) -> str:
    """The pattern of one letter: with any accent, in either case."""
    if letter in _APOSTROPHES:
        return f"[{_APOSTROPHES}]"
    base = _base(letter) or letter
    alike = {letter, base, base.lower(), base.upper(), *_accented().get(base.lower(), ())}
    return f"[{''.join(sorted(each for each in alike if len(each) == 1))}]"


@cache
def _accented() -> dict[str, list[str]]:
    """Latin letters with an accent, by the letter without."""
    found: dict[str, list[str]] = {}
    for letter in map(chr, _ACCENTED):
        if base := _base(letter):
            found.setdefault(base.lower(), []).append(letter)
    return found


def _base(letter: str) -> str | None:
    """The Latin letter without its accents; None where it has none or is no such letter."""
    first, *rest = list(unicodedata.normalize("NFD", letter))
    return first if rest and first.isascii() and first.isalpha() and all(map(unicodedata.combining, rest)) else None


@cache
def _parser() -> Lark:
    # The parts are made as they are read, so that no nesting is too deep.
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Parts())
