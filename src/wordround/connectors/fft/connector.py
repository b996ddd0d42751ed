"""Friends and Family Test files: a trust's export, one row a form (or one row an answer), any column names.

This module adds what is particular to the test: its scores, and what its questions ask for.
"""

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, partial
from itertools import product
from typing import ClassVar, get_args

from wordround.comments import Kind
from wordround.connectors.fft import Block, Layout
from wordround.connectors.fft.answers import SCORE_MAX, Score, question_type_of, read_score, score_words
from wordround.connectors.fft.modes import Mode, mode_words, read_mode
from wordround.connectors.files import forms
from wordround.connectors.files.cells import Cell
from wordround.connectors.files.forms import as_name
from wordround.connectors.files.meaning import spellings
from wordround.connectors.files.row_fields import CellUnusable, RowFields
from wordround.connectors.files.settings import QuestionType


class Reader(forms.Reader[Layout]):
    """Turns the rows of one file into comments by one layout."""

    source_name: ClassVar[str] = "fft"
    has_scores: ClassVar[bool] = True
    kind: Kind = "survey_answer"

    @cached_property
    def _same_kind(self) -> frozenset[str]:
        return _same_kind(self.layout)

    def _row_fields(self, cells: list[Cell]) -> RowFields:
        try:
            found = self._score(self._columns.with_error(cells, self.layout.score))
        except ValueError:
            raise CellUnusable(self.layout.score or "", "unknown_score") from None
        if found.note:
            self.notes[f"score_{found.note}"] += 1
        if found.contradicts:
            self.notes["score_number_contradicts_its_words"] += 1
        mode = self._mode(self._columns.with_error(cells, self.layout.mode))
        if mode.is_unknown:
            self.notes["mode_unknown"] += 1
        score_max = SCORE_MAX if found.score is not None else None
        return RowFields(found.score, score_max, found.note, collection_mode=mode.mode)

    @cached_property
    def _mode(self) -> Callable[[Cell], Mode]:
        return lru_cache(1_000)(partial(read_mode, words=mode_words(self.layout.mode_words)))

    @cached_property
    def _score(self) -> Callable[[Cell], Score]:
        words = score_words(self.layout.score_words)
        return lru_cache(1_000)(partial(read_score, direction=self.layout.score_direction, words=words))

    def _question_type(self, cells: list[Cell]) -> QuestionType:
        return question_type_of(as_name(self._columns.cell(cells, self.layout.question)))

    def _within(self, trust: str, row_id: str) -> str:
        return f"{trust}\x1f{row_id}"

    def _native_id(self, key: str, column: str, question_type: QuestionType | None) -> str:
        return _native_id(key, column, question_type, self._same_kind)


def is_score(cell: Cell) -> bool:
    """Whether a cell names a score of the test."""
    try:
        return read_score(cell).score is not None
    except ValueError:
        return False


def native_ids(source: Block, trust_codes: Iterable[str], row_id: str) -> set[str]:
    """Return every native id that an answer of this row can have, by any layout, in files of these trusts."""
    found = set()
    for layout, trust, named in product(source.layouts.values(), trust_codes, spellings(row_id)):
        key, same_kind = f"{trust}\x1f{named}", _same_kind(layout)
        for each in layout.text_columns:
            for question_type in (each.question_type,) if each.question_type else get_args(QuestionType):
                found.add(_native_id(key, each.column, question_type, same_kind))
    return found


def row_name(layout_name: str, row_id: str) -> str:
    """Return the name by which an erasure refers to a row with this id, the same in all layouts."""
    return row_id


def _native_id(key: str, column: str, question_type: QuestionType | None, same_kind: frozenset[str]) -> str:
    """The question type names an answer within its form; a second answer of the same type adds its column."""
    return f"{key}\x1f{question_type}" + (f"\x1f{column}" if column in same_kind else "")


def _same_kind(layout: Layout) -> frozenset[str]:
    kinds = [answer.question_type for answer in layout.answers]
    return frozenset(answer.column for i, answer in enumerate(layout.answers) if kinds[i] in kinds[:i])
