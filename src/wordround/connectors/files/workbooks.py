"""Workbooks (Excel, OpenDocument): the first sheet that holds anything, a row at a time.

The library keeps the rectangle of a sheet in memory, from the first to the last filled cell: packed.py counts it first.
"""

from io import BufferedReader
from pathlib import Path

from wordround.connectors.files.cells import Row, Table, as_cell
from wordround.errors import FileUnreadable
from wordround.plain_text import one_line


def read_workbook(path: Path, file: BufferedReader) -> Table:
    """Read a table from an open workbook.

    Raises FileUnreadable, naming the file and what to do.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    cannot = f"{path.name}: cannot be opened as a workbook. If it has a password, save it without; else save it as CSV."
    try:
        file.seek(0)
        workbook = CalamineWorkbook.from_filelike(file)
        sheets = [workbook.get_sheet_by_index(i) for i in range(len(workbook.sheet_names))]
    except (CalamineError, OSError, ValueError) as error:
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
