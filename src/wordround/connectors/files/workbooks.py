"""Workbooks (Excel, OpenDocument): the sheet whose header fits, a row at a time.

The library keeps the rectangle of a sheet in memory, from the first to the last filled cell: packed.py counts it first.
"""

import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from wordround.connectors.files.cells import ERROR_WITHOUT_A_NAME, Cell, Row, Sheet, Table, as_cell
from wordround.connectors.files.headers import ROWS_SEARCHED, Wanted, fits, header_place
from wordround.connectors.files.workbook_marks import Marks, counts_from_1904, read_marks
from wordround.errors import FileUnreadable, UnexpectedColumns
from wordround.plain_text import one_line

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

CANNOT = (
    "{}: cannot be opened as a workbook. If it has a password, save it without; if it is only part of one, or damaged, "
    "export it again; else save it as CSV."
)


class _Sheet(NamedTuple):
    """A sheet that holds anything, its place in the workbook, and its header with the rows above it (both from 0)."""

    place: int
    sheet: "CalamineSheet"
    is_visible: bool
    header: list[str]
    rows_above: int

    @classmethod
    def of(cls, place: int, sheet: "CalamineSheet", is_visible: bool, wanted: Wanted) -> "_Sheet":
        """Look for the header among the first rows."""
        rows = list(islice(sheet.iter_rows(), ROWS_SEARCHED))
        above = header_place(rows, wanted)
        return cls(place, sheet, is_visible, [one_line(str(cell)) for cell in rows[above]], above)

    @property
    def shown(self) -> str:
        """The sheet as a person finds it; its name is what somebody wrote."""
        hidden = "" if self.is_visible else ", hidden"
        return f"sheet {self.place + 1} ('{UnexpectedColumns.NAME}'{hidden})"


def read_workbook(path: Path, file: BufferedReader, wanted: Wanted = (), number: int | None = None) -> Table:
    """Read a table from an open workbook; `wanted` as for `read_table`. Its notes are whole once its rows were read.

    number: of the sheet that is read, whichever header fits.

    Raises FileUnreadable, naming the file and what to do, and UnexpectedColumns where several sheets could be meant.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        is_zip = zipfile.is_zipfile(file)
        file.seek(0)
        workbook = CalamineWorkbook.from_filelike(file)
        filled = [
            _Sheet.of(number, sheet, about.visible == SheetVisibleEnum.Visible, wanted)
            for number, about in enumerate(workbook.sheets_metadata)
            if about.typ == SheetTypeEnum.WorkSheet and (sheet := workbook.get_sheet_by_index(number)).height
        ]
        if not filled:
            raise FileUnreadable(f"{path.name}: no sheet of the workbook holds anything.")
        chosen = _choose(path, filled, wanted) if number is None else _named(path, filled, number)
        marks = read_marks(file, chosen.place) if is_zip else Marks()
        from_1904 = is_zip and counts_from_1904(file)
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise FileUnreadable(CANNOT.format(path.name)) from error
    notes = Counter(
        further_sheets_not_read=len(filled) - 1,
        sheet_was_chosen_by_its_header=int(number is None and chosen is not filled[0]),
        hidden_sheet_was_read=int(not chosen.is_visible),
        rows_above_the_header=sum(any(row) for row in islice(chosen.sheet.iter_rows(), chosen.rows_above)),
    )
    notes = +notes
    rows = _rows(chosen, marks, notes)
    sheets = tuple(Sheet(one.place + 1, one_line(one.sheet.name), one.is_visible) for one in filled)
    return Table(chosen.header, rows, notes, counts_from_1904=from_1904, sheet=chosen.place + 1, sheets=sheets)


def _named(path: Path, filled: "list[_Sheet]", number: int) -> "_Sheet":
    """Return the sheet that somebody has named by its number."""
    found = next((one for one in filled if one.place + 1 == number), None)
    if found is None:
        numbers = ", ".join(str(one.place + 1) for one in filled)
        raise FileUnreadable(f"{path.name}: sheet {number} holds nothing, or there is none. Those that do: {numbers}.")
    return found


def _choose(path: Path, filled: "list[_Sheet]", wanted: Wanted) -> "_Sheet":
    """Return the first sheet that people see where its header fits or none does, else the only one that fits."""
    first = next((one for one in filled if one.is_visible), filled[0])
    fitting = [one for one in filled if fits(one.header, wanted)]
    if first in fitting or not fitting:
        return first
    if len(fitting) > 1:
        raise UnexpectedColumns(
            f"{path.name}: no layout fits the first sheet, and {len(fitting)} others could be meant: "
            f"{', '.join(one.shown for one in fitting)}. Nothing was read. Move the right one to the front, or save it "
            "as a file of its own.",
            [one_line(one.sheet.name) for one in fitting],
        )
    return fitting[0]


def _rows(chosen: _Sheet, marks: Marks, notes: Counter[str]) -> Iterator[Row]:
    """Yield the rows below the header that hold anything, and count what is odd about them in `notes`.

    A merged cell stands in each of its rows; a row that has no other cell is none.
    """
    # The library leaves out empty rows and columns before the table; the numbers that a person sees count them.
    sheet = chosen.sheet
    top, left = sheet.start or (0, 0)
    header = top + chosen.rows_above
    errors, merged = defaultdict[int, list[int]](list), defaultdict[int, list[tuple[int, int]]](list)
    for place, column in marks.error_cells:
        errors[place].append(column - left)
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        if header < first < last:
            merged[first].append((column - left, last))
    standing: dict[int, tuple[int, Cell]] = {}
    for place, line in enumerate(sheet.iter_rows(), top):
        cells: list[Cell] = [None if cell == "" else as_cell(cell) for cell in line]
        filled: list[int] = []
        for column in errors.get(place, ()):
            if 0 <= column < len(cells):
                cells[column] = ERROR_WITHOUT_A_NAME
                filled.append(column)
        if place <= header or all(cell is None for cell in cells):
            continue
        for column, (last, value) in standing.items():
            if place <= last and cells[column] is None:
                cells[column] = value
                filled.append(column)
                notes["cells_filled_from_merged_cells"] += 1
        standing |= {
            column: (last, cells[column]) for column, last in merged.get(place, ()) if 0 <= column < len(cells)
        }
        notes["hidden_rows_were_read"] += place + 1 in marks.hidden_rows
        yield Row(place + 1, cells, None, tuple(filled))
