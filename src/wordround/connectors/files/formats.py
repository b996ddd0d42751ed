"""Tables in files: CSV, Excel, Parquet and JSON Lines, a row at a time, with the row numbers that a person sees."""

import codecs
import re
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

from wordround.connectors.files.cells import Cell, Row, Table, as_cell
from wordround.connectors.files.delimited import read_delimited
from wordround.connectors.files.headers import Wanted
from wordround.connectors.files.json_lines import read_json_lines
from wordround.connectors.files.workbooks import read_workbook
from wordround.errors import FileUnreadable
from wordround.plain_text import one_line

_DELIMITED = (".csv", ".tsv", ".txt")
_JSON_LINES = (".jsonl", ".ndjson")
TEXT = (*_DELIMITED, *_JSON_LINES)
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
SUFFIXES = (*_DELIMITED, *_WORKBOOKS, ".parquet", *_JSON_LINES)

_HEAD_BYTES = 4096
# How files begin that are no text, and the endings that such a file may have.
_MAGIC = {b"PK\x03\x04": _WORKBOOKS, b"\xd0\xcf\x11\xe0": (".xls", *_WORKBOOKS), b"PAR1": (".parquet",)}
_WIDE_TEXT = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:[!?]|html|table|head|body|meta|style)", re.IGNORECASE)

if TYPE_CHECKING:
    import pyarrow as pa

    from wordround.connectors.limits import FileLimits


def read_table(
    path: Path, file: BufferedReader, wanted: Wanted, limits: "FileLimits", sheet: int | None = None
) -> Table:
    """Read a table from an open file in this process; the path only says which format it is.

    wanted: sets of columns; the row is the header, and the sheet of a workbook chosen, that has all of one. sheet: the
    number of the sheet that is read, whatever its header. Everybody
    else reads by reading.read_table, which holds all limits. Raises FileUnreadable, naming the file and what to do, and
    UnexpectedColumns where several sheets could be meant.
    """
    suffix = format_of(path, file)
    file.seek(0)
    if suffix in _WORKBOOKS:
        return read_workbook(path, file, wanted, sheet)
    if sheet is not None:
        raise FileUnreadable(f"{path.name}: is no workbook and has no sheets. Leave --sheet out.")
    if suffix == ".parquet":
        return _read_parquet(path, file)
    if suffix in _DELIMITED:
        return read_delimited(path, file, limits.row_characters, wanted)
    return read_json_lines(path, file, limits.row_characters)


def format_of(path: Path, file: BufferedReader) -> str:
    """Return the ending (one of SUFFIXES) that an open file should have.

    Its first bytes say so, because systems give the ending of a workbook to text, and people one format that of
    another. Raises FileUnreadable for an ending that is none of SUFFIXES, an empty file, and a web page.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise FileUnreadable(
            f"{path.name}: '{suffix}' is not a format that is read here. Use one of {', '.join(SUFFIXES)}."
        )
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if not head:
        raise FileUnreadable(f"{path.name}: the file is empty (0 bytes). Export it again.")
    for magic, endings in _MAGIC.items():
        if head.startswith(magic):
            return suffix if suffix in endings else endings[0]
    if _MARKUP.match(head) and suffix not in _JSON_LINES:
        raise FileUnreadable(
            f"{path.name}: is a web page or XML and no table, whatever its ending, as some systems export them. Open "
            "it in a spreadsheet program and save it as .xlsx or CSV."
        )
    is_text = head.startswith(_WIDE_TEXT) or b"\0" not in head
    return _DELIMITED[0] if is_text and suffix not in TEXT else suffix


def _read_parquet(path: Path, file: BufferedReader) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    broken = f"{path.name}: is not a Parquet file, or only part of one, or damaged. Export it again."
    try:
        parquet = pq.ParquetFile(file)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise FileUnreadable(broken) from error
    nested = [pa.types.is_nested(field.type) for field in parquet.schema_arrow]

    def rows() -> Iterator[Row]:
        number = 1
        try:
            for batch in parquet.iter_batches(batch_size=10_000):
                columns = [
                    [None] * len(batch) if is_nested else _cells(column)
                    for column, is_nested in zip(batch.columns, nested, strict=True)
                ]
                for cells in zip(*columns, strict=True):
                    number += 1
                    yield Row(number, list(cells))
        except MemoryError:
            raise
        except (pa.ArrowException, OSError) as error:
            raise FileUnreadable(broken) from error

    header = [one_line(name) for name in parquet.schema_arrow.names]
    of_lists = frozenset(name.casefold() for name, is_nested in zip(header, nested, strict=True) if is_nested)
    return Table(header, rows(), {}, of_lists)


def _cells(column: "pa.Array") -> list[Cell]:
    import pyarrow as pa

    try:
        values = column.to_pylist()
    except UnicodeDecodeError:
        values = column.cast(pa.binary()).to_pylist()
    except (OverflowError, ValueError):
        # Python cannot hold this moment. As text it is an unreadable date, which rejects its own row alone.
        values = column.cast(pa.string()).to_pylist()
    return [as_cell(value) for value in values]
