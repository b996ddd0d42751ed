"""The meaning of the answers of the Friends and Family Test: scores and questions.

Score codes and wordings: NHS England, Friends and Family Test guidance (April 2020). Code 7 and the dirt were measured
in real exports, see docs/sources/fft.md.
"""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from wordround.connectors.fft import ScoreDirection
from wordround.connectors.files.cells import Cell, is_error, value_in
from wordround.connectors.files.no_answer import bare_words, is_no_answer
from wordround.connectors.files.settings import QuestionType

SCORE_MAX = 6
_BEST, _WORST = 1, 5
_UNDOCUMENTED = 7
# Compared as `bare_words`, so without case, spaces and punctuation.
_SCORES = {
    "verygood": 1,
    "good": 2,
    "neithergoodnorpoor": 3,
    "neither": 3,
    "poor": 4,
    "verypoor": 5,
    "dontknow": 6,
    "donotknow": 6,
}
_SCORES_BEFORE_APRIL_2020 = {
    "extremelylikely": 1,
    "likely": 2,
    "neitherlikelynorunlikely": 3,
    "neitherlikelyorunlikely": 3,
    "unlikely": 4,
    "extremelyunlikely": 5,
}
_NOT_GIVEN = frozenset("prefernottosay prefernottoanswer rathernotsay declinedtosay declined refused".split())
# A number, alone or at one end of a wording: 1, 1., 01, 1.0, "1 - Very good", "Very good (1)".
_NUMBER = re.compile(r"[([]?0*(\d+)(?:[.,]0*)?[)\]]?")
_NUMBER_FIRST = re.compile(rf"{_NUMBER.pattern}(?:\s*[-\u2013\u2014.:)=]\s*|\s+)(\D.*)")
_NUMBER_LAST = re.compile(rf"(.*\D)(?:\s*[-\u2013\u2014:=]\s*|\s+|(?=[(\d])){_NUMBER.pattern}")
# "1 - Excellent" is 1 though nobody documents the word; "3 nights", "1-5" and "09:05" are no scores.
_LABELLED = re.compile(r"[([]?\d+\s*[-\u2013\u2014.:)\]=]\D+")
# A longer cell is no score in any wording: cells have moved.
_LONGEST_SCORE = 40

_ASKS_FOR_BETTER = re.compile(r"improve|better|differen|change|bad|wrong|not so good|worst", re.IGNORECASE)
_ASKS_FOR_GOOD = re.compile(r"\bgood|\bwell\b|\blike|\bbest|positive", re.IGNORECASE)


Words = Mapping[str, int]
_NO_WORDS: Words = MappingProxyType({})


class Score(NamedTuple):
    """The meaning of a score cell. `contradicts`: its number and its words mean different scores."""

    score: int | None
    note: str | None = None
    contradicts: bool = False


def question_type_of(wording: str | None) -> QuestionType:
    """Return what a follow-up question asks for, from its wording."""
    if wording and _ASKS_FOR_BETTER.search(wording) and not _asks_for_both(wording):
        return "could_improve"
    if wording and _ASKS_FOR_GOOD.search(wording) and not _asks_for_both(wording):
        return "what_good"
    return "nonspecific"


def _asks_for_both(wording: str) -> bool:
    return bool(_ASKS_FOR_BETTER.search(wording) and _ASKS_FOR_GOOD.search(wording))


def read_score(cell: Cell, direction: ScoreDirection = "1_is_best", words: Words = _NO_WORDS) -> Score:
    """Return what a cell says: a score (1 very good to 5 very poor, 6 don't know), or a note on why it has none.

    words: what a layout makes of its own wordings, keyed by `bare_words`. A wording counts for more than the number
    beside it. A blank cell has neither score nor note. Raises ValueError for a cell that is too long for a score.
    """
    if cell is None:
        return Score(None)
    if is_error(cell):
        return Score(None, "error_cell")
    if isinstance(cell, date):
        # "1-5" and "3/4", where a spreadsheet took them for days, and cells that have moved.
        return Score(None, "unknown")
    wording = value_in(cell)
    if len(wording) > _LONGEST_SCORE:
        raise ValueError("no score")
    meant = words.get(bare_words(wording))
    if meant is not None:
        return Score(meant)
    if is_no_answer(wording):
        return Score(None)
    number, named_by = _parts(wording)
    code, named = _code(number, direction), _named(named_by, words)
    if named is None:
        is_number = code is not None and (not named_by or bool(_LABELLED.fullmatch(wording)))
        return _numbered(code) if is_number else Score(None, "unknown")
    if code is not None and code != named.score:
        return named._replace(contradicts=True)
    return named


def score_words(words: Mapping[str, int]) -> Words:
    """Return the wordings of a layout in the form in which cells are compared with them."""
    return {bare_words(word): score for word, score in words.items()}


def _parts(wording: str) -> tuple[int | None, str]:
    """Return the number and the words of a cell."""
    if alone := _NUMBER.fullmatch(wording):
        return int(alone[1]), ""
    if first := _NUMBER_FIRST.fullmatch(wording):
        return int(first[1]), first[2]
    if last := _NUMBER_LAST.fullmatch(wording):
        return int(last[2]), last[1]
    return None, wording


def _code(number: int | None, direction: ScoreDirection) -> int | None:
    if number is None:
        return None
    is_turned = direction == "5_is_best" and _BEST <= number <= _WORST
    return _BEST + _WORST - number if is_turned else number


def _named(wording: str, words: Words) -> Score | None:
    bare = bare_words(wording)
    if bare in words:
        return Score(words[bare])
    if bare in _SCORES:
        return Score(_SCORES[bare])
    if bare in _SCORES_BEFORE_APRIL_2020:
        return Score(_SCORES_BEFORE_APRIL_2020[bare], "before_april_2020")
    return Score(None, "preferred_not_to_say") if bare in _NOT_GIVEN else None


def _numbered(code: int | None) -> Score:
    if code == _UNDOCUMENTED:
        return Score(None, "undocumented_code")
    return Score(code) if code in range(_BEST, SCORE_MAX + 1) else Score(None, "unknown")
