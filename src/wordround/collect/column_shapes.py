"""What stands in the columns of a file: dates, scores, long texts, few values. Counted, and never repeated.

The names of a header are given only where the row is surely one, and each passes the door unchanged: in a file without
a header the first row may be what a patient wrote.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import NamedTuple

from wordround.collect.words import shown_header
from wordround.connectors.files.cells import Cell, Row, Table, value_in, written
from wordround.connectors.files.dates import read_date
from wordround.connectors.files.lettered import all_rows, width
from wordround.outcomes import Outcome
from wordround.plain_text import one_line

_LOOKED_AT = 1_000
# Of the filled cells of a column, how many have to be of a kind.
_MOST = 0.8
_LONGEST_NAME, _LONG_TEXT, _FEW_VALUES = 120, 30, 30


class ColumnShape(Outcome):
    """A column: its letter, its name where that may be shown, what it holds, and in how many rows.

    `read_as`: what it was recognised as; empty where it was not.
    """

    column: str
    name: str | None
    holds: str
    filled: int
    read_as: str


class Shapes(NamedTuple):
    """The columns of a table by place: names (None: no header says one), and values of the rows looked at.

    rows_above: how many rows stand above the first one with values: names, and titles of one cell.
    """

    names: list[str | None]
    values: list[list[Cell]]
    rows: int
    rows_above: int


def shapes(table: Table, date_place: int | None = None, answers: Collection[int] = ()) -> Shapes:
    """Return what the columns of a table hold.

    date_place, answers: the columns of the days and of what people wrote, where somebody has said which they are.
    """
    rows = list(islice(all_rows(table), _LOOKED_AT))
    columns = width(rows)
    fitting = [
        (number, _padded(row, columns))
        for number, row in enumerate(rows)
        if not row.problem and len(row.cells) <= columns
    ]
    if date_place is None or date_place >= columns:
        is_day, dated = (
            is_date,
            [place for place in range(columns) if _share(_column(fitting[1:], place), is_date) >= _MOST],
        )
    else:
        is_day, dated = partial(_is_day, counts_from_1904=table.counts_from_1904), [date_place]
    first = next((number for number, cells in fitting if any(is_day(cells[place]) for place in dated)), 1)
    below = [cells for number, cells in fitting if number >= first]
    values = [[cells[place] for cells in below] for place in range(columns)]
    above = [(number, cells) for number, cells in fitting if number < first] if dated else []
    header, rows_above = _above_values(above, values, answers)
    names = _names(header) if header else [None] * columns
    return Shapes(names, values, len(below), rows_above if dated else 1)


def holds(values: Sequence[Cell], is_score: Callable[[Cell], bool]) -> str:
    """Return in words what the cells of a column are, without any of them."""
    filled = [cell for cell in values if is_filled(cell)]
    if not filled:
        return "nothing"
    if _share(filled, is_date) >= _MOST:
        return "dates"
    distinct = {one_line(written(cell)).casefold() for cell in filled}
    if _share(filled, is_score) >= _MOST and len(distinct) <= _FEW_VALUES:
        return "scores"
    if sum(len(written(cell)) for cell in filled) / len(filled) >= _LONG_TEXT:
        return "long text"
    if len(distinct) == 1:
        return "one value"
    if len(distinct) <= _FEW_VALUES and 2 * len(distinct) <= len(filled):
        return f"few values: {len(distinct)} different ones"
    return "a value of its own in each row" if len(distinct) == len(filled) else "short text"


def is_date(cell: Cell) -> bool:
    """Whether a cell is written as a day, be there such a day or not; a bare number may be anything."""
    if isinstance(cell, int | float):
        return False
    day = read_date(cell, "day_first")
    return isinstance(day, date) or day == "impossible_date"


def _is_day(cell: Cell, counts_from_1904: bool) -> bool:
    """The same where somebody has said that days stand there: a number may be one."""
    return is_date(cell) or (
        isinstance(cell, int | float) and isinstance(read_date(cell, "day_first", counts_from_1904), date)
    )


def _above_values(
    above: Sequence[tuple[int, list[Cell]]], values: list[list[Cell]], answers: Collection[int]
) -> tuple[list[Cell] | None, int]:
    """Return the header among the numbered rows above the first day, and how many rows stand above those of values.

    They end at the header, or at the first row that is neither it nor a title: what follows is an answer without a day.
    """
    header = next((number for number, cells in above if _is_header(cells, values)), None)
    rows_above = 0
    for number, cells in above:
        is_above = number == rows_above and (header is None or number <= header)
        if not is_above or (number != header and not _is_title(cells, answers, header is not None)):
            break
        rows_above += 1
    return next((cells for number, cells in above if header == number < rows_above), None), rows_above


def _is_title(cells: list[Cell], answers: Collection[int], has_header: bool) -> bool:
    """Whether a row that names no columns is no answer: one cell, or few where a header follows and nobody answers."""
    filled = [place for place, cell in enumerate(cells) if is_filled(cell)]
    if len(filled) <= 1 and has_header:
        return True
    most = len(cells) // 2 if has_header else 1
    return len(filled) <= most and not set(filled) & set(answers)


def _is_header(cells: list[Cell], values: list[list[Cell]]) -> bool:
    """Whether a row is surely one of names, and none of values."""
    names = [one_line(written(cell)) for cell in cells]
    known = [{one_line(written(cell)).casefold() for cell in column if is_filled(cell)} for column in values]
    return sum(map(bool, names)) * 2 > len(names) and not any(
        is_date(name) or value_in(name).isdigit() or len(name) > _LONGEST_NAME or name.casefold() in known[place]
        for place, name in enumerate(names)
        if name
    )


def _names(header: list[Cell]) -> list[str | None]:
    """Return the names of a header, each that may be shown and stands once."""
    names = [one_line(written(cell)) for cell in header]
    bare = [name.casefold() for name in names]
    return [
        name if name and bare.count(name.casefold()) == 1 and shown_header(name) == name else None for name in names
    ]


def _share(cells: Sequence[Cell], is_kind: Callable[[Cell], bool]) -> float:
    filled = [cell for cell in cells if is_filled(cell)]
    return sum(map(is_kind, filled)) / len(filled) if filled else 0.0


def _column(rows: Sequence[tuple[int, list[Cell]]], place: int) -> list[Cell]:
    return [cells[place] for _, cells in rows]


def is_filled(cell: Cell) -> bool:
    """Whether a cell holds anything."""
    return bool(one_line(written(cell)))


def _padded(row: Row, columns: int) -> list[Cell]:
    return [*row.cells, *[None] * (columns - len(row.cells))]
