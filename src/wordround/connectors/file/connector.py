"""Any table with a column map: surveys, complaints, enquiries, reviews, exports of other tools.

The layout alone decides the meaning of a cell: the scale of a rating, the role of an author, the question. A word that
the layout does not explain has no meaning, and is counted in the notes.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product
from typing import Any, ClassVar, TypeVar

from wordround.comments import POSTED, Comment, Kind
from wordround.connectors.asking import texts
from wordround.connectors.file import AuthorRole, Block, Layout, unread
from wordround.connectors.file.column_maps import FittedLayout
from wordround.connectors.files import forms
from wordround.connectors.files.cells import Cell, is_error, value_in, written
from wordround.connectors.files.forms import as_name
from wordround.connectors.files.meaning import spellings
from wordround.connectors.files.no_answer import is_no_answer
from wordround.connectors.files.row_fields import CellUnusable, RowFields
from wordround.connectors.files.settings import QuestionType
from wordround.countries import code_of
from wordround.plain_text import one_line

_ROLES: Mapping[str, AuthorRole] = {
    "patient": "patient",
    "carer": "carer",
    "staff": "staff",
    "organisation": "organisation",
}
# 4, 4.0, 4/5, 4 out of 5, 4 stars, 4 - Satisfied
_RATING = re.compile(
    r"(-?\d{1,6})(?:[.,]0+)?(?:\s*(?:/|out of|of)\s*(\d{1,6}))?(?:\s*(?:stars?|points?))?(?:\s*[-.:)]\s+\D.*)?",
    re.IGNORECASE,
)
# A longer cell is no rating in any wording: cells have moved.
_LONGEST_RATING = 40
# BCP 47, as far as exports go: en, en-GB, zh-Hant-TW
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}", re.IGNORECASE)

Meaning = TypeVar("Meaning")


class Reader(forms.Reader[Layout]):
    """Turns the rows of one file into comments by one layout."""

    source_name: ClassVar[str] = "file"

    @property
    def kind(self) -> Kind:
        """The kind of every comment of the file, by its layout."""
        return self.layout.kind

    def _unread(self, header: list[str]) -> Mapping[str, int]:
        return unread.notes(header, self.layout.columns) if isinstance(self.layout, FittedLayout) else {}

    @cached_property
    def _roles(self) -> dict[str, AuthorRole]:
        return _by_word({**_ROLES, **self.layout.author_roles})

    @cached_property
    def _question_types(self) -> dict[str, QuestionType]:
        return _by_word(self.layout.question_types)

    @cached_property
    def _rating_words(self) -> dict[str, int]:
        return _by_word(self.layout.rating_words)

    def _row_fields(self, cells: list[Cell]) -> RowFields:
        layout, cell = self.layout, self._columns.cell
        rating, note = self._rating(self._columns.with_error(cells, layout.rating))
        if note:
            self.notes[f"rating_{note}"] += 1
        if self._question_types:
            self._meaning(cell(cells, layout.question), self._question_types, "question_not_in_question_types")
        title = one_line(written(cell(cells, layout.title)))
        return RowFields(
            rating=rating,
            rating_max=layout.rating_max if rating is not None else None,
            rating_note=note,
            title=None if is_no_answer(title) else title,
            site_code=as_name(cell(cells, layout.site_code)) or None,
            author_role=self._meaning(cell(cells, layout.author_role), self._roles, "author_role_not_in_author_roles"),
            language=self._language(cell(cells, layout.language)),
            country=self._country(cell(cells, layout.country)),
        )

    def _question_type(self, cells: list[Cell]) -> QuestionType | None:
        question_type = self._question_types.get(_word(self._columns.cell(cells, self.layout.question)))
        # A survey always asks something.
        return question_type or ("nonspecific" if self.layout.kind == "survey_answer" else None)

    def _within(self, trust: str, row_id: str) -> str:
        # Each layout is an export of another system, and each system counts from 1.
        return _within(self.layout_name, trust, row_id)

    def _native_id(self, key: str, column: str, question_type: QuestionType | None) -> str:
        return _native_id(self.layout, key, column)

    def _rating(self, cell: Cell) -> tuple[int | None, str | None]:
        """Return the rating, or a note on why there is none; neither for a blank cell. Raises CellUnusable."""
        words, layout = value_in(cell), self.layout
        if is_error(cell):
            return None, "error_cell"
        if is_no_answer(words) or layout.rating is None or layout.rating_max is None:
            return None, None
        if len(words) > _LONGEST_RATING:
            raise CellUnusable(layout.rating, "unknown_rating")
        meant = self._rating_words.get(_word(cell))
        match = _RATING.fullmatch(words) if meant is None else None
        if match and match[2] in (None, str(layout.rating_max)):
            meant = int(match[1])
        if meant is None:
            return None, "unknown"
        return (meant, None) if layout.rating_min <= meant <= layout.rating_max else (None, "out_of_range")

    def _meaning(self, cell: Cell, words: Mapping[str, Meaning], note: str) -> Meaning | None:
        word = _word(cell)
        if word and word not in words:
            self.notes[note] += 1
        return words.get(word)

    def _language(self, cell: Cell) -> str | None:
        code = as_name(cell).replace("_", "-")
        if code and not _LANGUAGE.fullmatch(code):
            self.notes["language_is_no_code"] += 1
            return None
        return code or None

    def _country(self, cell: Cell) -> str | None:
        """Return the code of a country; None for a blank cell, and for what names none, which is noted."""
        named = as_name(cell)
        if named and code_of(named) is None:
            self.notes["country_is_no_country"] += 1
        return code_of(named)

    def _comment(self, *of_answer: Any) -> Comment:
        """As of every table. What is posted says by its hashtags what it belongs to, and links to pages."""
        made = super()._comment(*of_answer)
        if made.text is None or self.kind not in POSTED:
            return made
        links = texts.domains_of(texts.links_in(made.text))
        return made._replace(hashtags=texts.hashtags_in(made.text), link_domains=links)


def is_score(cell: Cell) -> bool:
    """Whether a cell could be a rating, whatever its scale."""
    return bool(_RATING.fullmatch(value_in(cell)))


def native_ids(source: Block, trust_codes: Iterable[str], row_id: str) -> set[str]:
    """Return every native id that a comment of this row can have, in files of these trusts.

    `row_id`: the id in the file, for every layout; with the name of a layout in front (`pals:2026-17`), for that one.
    """
    layouts = source.all_layouts()
    named = {(name, row_id) for name in layouts}
    layout_name, _, bare_id = row_id.partition(":")
    if layout_name in layouts:
        named.add((layout_name, bare_id))
    return {
        _native_id(layouts[name], _within(name, trust, spelling), each.column)
        for (name, named_id), trust in product(named, trust_codes)
        for spelling in spellings(named_id)
        for each in layouts[name].text_columns
    }


def row_name(layout_name: str, row_id: str) -> str:
    """Return the name by which an erasure refers to a row with this id."""
    return f"{layout_name}:{row_id}"


def _within(layout_name: str, trust: str, row_id: str) -> str:
    return f"{layout_name}\x1f{trust}\x1f{row_id}"


def _native_id(layout: Layout, key: str, column: str) -> str:
    """The only text of a row has the row's key; one of several adds its column, not its question type."""
    return f"{key}\x1f{layout.answer_name(column)}" if layout.texts else key


def _word(cell: Cell) -> str:
    return as_name(cell).casefold()


def _by_word(words: Mapping[str, Meaning]) -> dict[str, Meaning]:
    return {_word(word): meaning for word, meaning in words.items()}
