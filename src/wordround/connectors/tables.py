"""Tables in files: CSV, Excel and Parquet, read a row at a time with the row number that a person would see.

Comes in: a path. Goes out: the header and rows of cells. It does not know what the columns mean. A CSV may be UTF-8,
UTF-16 or Windows-1252 (or a mixture, as hand-merged exports are), with a byte-order mark or without, parted by
commas, semicolons, tabs or bars. A quote that is never closed costs its own row and not the rest of the file.
"""

import codecs
import csv
import io
import re
import sys
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

from wordround.connectors.cells import Cell, Row, Table, as_cell
from wordround.connectors.workbooks import read_workbook
from wordround.errors import FileUnreadable
from wordround.plain_text import one_line

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet")
_DELIMITERS = ",;\t|"
_HEAD_BYTES = 65_536
_NAMED_DELIMITER = re.compile(r"\ufeff?sep=([,;\t|])\s", re.IGNORECASE)

_MOST_UNCLOSED_QUOTES = 20

csv.field_size_limit(sys.maxsize)

if TYPE_CHECKING:
    import pyarrow as pa


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
    return read_workbook(path, file)


def _read_parquet(path: Path, file: BufferedReader) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    broken = f"{path.name}: is not a Parquet file, or only part of one, or damaged. Export it again."
    try:
        parquet = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise FileUnreadable(broken) from error
    for field in parquet.schema_arrow:
        if pa.types.is_nested(field.type):
            raise FileUnreadable(
                f"{path.name}: column {one_line(field.name)[:60]!r} holds lists or records. Write it as text, or leave "
                "it out."
            )

    def rows() -> Iterator[Row]:
        number = 1
        try:
            for batch in parquet.iter_batches(batch_size=10_000):
                for cells in zip(*map(_cells, batch.columns), strict=True):
                    number += 1
                    yield Row(number, list(cells))
        except (pa.ArrowException, OSError) as error:
            raise FileUnreadable(broken) from error

    return Table([one_line(name) for name in parquet.schema_arrow.names], rows(), {})


def _cells(column: "pa.Array") -> list[Cell]:
    import pyarrow as pa

    try:
        values = column.to_pylist()
    except UnicodeDecodeError:
        values = column.cast(pa.binary()).to_pylist()
    except (OverflowError, ValueError):
        # A moment that Python has no date for: as text it is a date that nobody can read, and costs its own row.
        values = column.cast(pa.string()).to_pylist()
    return [as_cell(value) for value in values]


def _read_csv(path: Path, file: BufferedReader) -> Table:
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    encoding = _encoding(path, head)
    notes: dict[str, int] = {}
    # newline="" leaves line ends inside quoted cells to the CSV reader.
    lines = io.TextIOWrapper(file, encoding=encoding, errors=_ERRORS, newline="")
    start = head.decode(encoding, errors="replace")
    delimiter = _delimiter(start)
    records = _records(path, lines, delimiter)
    if _NAMED_DELIMITER.match(start):
        next(records)
    header = next((row for row in records if any(row.cells)), None)
    if header is None:
        raise FileUnreadable(f"{path.name}: holds no header. Export it again.")
    rows = (row for row in records if row.problem or any(row.cells))
    return Table([one_line(str(cell)) for cell in header.cells], rows, notes)


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[1:64:2].count(0) > 16 and 0 not in head[:64:2]:
        return "utf-16-le"
    if head[:64:2].count(0) > 16 and 0 not in head[1:64:2]:
        return "utf-16-be"
    # A null inside a comment is dirt; in the header it says that this is no text.
    if b"\x00" in head.replace(b"\r", b"\n").lstrip(b"\n").split(b"\n", 1)[0]:
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
    """Return the delimiter that cuts the first record into the most cells, or that Excel's first line names."""
    if named := _NAMED_DELIMITER.match(head):
        return named[1]
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


def _records(path: Path, lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    number = unclosed = 0
    remembered: _Remembered | None = _Remembered(lines)
    while remembered:
        reading, remembered = remembered, None
        for cells in csv.reader(reading, delimiter=delimiter):
            number += 1
            record, reading.of_record = reading.of_record, []
            if len(record) > 1 and _never_closed(record, delimiter):
                # Everything to the end of the file went into one cell: only its first line is wrong.
                unclosed += 1
                if unclosed > _MOST_UNCLOSED_QUOTES:
                    # Each costs a reading of all that is left.
                    raise FileUnreadable(
                        f"{path.name}: more than {_MOST_UNCLOSED_QUOTES} rows open a quote that is never closed, the "
                        f"last at row {number}. Export it again with every cell in quotes, or as a workbook."
                    )
                yield Row(number, [record[0].rstrip("\r\n")], "unclosed_quote")
                remembered = _Remembered(iter(record[1:]))
                break
            yield Row(number, list(cells))


def _never_closed(record: list[str], delimiter: str) -> bool:
    """Say whether a record ends inside a quote.

    Read once more with a blank line after it: a closed one is then over.
    """
    again = csv.reader(iter([*record, "\n", "\n"]), delimiter=delimiter)
    next(again)
    return again.line_num > len(record)
