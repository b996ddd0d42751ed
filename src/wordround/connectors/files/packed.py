"""What a packed workbook (xlsx, xlsm, ods, xlsb) holds, counted before a library reads it.

The libraries believe what a workbook says of itself; here its parts and cells are counted as they are.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BufferedReader
from typing import TYPE_CHECKING

from wordround.connectors import MEGABYTE
from wordround.connectors.files.workbook_marks import column_number
from wordround.errors import FileBeyondLimits

if TYPE_CHECKING:
    from wordround.connectors.limits import FileLimits

_MOST_PARTS = 10_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_COLUMN, _ROW = re.compile(rb'\br="([A-Z]{1,3})\d'), re.compile(rb'<(?:\w+:)?row\s[^<>]{0,200}?\br="(\d{1,7})"')
# A cell with something in it: one that is only formatted ends at once ("/>" or "></c>", as the program has it).
_FILLED = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]{0,200}\s)?r="([A-Z]{1,3})(\d{1,7})"[^<>]{0,200}(?<!/)>(?=[^<]|<[^/])')
_CHUNK, _OVERLAP = 1 << 20, 500


def refuse_beyond_limits(name: str, file: BufferedReader, limits: "FileLimits") -> None:
    """Raise FileBeyondLimits where the parts of a workbook, or the cells of one of its sheets, are too many.

    A file that is no archive passes. Raises zipfile.BadZipFile and OSError for a broken one.
    """
    file.seek(0)
    if not zipfile.is_zipfile(file):
        return
    with zipfile.ZipFile(file) as parts:
        entries = parts.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > _MOST_PARTS:
            raise FileBeyondLimits(
                f"{name}: has {len(entries):,} parts, more than the {_MOST_PARTS:,} that a workbook may have. Save the "
                "sheet as CSV."
            )
        if unpacked > limits.unpacked_megabytes * MEGABYTE:
            raise FileBeyondLimits(
                f"{name}: unpacks to {len(entries):,} parts of {unpacked / MEGABYTE:,.0f} megabytes, more than limits."
                f"unpacked_megabytes ({limits.unpacked_megabytes:,}) allows. Save the sheet as CSV, or raise it."
            )
        for sheet in filter(_SHEET.fullmatch, parts.namelist()):
            _refuse_a_far_corner(name, parts, sheet, limits)


def _refuse_a_far_corner(name: str, parts: zipfile.ZipFile, sheet: str, limits: "FileLimits") -> None:
    """Refuse a sheet whose rectangle is too large, which the library keeps in memory. Its `dimension` may lie."""
    columns, bottom = set[bytes](), 0
    for piece in _pieces(parts, sheet):
        columns.update(_COLUMN.findall(piece))
        bottom = max(bottom, max(map(int, _ROW.findall(piece)), default=0))
    # Cells that are only formatted are among these: where they are few enough, nothing has to be looked at.
    if max(map(column_number, columns), default=0) * bottom <= limits.cells:
        return
    right = bottom = 0
    for piece in _pieces(parts, sheet):
        for letters, digits in _FILLED.findall(piece):
            right, bottom = max(right, column_number(letters)), max(bottom, int(digits))
    if right * bottom > limits.cells:
        raise FileBeyondLimits(
            f"{name}: a sheet reaches to row {bottom} and column {right}, too far to be read: often a stray cell. "
            "Delete the empty rows and columns around the table, or save the sheet as CSV. The limit is limits.cells "
            f"({limits.cells:,})."
        )


def _pieces(parts: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part in pieces; what two of them share is seen twice."""
    with parts.open(name) as part:
        rest = b""
        while chunk := part.read(_CHUNK):
            yield rest + chunk
            rest = chunk[-_OVERLAP:]
