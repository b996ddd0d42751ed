"""Workbooks (Excel, OpenDocument): the first sheet that holds anything, a row at a time.

The library keeps the rectangle of a sheet in memory, from the first to the last filled cell. A stray cell in the far
corner would take hundreds of gigabytes and end the process, so the size of the rectangle is checked first.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from wordround.connectors.files.cells import Row, Table, as_cell
from wordround.errors import FileUnreadable
from wordround.plain_text import one_line

_MOST_CELLS = 50_000_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_EXTENT = re.compile(rb'<dimension ref="[A-Z]{1,3}\d{1,7}:([A-Z]{1,3})(\d{1,7})"')
# A cell with something in it: one that is only formatted ends at once ("/>" or "></c>", as the program has it).
_FILLED = re.compile(rb'<c\s(?:[^<>]{0,200}\s)?r="([A-Z]{1,3})(\d{1,7})"[^<>]{0,200}(?<!/)>(?=[^<]|<[^/])')
_CHUNK, _OVERLAP = 1 << 20, 500


def read_workbook(path: Path, file: BufferedReader) -> Table:
    """Read a table from an open workbook.

    Raises FileUnreadable, naming the file and what to do.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    cannot = f"{path.name}: cannot be opened as a workbook. If it has a password, save it without; else save it as CSV."
    try:
        if zipfile.is_zipfile(file):
            _refuse_a_far_corner(path, file)
        file.seek(0)
        workbook = CalamineWorkbook.from_filelike(file)
        sheets = [workbook.get_sheet_by_index(i) for i in range(len(workbook.sheet_names))]
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise FileUnreadable(cannot) from error
    filled = [sheet for sheet in sheets if sheet.height]
    if not filled:
        raise FileUnreadable(f"{path.name}: no sheet of the workbook holds anything.")
    lines = filled[0].iter_rows()
    # The library leaves out empty rows above the table; the row numbers that a person sees count them.
    first = filled[0].start[0] + 1 if filled[0].start else 1
    header = [one_line(str(cell)) for cell in next(lines)]
    rows = (
        Row(number, [None if cell == "" else as_cell(cell) for cell in line])
        for number, line in enumerate(lines, first + 1)
    )
    notes = {"further_sheets_not_read": len(filled) - 1} if len(filled) > 1 else {}
    return Table(header, (row for row in rows if any(cell is not None for cell in row.cells)), notes)


def _refuse_a_far_corner(path: Path, file: BufferedReader) -> None:
    with zipfile.ZipFile(file) as parts:
        for name in filter(_SHEET.fullmatch, parts.namelist()):
            with parts.open(name) as sheet:
                head = sheet.read(4_096)
            extent = _EXTENT.search(head)
            if extent and _column(extent[1]) * int(extent[2]) <= _MOST_CELLS:
                continue
            right, bottom = 0, 0
            for letters, digits in _filled_places(parts, name):
                right, bottom = max(right, _column(letters)), max(bottom, int(digits))
            if right * bottom > _MOST_CELLS:
                raise FileUnreadable(
                    f"{path.name}: a sheet reaches to row {bottom} and column {right}, too far to be read: often a "
                    "stray cell. Delete the empty rows and columns around the table, or save the sheet as CSV."
                )


def _filled_places(parts: zipfile.ZipFile, name: str) -> Iterator[tuple[bytes, bytes]]:
    with parts.open(name) as sheet:
        rest = b""
        while chunk := sheet.read(_CHUNK):
            yield from _FILLED.findall(rest + chunk)
            rest = chunk[-_OVERLAP:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
