"""Cells and rows, the same for every file format; their meaning is the connectors' business."""

import math
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from wordround.plain_text import one_line

Cell = str | int | float | date | datetime | None

# Cells that are remembered: an id is read several times a row, and wards, dates and scores stand in many rows.
_CELLS_OF_SOME_ROWS = 1_000

# What Excel and LibreOffice write where a formula failed.
_ERROR = re.compile(
    r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!"
    r"|GETTING_DATA|EXTERNAL!|PYTHON!)|Err:\d{3}",
    re.IGNORECASE,
)
ERROR_WITHOUT_A_NAME = "#N/A"
# Programs that write for spreadsheets keep ="00100" as text; people type an apostrophe before it. One within the name
# may belong to it: 'A' Ward, 'Queen's Ward.
_AS_FORMULA = re.compile(r'=\+?"((?:[^"]|"")*)"')
_MARKED_AS_TEXT = re.compile(r"['\u2018\u2019`\u00b4]([^'\u2018\u2019`\u00b4]+)['\u2018\u2019`\u00b4]?")


class Row(NamedTuple):
    """A row of a file.

    `number` counts from 1 at the first line of the file or sheet. `problem` is set where the row could not be cut into
    cells. `filled`: places of cells that are blank in the file itself, and hold what stands for them.
    """

    number: int
    cells: list[Cell]
    problem: str | None = None
    filled: tuple[int, ...] = ()


class Sheet(NamedTuple):
    """A sheet of a workbook that holds anything: its number as a person counts, from 1, and its name on one line."""

    number: int
    name: str
    is_visible: bool


class Table(NamedTuple):
    """A header (names on one line) and the rows below it; `notes` counts oddities of the file.

    `nested`: columns (in lower case) that hold lists or records instead of cells; their cells are blank.
    `counts_from_1904`: whether a bare number that is a day counts from 1904, as in Excel's other date system.
    `sheet`: the number of the sheet that it is, of the `sheets` of a workbook.
    """

    header: list[str]
    rows: Iterator[Row]
    notes: dict[str, int]
    nested: frozenset[str] = frozenset()
    counts_from_1904: bool = False
    sheet: int | None = None
    sheets: tuple[Sheet, ...] = ()


def as_cell(value: object) -> Cell:
    """Return a value of a typed file as a cell, the same whichever format it came in.

    A whole number that was stored as a fraction (an id in a column with gaps) becomes whole; NaN, infinity: blank.
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if value is None or (isinstance(value, str | int | date) and not isinstance(value, bool)):
        return value
    return str(value)


def written(cell: Cell) -> str:
    """Return a cell as text; a blank one is empty, and a zero is not blank."""
    return "" if cell is None else str(cell)


def unwrapped(cell: Cell) -> Cell:
    """Return a cell without what only keeps a spreadsheet from reading it: `="00100"` is 00100."""
    if isinstance(cell, str) and "=" in cell and (formula := _AS_FORMULA.fullmatch(cell.strip())):
        return formula[1].replace('""', '"')
    return cell


@lru_cache(_CELLS_OF_SOME_ROWS, typed=True)
def name_in(cell: Cell) -> str:
    """Return what a cell names on one line, without the apostrophe that marks it as text in a spreadsheet."""
    name = one_line(written(unwrapped(cell)))
    marked = _MARKED_AS_TEXT.fullmatch(name)
    return marked[1].strip() if marked else name


@lru_cache(_CELLS_OF_SOME_ROWS, typed=True)
def value_in(cell: Cell) -> str:
    """Return what a cell says that holds a date, a score or an id: as `name_in`, full-width signs as the usual ones."""
    return unicodedata.normalize("NFKC", name_in(cell)).rstrip("'\u2019`\u00b4 ").strip()


def is_error(cell: Cell) -> bool:
    """Whether a cell holds the error of a formula instead of a value."""
    return isinstance(cell, str) and cell[:1] in ("#", "E", "e", " ") and bool(_ERROR.fullmatch(cell.strip()))
