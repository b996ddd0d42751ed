"""The meaning of the answers of the Friends and Family Test: scores and questions.

Score codes and wordings: NHS England, Friends and Family Test guidance (April 2020). Code 7 and the dirt were measured
in real exports, see docs/sources/fft.md.
"""

import re

from wordround.connectors.files.cells import Cell
from wordround.connectors.files.no_answer import is_no_answer
from wordround.connectors.files.settings import QuestionType
from wordround.plain_text import one_line

SCORE_MAX = 6
UNDOCUMENTED_SCORE = 7
_SCORES = {
    "very good": 1,
    "good": 2,
    "neither good nor poor": 3,
    "poor": 4,
    "very poor": 5,
    "don't know": 6,
    "dont know": 6,
    "do not know": 6,
}
_SCORES_BEFORE_APRIL_2020 = {
    "extremely likely": 1,
    "likely": 2,
    "neither likely nor unlikely": 3,
    "unlikely": 4,
    "extremely unlikely": 5,
}
_NUMBERED = re.compile(r"([1-7])(?:[.,]0+)?(?:\s*[-.:)]\s*(.*))?")

_ASKS_FOR_BETTER = re.compile(r"improve|better|differen|change|bad|wrong|not so good|worst", re.IGNORECASE)
_ASKS_FOR_GOOD = re.compile(r"\bgood|\bwell\b|\blike|\bbest|positive", re.IGNORECASE)


def question_type_of(wording: str | None) -> QuestionType:
    """Return what a follow-up question asks for, from its wording."""
    if wording and _ASKS_FOR_BETTER.search(wording) and not _asks_for_both(wording):
        return "could_improve"
    if wording and _ASKS_FOR_GOOD.search(wording) and not _asks_for_both(wording):
        return "what_good"
    return "nonspecific"


def _asks_for_both(wording: str) -> bool:
    return bool(_ASKS_FOR_BETTER.search(wording) and _ASKS_FOR_GOOD.search(wording))


def read_score(cell: Cell) -> tuple[int | None, str | None]:
    """Return the score (1 very good to 5 very poor, 6 don't know) and a note, None where there is none.

    A blank cell has no score. Code 7 occurs in real exports and in no code list: it gives a note and no score. Raises
    ValueError for anything else.
    """
    if cell is None:
        return None, None
    written = one_line(str(cell)).lower().replace("\u2019", "'")
    if is_no_answer(written):
        return None, None
    if numbered := _NUMBERED.fullmatch(written):
        code = int(numbered[1])
        return (None, "undocumented_code") if code == UNDOCUMENTED_SCORE else (code, None)
    if written in _SCORES:
        return _SCORES[written], None
    if written in _SCORES_BEFORE_APRIL_2020:
        return _SCORES_BEFORE_APRIL_2020[written], "before_april_2020"
    raise ValueError("unknown score")
