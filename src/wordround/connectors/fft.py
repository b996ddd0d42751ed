"""Friends and Family Test files: a trust's export, one row a form (or one row an answer), any column names.

Comes in: an open file, its column maps and what is known of the trusts. Goes out: comments, repeated answers and
rejected rows, in file order; together they are all the answers. It reads the file twice: first for how each trust
writes dates, then for the rows. It writes nothing and hashes no identifier.
"""

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from io import BufferedReader
from itertools import product
from pathlib import Path
from typing import NamedTuple, get_args

from wordround.comments import Comment, Rejected, Repeated
from wordround.connectors.cells import Cell, Row, written
from wordround.connectors.dates import DateEvidence, read_date
from wordround.connectors.fft_answers import SCORE_MAX, bare_words, is_no_answer, question_type, read_score
from wordround.connectors.layouts import choose_layout
from wordround.connectors.table_settings import DateOrder, FftSource, Layout, QuestionType
from wordround.connectors.tables import read_table
from wordround.connectors.terms import SourceTerms
from wordround.errors import FileUnreadable
from wordround.plain_text import one_line, plain

# A trust's own survey: no author is named, and a file is nobody who could be asked. The trust says who withdrew.
TERMS = SourceTerms(
    keeps_author_key=False,
    needs_locator=False,
    locator_days=0,
    may_quote_verbatim=True,
    is_social=False,
    reads="Friends and Family Test files (CSV, Excel, Parquet)",
)
Block = FftSource

Item = Comment | Rejected | Repeated


class _Form(NamedTuple):
    """What all answers of one row share."""

    key: str
    trust: str
    day: date
    score: int | None
    note: str | None
    locations: tuple[str | None, ...]


class Reader:
    """Turns the rows of one file into comments by one layout."""

    def __init__(self, path: Path, file: BufferedReader, source: FftSource, trust_code: str, today: date) -> None:
        """Read the header and the dates.

        Raises FileUnreadable or UnexpectedColumns before any row is taken.
        """
        self._path, self._file, self._source = path, file, source
        self._home_trust, self._today = trust_code, today
        table = read_table(path, _again(file))
        self.layout_name, self.layout = choose_layout(path.name, table.header, source.layouts)
        self.notes: Counter[str] = Counter(table.notes)
        self._width = len(table.header)
        self._named_width = max(i for i, name in enumerate(table.header, 1) if name)
        places = {name.casefold(): i for i, name in reversed(list(enumerate(table.header)))}
        self._place = {column: places[one_line(column).casefold()] for column in self.layout.columns}
        layout = self.layout
        self._answers: list[tuple[str, int, QuestionType | None]] = [
            (answer.column, self._place[answer.column], answer.question_type) for answer in layout.answers
        ]
        # What an answer asks for names it within its form; a second one that asks for the same has its column's name.
        self._same_kind = _same_kind(layout)
        if layout.answer:
            self._answers.append((layout.answer, self._place[layout.answer], None))
        self._further_no_answer = frozenset(bare_words(phrase) for phrase in source.no_answer)
        self._orders, self.row_count = self._read_orders(table.rows)
        self._days: dict[tuple[str, Cell], date | str] = {}
        self._seen: dict[str, int] = {}
        self._occurrences: Counter[bytes] = Counter()
        if not self.layout.id:
            self.notes["no_id_column_so_corrections_are_new_rows"] = 1

    @property
    def answers_per_row(self) -> int:
        """How many answers, and so comments, one row of the file holds."""
        return len(self.layout.answers) or 1

    @property
    def date_orders(self) -> dict[str, DateOrder]:
        """How each trust's ambiguous dates are read; `evidence` means that they go to quarantine."""
        return dict(self._orders)

    def items(self) -> Iterator[Item]:
        """Yield every answer of the file, as a comment, a repetition or part of a rejected row."""
        for row in read_table(self._path, _again(self._file)).rows:
            yield from self._row_items(row)

    def _read_orders(self, rows: Iterator[Row]) -> tuple[dict[str, DateOrder], int]:
        evidence: defaultdict[str, DateEvidence] = defaultdict(DateEvidence)
        count, date_place = 0, self._place[self.layout.date]
        trust_place = self._place[self.layout.trust] if self.layout.trust else None
        for row in rows:
            count += 1
            if self._fits(row):
                trust = self._home_trust if trust_place is None else _name(row.cells[trust_place])
                evidence[trust].add(row.cells[date_place])
        if not count:
            raise FileUnreadable(f"{self._path.name}: has a header and no rows. Export it again.")
        orders = {trust: found.order(self._source.date_order_of(trust)) for trust, found in evidence.items()}
        return orders, count

    def _row_items(self, row: Row) -> Iterator[Item]:
        cells = row.cells
        if not self._fits(row):
            # The cells of such a row may stand under the wrong names: none is kept, the row number finds it.
            reason = row.problem or "wrong_number_of_cells"
            yield Rejected(row.number, "(whole row)", reason, {}, self.answers_per_row)
            return
        form = self._read_form(row)
        if isinstance(form, Rejected):
            yield form
            return
        for column, place, asked in self._answers:
            yield self._answer(row, form, column, place, asked or self._question_type(cells))

    def _fits(self, row: Row) -> bool:
        """Say whether a row's cells stand under the header, once blank ones at its end are cut or added.

        Exports leave out the blank end of a row, or name no column above it.
        """
        cells = row.cells
        while len(cells) > self._width and cells[-1] in (None, ""):
            cells.pop()
        if self._named_width <= len(cells) < self._width:
            cells.extend([None] * (self._width - len(cells)))
        return not row.problem and len(cells) == self._width

    def _read_form(self, row: Row) -> _Form | Rejected:
        layout, cells = self.layout, row.cells
        trust = self._home_trust if not layout.trust else _name(self._cell(cells, layout.trust))
        if not trust:
            return self._reject(row, layout.trust or "", "missing_trust")
        dated = self._cell(cells, layout.date)
        day = self._days.get((trust, dated))
        if day is None:
            day = self._days[trust, dated] = self._read_day(trust, dated)
        if isinstance(day, str):
            return self._reject(row, layout.date, day, trust=trust)
        try:
            score, note = _score(self._cell(cells, layout.score)) if layout.score else (None, None)
        except ValueError:
            return self._reject(row, layout.score or "", "unknown_score", trust=trust)
        if note:
            self.notes[f"score_{note}"] += 1
        locations = tuple([_name(self._cell(cells, column)) or None for column in layout.locations])
        key = self._key(row, trust)
        if key is None:
            return self._reject(row, layout.id or "", "missing_id")
        return _Form(key, trust, day, score, note, locations)

    def _read_day(self, trust: str, dated: Cell) -> date | str:
        day = read_date(dated, self._orders[trust])
        if isinstance(day, date):
            if day > self._today:
                return "future_date"
            if day < self._source.earliest_date:
                return "date_too_early"
        return day

    def _question_type(self, cells: list[Cell]) -> QuestionType:
        return question_type(_name(self._cell(cells, self.layout.question)) if self.layout.question else None)

    def _answer(self, row: Row, form: _Form, column: str, place: int, asked: QuestionType) -> Item:
        text = plain(written(row.cells[place]))
        kept = None if is_no_answer(text, self._further_no_answer) else text
        native_id = self._native_id(form.key, asked, column)
        if self.layout.id:
            content = hash((form, kept))
            if (earlier := self._seen.setdefault(native_id, content)) != content:
                return self._reject(row, self.layout.id, "id_used_twice", 1, native_ids=(native_id,))
            if earlier is not content:
                return Repeated(row.number)
        return Comment(
            native_id=native_id,
            kind="survey_answer",
            posted_on=form.day,
            text=kept,
            trust_code=form.trust,
            row_number=row.number,
            form_id=self._form_id(row, form),
            question_type=asked,
            rating=form.score,
            rating_max=SCORE_MAX if form.score is not None else None,
            rating_note=form.note,
            locations=form.locations,
        )

    def _form_id(self, row: Row, form: _Form) -> str:
        """Return what names the filled-in form.

        The respondent column, else the row (an id of one answer is its own form).
        """
        given = self._cell(row.cells, self.layout.respondent) if self.layout.respondent else None
        return f"{form.trust}\x1f{given}" if given not in (None, "") else form.key

    def _key(self, row: Row, trust: str) -> str | None:
        """Return what names the row for ever: its id, or what it says and which of the equal rows it is."""
        if self.layout.id:
            given = written(self._cell(row.cells, self.layout.id)).strip()
            return f"{trust}\x1f{given}" if given else None
        content = _digest(*(written(self._cell(row.cells, column)) for column in self.layout.columns))
        self._occurrences[content] += 1
        return f"{content.hex()}\x1f{self._occurrences[content]}"

    def _cell(self, cells: list[Cell], column: str) -> Cell:
        return cells[self._place[column]]

    def _native_id(self, form_key: str, asked: QuestionType, column: str) -> str:
        return f"{form_key}\x1f{asked}" + (f"\x1f{column}" if column in self._same_kind else "")

    def _native_ids(self, row: Row, trust: str) -> tuple[str, ...]:
        """Return what would have named the answers of a row that is set aside, where the row has an id."""
        key = self._key(row, trust) if self.layout.id else None
        if key is None:
            return ()
        given = self._question_type(row.cells)
        return tuple(self._native_id(key, asked or given, column) for column, _, asked in self._answers)

    def _reject(
        self,
        row: Row,
        column: str,
        reason: str,
        answer_count: int | None = None,
        *,
        trust: str | None = None,
        native_ids: tuple[str, ...] = (),
    ) -> Rejected:
        layout = self.layout
        answers = (layout.answer, *(answer.column for answer in layout.answers))
        columns = (layout.date, layout.trust, *layout.locations, layout.score, layout.question, *answers)
        kept = {name: plain(written(self._cell(row.cells, name))) for name in columns if name}
        native_ids = self._native_ids(row, trust) if trust else native_ids
        return Rejected(row.number, column, reason, kept, answer_count or self.answers_per_row, native_ids)


def native_ids(source: FftSource, trust_codes: Iterable[str], row_id: str) -> set[str]:
    """Return every native id that an answer of this row can have, by any layout, in files of these trusts."""
    found = set()
    for layout, trust in product(source.layouts.values(), trust_codes):
        key, same_kind = f"{trust}\x1f{row_id}", _same_kind(layout)
        kinds = {(answer.question_type, answer.column) for answer in layout.answers}
        kinds |= {(asked, "") for asked in get_args(QuestionType)} if layout.answer else set()
        found |= {f"{key}\x1f{asked}" + (f"\x1f{column}" if column in same_kind else "") for asked, column in kinds}
    return found


def _same_kind(layout: Layout) -> set[str]:
    kinds = [answer.question_type for answer in layout.answers]
    return {answer.column for i, answer in enumerate(layout.answers) if kinds[i] in kinds[:i]}


def _digest(*parts: str) -> bytes:
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).digest()


@lru_cache(10_000)
def _name(cell: Cell) -> str:
    """Return a trust, a site or a service as it is kept, empty where the cell only says that there is none.

    Files hold few different ones.
    """
    name = one_line(written(cell))
    return "" if is_no_answer(name) else name


_score = lru_cache(1_000)(read_score)


def _again(file: BufferedReader) -> BufferedReader:
    """Return a second reader of an open file, from its start: the file, and not whatever now has its name."""
    second = os.fdopen(os.dup(file.fileno()), "rb")
    second.seek(0)
    return second
