"""Tables in files: CSV, Excel and Parquet, read a row at a time with the row number that a person would see.

Comes in: a path. Goes out: the header and rows of cells. It does not know what the columns mean. A CSV may be UTF-8,
UTF-16 or Windows-1252 (or a mixture, as hand-merged exports are), with a byte-order mark or without, parted by
commas, semicolons, tabs or bars. A quote that is never closed costs its own row and not the rest of the file.
"""

import codecs
import csv
import io
import sys
from collections.abc import Iterator
from datetime import date, datetime
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from wordround.errors import FileUnreadable
from wordround.plain_text import one_line

Cell = str | int | float | date | datetime | None
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet")
_DELIMITERS = ",;\t|"
_HEAD_BYTES = 65_536

csv.field_size_limit(sys.maxsize)


class Row(NamedTuple):
    """A row as the file has it.

    `number` counts from 1 at the header; `problem` is set where it could not be cut into cells.
    """

    number: int
    cells: list[Cell]
    problem: str | None = None


class Table(NamedTuple):
    """A header (names on one line) and the rows below it; `notes` counts what was odd about the file."""

    header: list[str]
    rows: Iterator[Row]
    notes: dict[str, int]


def read_table(path: Path, file: BufferedReader) -> Table:
    """Read a table from an open file; the path only says which format it is.

    Raises FileUnreadable, naming the file and what to do.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise FileUnreadable(
            f"{path.name}: '{suffix}' is not a format that is read here. Use one of {', '.join(SUFFIXES)}."
        )
    file.seek(0, io.SEEK_END)
    if file.tell() == 0:
        raise FileUnreadable(f"{path.name}: the file is empty (0 bytes). Export it again.")
    file.seek(0)
    if suffix == ".parquet":
        return _read_parquet(path, file)
    if suffix in (".csv", ".tsv", ".txt"):
        return _read_csv(path, file)
    return _read_excel(path, file)


def _read_parquet(path: Path, file: BufferedReader) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        parquet = pq.ParquetFile(file)
    except pa.ArrowException as error:
        raise FileUnreadable(f"{path.name}: is not a Parquet file, or only part of one. Export it again.") from error

    def rows() -> Iterator[Row]:
        number = 1
        for batch in parquet.iter_batches(batch_size=10_000):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield Row(number, list(cells))

    return Table([one_line(name) for name in parquet.schema_arrow.names], rows(), {})


def _read_excel(path: Path, file: BufferedReader) -> Table:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(file)
        sheets = [workbook.get_sheet_by_index(i) for i in range(len(workbook.sheet_names))]
    except (CalamineError, OSError, ValueError) as error:
        raise FileUnreadable(
            f"{path.name}: cannot be opened as a workbook. If it has a password, save it without; else save it as CSV."
        ) from error
    filled = [sheet for sheet in sheets if sheet.height]
    if not filled:
        raise FileUnreadable(f"{path.name}: no sheet of the workbook holds anything.")
    lines = filled[0].iter_rows()
    # Sheets may begin below empty rows, which the reader leaves out: what a person sees is counted from the top.
    first = filled[0].start[0] + 1 if filled[0].start else 1
    header = [one_line(str(cell)) for cell in next(lines)]
    rows = (
        Row(number, [None if cell == "" else cell for cell in line]) for number, line in enumerate(lines, first + 1)
    )
    notes = {"further_sheets_not_read": len(filled) - 1} if len(filled) > 1 else {}
    return Table(header, (row for row in rows if any(cell is not None for cell in row.cells)), notes)


def _read_csv(path: Path, file: BufferedReader) -> Table:
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    encoding = _encoding(path, head)
    notes: dict[str, int] = {}
    # newline="" leaves line ends inside quoted cells to the CSV reader.
    lines = io.TextIOWrapper(file, encoding=encoding, errors=_ERRORS, newline="")
    delimiter = _delimiter(head.decode(encoding, errors="replace"))
    records = _records(lines, delimiter)
    header = next((row for row in records if any(row.cells)), None)
    if header is None:
        raise FileUnreadable(f"{path.name}: holds no header. Export it again.")
    rows = (row for row in records if row.problem or any(row.cells))
    return Table([one_line(str(cell)) for cell in header.cells], rows, notes)


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # A null inside a comment is dirt; in the header it says that this is no text.
    if b"\x00" in head.split(b"\n", 1)[0]:
        raise FileUnreadable(f"{path.name}: is not a text file. If it is a workbook, give it its own ending (.xlsx).")
    return "utf-8-sig"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read a byte that is not UTF-8 as Windows-1252, which is what British exports mean by it."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", errors="replace"), error.end


_ERRORS = "wordround_windows_1252"
codecs.register_error(_ERRORS, _as_windows_1252)


def _delimiter(head: str) -> str:
    """Return the delimiter that cuts the first record into the most cells."""
    widths = {sign: len(next(csv.reader(io.StringIO(head, newline=""), delimiter=sign), [])) for sign in _DELIMITERS}
    return max(widths, key=widths.__getitem__)


class _Remembered:
    """Lines of a file that keeps those of the record being read, so that a record can be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.of_record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.of_record.append(line)
        return line


def _records(lines: Iterator[str], delimiter: str, number: int = 0) -> Iterator[Row]:
    remembered = _Remembered(lines)
    for cells in csv.reader(remembered, delimiter=delimiter):
        number += 1
        record, remembered.of_record = remembered.of_record, []
        if len(record) > 1 and _never_closed(record, delimiter):
            # Everything to the end of the file went into one cell: only its first line is wrong.
            yield Row(number, [record[0].rstrip("\r\n")], "unclosed_quote")
            yield from _records(iter(record[1:]), delimiter, number)
            return
        yield Row(number, list(cells))


def _never_closed(record: list[str], delimiter: str) -> bool:
    """Say whether a record ends inside a quote.

    Read once more with a blank line after it: a closed one is then over.
    """
    again = csv.reader(iter([*record, "\n", "\n"]), delimiter=delimiter)
    next(again)
    return again.line_num > len(record)
