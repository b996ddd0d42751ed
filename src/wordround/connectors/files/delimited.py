"""Delimited text (CSV and its kin): commas, semicolons, tabs or bars, by evidence or by Excel's `sep=` line.

A quote that is never closed spoils its own row and not the rest of the file.
"""

import csv
import io
import re
import sys
from collections.abc import Iterator
from io import BufferedReader
from itertools import chain, islice
from pathlib import Path

from wordround.connectors.files.cells import Row, Table
from wordround.connectors.files.headers import ROWS_SEARCHED, Wanted, fits, header_place
from wordround.connectors.files.text_files import CutLine, open_text
from wordround.errors import FileUnreadable
from wordround.plain_text import one_line

_DELIMITERS = ",;\t|"
_NAMED_DELIMITER = re.compile(r"\ufeff?sep=([,;\t|])\s", re.IGNORECASE)

_MOST_UNCLOSED_QUOTES = 20

csv.field_size_limit(sys.maxsize)


def read_delimited(path: Path, file: BufferedReader, longest: int, wanted: Wanted = ()) -> Table:
    """Read a table from an open text file; a row has at most `longest` characters; `wanted` as for `read_table`.

    Raises FileUnreadable, naming the file and what to do.
    """
    # newline="" leaves line ends inside quoted cells to the CSV reader.
    lines, start = open_text(path, file, "", longest)
    delimiter = _delimiter(start, wanted)
    records = _records(path, lines, longest, delimiter, _pads_quotes(start, delimiter, wanted))
    if _NAMED_DELIMITER.match(start):
        next(records)
    filled = (row for row in records if row.problem or any(row.cells))
    first = list(islice(filled, ROWS_SEARCHED))
    if not any(any(row.cells) for row in first):
        raise FileUnreadable(f"{path.name}: holds no header. Export it again.")
    place = header_place([row.cells for row in first], wanted)
    while not any(first[place].cells):
        place += 1
    header = [one_line(str(cell)) for cell in first[place].cells]
    return Table(header, chain(first[place + 1 :], filled), {"rows_above_the_header": place} if place else {})


def _delimiter(head: str, wanted: Wanted) -> str:
    """Return the delimiter that Excel's first line names, that makes a header, or that cuts the first row the most."""
    if named := _NAMED_DELIMITER.match(head):
        return named[1]
    first = {sign: _first_rows(head, sign) for sign in _DELIMITERS}
    widths = {
        sign: (any(fits(row, wanted) for row in rows), len(rows[0]) if rows else 0) for sign, rows in first.items()
    }
    return max(widths, key=widths.__getitem__)


def _first_rows(head: str, delimiter: str) -> list[list[str]]:
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    return list(islice((row for row in rows if any(row)), ROWS_SEARCHED))


def _pads_quotes(head: str, delimiter: str, wanted: Wanted) -> bool:
    """Whether a space stands between the delimiters and the quotes of cells, by how many rows fit the header."""
    above = header_place(_first_rows(head, delimiter), wanted)
    return _misfits(head, delimiter, True, above) < _misfits(head, delimiter, False, above)


def _misfits(head: str, delimiter: str, pads_quotes: bool, above: int) -> int:
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, skipinitialspace=pads_quotes)
    widths = [len(row) for row in rows if any(row)][above:]
    return sum(width != widths[0] for width in widths)


class _Remembered:
    """Lines of a file that keeps those of the current record, so that it can be read again.

    They end where a record grows too long: a quote that is never closed would keep the whole file.
    """

    def __init__(self, lines: Iterator[str], longest: int) -> None:
        self.lines, self._left, self._longest = lines, longest, longest
        self.of_record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._left = self._longest if not self.of_record else self._left
        if self._left < 0:
            raise StopIteration
        line = next(self.lines)
        self._left -= len(line)
        self.of_record.append(line)
        return line


def _records(path: Path, lines: Iterator[str], longest: int, delimiter: str, pads_quotes: bool) -> Iterator[Row]:
    number = unclosed = 0
    remembered: _Remembered | None = _Remembered(lines, longest)
    while remembered:
        reading, remembered = remembered, None
        for cells in csv.reader(reading, delimiter=delimiter, skipinitialspace=pads_quotes):
            number += 1
            record, reading.of_record = reading.of_record, []
            if len(record) > 1 and _never_closed(record, delimiter, pads_quotes):
                # Everything to the end of the file, or of what a row may have, went into one cell: only its first line
                # is wrong.
                unclosed += 1
                if unclosed > _MOST_UNCLOSED_QUOTES:
                    # Each one makes the rest of the file be read again.
                    raise FileUnreadable(
                        f"{path.name}: more than {_MOST_UNCLOSED_QUOTES} rows open a quote that is never closed, the "
                        f"last at row {number}. Export it again with every cell in quotes, or as a workbook."
                    )
                yield Row(number, [record[0].rstrip("\r\n")], "unclosed_quote")
                remembered = _Remembered(chain(record[1:], reading.lines), longest)
                break
            yield Row(number, [], "too_long") if CutLine in map(type, record) else Row(number, list(cells))


def _never_closed(record: list[str], delimiter: str, pads_quotes: bool) -> bool:
    """Whether a record ends inside a quote: then a blank line after it would still belong to it."""
    again = csv.reader(iter([*record, "\n", "\n"]), delimiter=delimiter, skipinitialspace=pads_quotes)
    next(again)
    return again.line_num > len(record)
