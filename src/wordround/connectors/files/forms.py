"""Forms: the rows of any table as comments, by a column map. Every source of tables shares this.

The reader yields comments, repeated answers and rejected rows, in file order; together they are all answers of the
file. It goes over the rows twice, first for the way in which each trust writes dates; a long file is read twice for it.
It writes nothing and hashes no identifier. The meaning of a source's cells, and the ids of its answers, come from its
own connector.
"""

import os
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from typing import ClassVar, Generic, NamedTuple, cast, get_args

from wordround.comments import Comment, Kind, Rejected, Repeated
from wordround.connectors.files.cells import Cell, Row, Table, is_error, name_in, unwrapped, written
from wordround.connectors.files.columns import Columns
from wordround.connectors.files.days import Days
from wordround.connectors.files.layouts import choose_layout
from wordround.connectors.files.meaning import is_rounded, row_id, text_key
from wordround.connectors.files.no_answer import bare_words, is_no_answer
from wordround.connectors.files.places import Places, key_of_place, read_place
from wordround.connectors.files.reading import read_table
from wordround.connectors.files.row_fields import CellUnusable, RowFields
from wordround.connectors.files.row_keys import RowKey, RowKeys
from wordround.connectors.files.settings import DateOrder, LayoutType, QuestionType, TableSource
from wordround.errors import FileUnreadable
from wordround.plain_text import plain

Item = Comment | Rejected | Repeated

# Rows that are kept from the first look for the second: at most about 100 MB.
_MOST_CELLS_KEPT, _MOST_CHARACTERS_KEPT = 1_000_000, 16_000_000


class _Answer(NamedTuple):
    """One answer of a row; without a text where nothing was answered."""

    column: str
    question_type: QuestionType | None
    text: str | None


class _Form(NamedTuple):
    """What all answers of one row have in common."""

    key: RowKey
    trust: str
    day: date
    fields: RowFields
    locations: tuple[str | None, ...]


class Reader(ABC, Generic[LayoutType]):
    """Turns the rows of one file into comments by one layout."""

    source_name: ClassVar[str]
    # Whether ratings are scores of the Friends and Family Test, so that words can be compared with them.
    has_scores: ClassVar[bool] = False

    def __init__(
        self,
        path: Path,
        file: BufferedReader,
        source: TableSource,
        trust_code: str,
        today: date,
        expect: Callable[[Iterable[str]], None] | None = None,
    ) -> None:
        """Read the header and the dates.

        expect: is given what stands in the cells of answers, of so many rows as are kept from the first look.
        Raises FileUnreadable or UnexpectedColumns before any row is taken.
        """
        self._path, self._file, self._source = path, file, source
        self._home_trust = trust_code
        self._wanted = source.wanted
        table = self._table()
        # The block of a source has layouts of the type that its reader is declared with.
        layouts = cast(Mapping[str, LayoutType], source.layouts_for(table.header, path.name))
        self.layout_name, self.layout = choose_layout(self.source_name, path.name, table, layouts)
        self.sheet = table.sheet
        self._columns = Columns(table.header, self.layout)
        self._keys = RowKeys(self.layout, self._columns, self._within)
        self._days = Days(source, today, table.counts_from_1904)
        self._answers = [
            (each.column, self._columns.place[each.column], each.question_type) for each in self.layout.text_columns
        ]
        self._further_no_answer = frozenset(bare_words(phrase) for phrase in source.no_answer)
        self._kept: deque[Row] | None = deque()
        self.row_count = self._look_at_days(table.rows, expect)
        # Those of the table are whole now that its rows were read.
        self.notes: Counter[str] = Counter(table.notes)
        self.notes.update(self._unread(table.header))
        self._seen: dict[str, int] = {}
        self._places = Places(self._columns, self.layout.locations, self.notes)
        if not self.layout.id:
            self.notes["no_id_column_so_corrections_are_new_rows"] = 1

    @property
    @abstractmethod
    def kind(self) -> Kind:
        """The kind of every comment of the file."""

    @abstractmethod
    def _row_fields(self, cells: list[Cell]) -> RowFields:
        """Return what a row holds beside its answers. Raises CellUnusable."""

    @abstractmethod
    def _question_type(self, cells: list[Cell]) -> QuestionType | None:
        """Return what an answer was asked for, for columns that do not say it."""

    @abstractmethod
    def _within(self, trust: str, row_id: str) -> str:
        """Return the key of a row's id, unique among all ids of the source."""

    @abstractmethod
    def _native_id(self, key: str, column: str, question_type: QuestionType | None) -> str:
        """Return the lasting id of one answer of a row."""

    def _unread(self, header: list[str]) -> Mapping[str, int]:
        """Return notes on columns of the file that are not read."""
        return {}

    @property
    def source(self) -> TableSource:
        """The settings by which the file is read."""
        return self._source

    @property
    def answers_per_row(self) -> int:
        """How many answers, and so comments, one row of the file holds."""
        return len(self._answers)

    @property
    def date_orders(self) -> dict[str, DateOrder]:
        """How each trust's ambiguous dates are read; `evidence` means that they go to quarantine."""
        return self._days.orders

    def items(self) -> Iterator[Item]:
        """Yield every answer of the file, as a comment, a repetition or part of a rejected row.

        The notes are whole once all were taken.
        """
        for row in self._rows():
            yield from self._row_items(row)
        self._places.count_spellings()

    def _rows(self) -> Iterator[Row]:
        kept, self._kept = self._kept, None
        if kept is None:
            yield from self._table().rows
        while kept:
            yield kept.popleft()

    def _table(self) -> Table:
        table = read_table(self._path, again(self._file), self._wanted, self._source.limits, self._source.sheet)
        return self._source.in_own_terms(table)

    @property
    def look_alikes(self) -> list[tuple[str, ...]]:
        """Native ids that no row should have: they would differ from that of one of the file in leading noughts alone.

        One group for each row that was looked after.
        """
        by_row = (None, *get_args(QuestionType))
        return [
            tuple(one for key in keys for asked in by_row for one in self._answer_ids(key, asked))
            for keys in self._keys.look_alikes
        ]

    def _look_at_days(self, rows: Iterator[Row], expect: Callable[[Iterable[str]], None] | None) -> int:
        """Read how each trust writes its days, and keep the rows where these are not too many; return their number."""
        count = cells = characters = 0
        places = [place for _, place, _ in self._answers]
        for row in rows:
            count += 1
            if self._kept is not None:
                self._kept.append(row)
                cells += len(row.cells)
                characters += sum([len(cell) for cell in row.cells if isinstance(cell, str)])
                if cells > _MOST_CELLS_KEPT or characters > _MOST_CHARACTERS_KEPT:
                    self._kept = None
            if self._columns.fits(row):
                if expect and self._kept is not None:
                    expect([cell for place in places if isinstance(cell := row.cells[place], str) and cell])
                self._days.add(self._trust(row.cells), self._columns.cell(row.cells, self.layout.date))
        if not count:
            raise FileUnreadable(f"{self._path.name}: has a header and no rows. Export it again.")
        return count

    def _row_items(self, row: Row) -> Iterator[Item]:
        if not self._columns.fits(row):
            # Its cells may stand under the wrong names, so none is kept; the row number is enough to find it.
            reason = row.problem or "wrong_number_of_cells"
            yield Rejected(row.number, "(whole row)", reason, {}, self.answers_per_row)
            return
        trust = self._trust(row.cells)
        answers = [self._read_answer(row.cells, *each) for each in self._answers]
        try:
            form = self._read_form(row, trust, answers)
        except CellUnusable as unusable:
            native_ids = self._native_ids(row, trust) if trust else ()
            yield self._reject(row, unusable.column, unusable.reason, self.answers_per_row, native_ids)
            return
        for answer in answers:
            yield self._item(row, form, answer)

    def _trust(self, cells: list[Cell]) -> str:
        """Return the trust of a row; empty where its cell names none, as for places."""
        if not self.layout.trust:
            return self._home_trust
        return read_place(self._columns.with_error(cells, self.layout.trust)).name or ""

    def _read_answer(self, cells: list[Cell], column: str, place: int, question_type: QuestionType | None) -> _Answer:
        cell = unwrapped(cells[place])
        if is_error(cell):
            self.notes["error_cell_in_place_of_an_answer"] += 1
            cell = None
        text = plain(written(cell))
        asked = question_type or self._question_type(cells)
        return _Answer(column, asked, None if is_no_answer(text, self._further_no_answer) else text)

    def _read_form(self, row: Row, trust: str, answers: list[_Answer]) -> _Form:
        layout, cells, cell = self.layout, row.cells, self._columns.cell
        if not trust:
            raise CellUnusable(layout.trust or "", "missing_trust")
        dated = cell(cells, layout.date)
        day = self._days.read(trust, dated)
        if isinstance(day, str):
            raise CellUnusable(layout.date, day)
        fields = self._row_fields(cells)
        locations = self._places.read(cells)
        key = (
            self._keys.by_id(row, trust)
            if layout.id
            else self._keys.by_meaning(row, trust, self._meaning_of(day, fields, locations, answers))
        )
        if key is None:
            raise CellUnusable(layout.id or "", "missing_id")
        if layout.id and is_rounded(row_id(self._columns.cell(cells, layout.id))):
            raise CellUnusable(layout.id, "rounded_id")
        return _Form(key, trust, day, fields, locations)

    def _meaning_of(
        self, day: date, fields: RowFields, locations: tuple[str | None, ...], answers: list[_Answer]
    ) -> Iterator[str]:
        """Yield what tells a row without an id from others. A note on a score is notation: the score is what counts."""
        yield day.isoformat()
        yield "" if fields.rating is None else str(fields.rating)
        yield text_key(fields.title or "")
        for part in (fields.site_code, fields.author_role, fields.language, *locations):
            yield key_of_place(part)
        for answer in answers:
            # A column that is added to the layout later changes the keys of the rows that have something in it.
            if answer.text is not None:
                yield self._native_id("", answer.column, answer.question_type)
                yield text_key(answer.text)

    def _item(self, row: Row, form: _Form, answer: _Answer) -> Item:
        text, title = answer.text, form.fields.title
        if text is None:
            # A title without a text is the comment.
            text, title = title, None
        native_id = self._native_id(form.key.key, answer.column, answer.question_type)
        if self.layout.id:
            content = hash((form.day, form.fields, form.locations, text))
            if (earlier := self._seen.setdefault(native_id, content)) != content:
                return self._reject(row, self.layout.id, "id_used_twice", 1, (native_id,))
            if earlier is not content:
                return Repeated(row.number)
        return self._comment(row, form, native_id, (title, text), answer)

    def _comment(
        self, row: Row, form: _Form, native_id: str, words: tuple[str | None, str | None], answer: _Answer
    ) -> Comment:
        (title, text), fields = words, form.fields
        return Comment(
            native_id=native_id,
            former_ids=tuple([self._native_id(key, answer.column, answer.question_type) for key in form.key.former]),
            kind=self.kind,
            posted_on=form.day,
            text=text,
            trust_code=form.trust,
            row_number=row.number,
            form_id=self._form_id(row, form),
            question_type=answer.question_type,
            rating=fields.rating,
            rating_max=fields.rating_max,
            rating_note=fields.rating_note,
            locations=form.locations,
            title=title,
            language=fields.language,
            site_code=fields.site_code,
            author_role=fields.author_role,
            collection_mode=fields.collection_mode,
            country=fields.country,
        )

    def _form_id(self, row: Row, form: _Form) -> str:
        """Return the id of the filled-in form: its respondent, else its row."""
        if not self.layout.respondent:
            return form.key.key
        respondent = row_id(self._columns.cell(row.cells, self.layout.respondent))
        return self._within(form.trust, respondent) if respondent else form.key.key

    def _native_ids(self, row: Row, trust: str) -> tuple[str, ...]:
        """Return the ids that the answers of a rejected row would have had; none for a row without an id."""
        key = self._keys.by_id(row, trust) if self.layout.id else None
        if key is None:
            return ()
        by_row = self._question_type(row.cells)
        return tuple(one for each in (key.key, *key.former) for one in self._answer_ids(each, by_row))

    def _answer_ids(self, key: str, by_row: QuestionType | None) -> Iterator[str]:
        for column, _, by_column in self._answers:
            yield self._native_id(key, column, by_column or by_row)

    def _reject(
        self, row: Row, column: str, reason: str, answer_count: int, native_ids: tuple[str, ...] = ()
    ) -> Rejected:
        kept = {column: plain(written(self._columns.cell(row.cells, column))) for column in self.layout.kept_columns}
        return Rejected(row.number, column, reason, kept, answer_count, native_ids)


@lru_cache(10_000)
def as_name(cell: Cell) -> str:
    """Return the name of a trust, a site or a service; empty where the cell only means "none"."""
    name = name_in(cell)
    return "" if is_no_answer(name) else name


def again(file: BufferedReader) -> BufferedReader:
    """Return a second reader of the same open file, from its start; its name may belong to another file by now."""
    second = os.fdopen(os.dup(file.fileno()), "rb")
    second.seek(0)
    return second
