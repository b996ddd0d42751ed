"""Marks in an xlsx workbook that its library does not read: hidden rows, cells with errors, the date system.

They are looked for in the XML as bytes, a piece at a time, because a sheet may have millions of cells and few marks.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BufferedReader
from pathlib import PurePosixPath
from typing import NamedTuple

_CHUNK, _LONGEST_TAG = 1 << 20, 1_000
_MOST_BYTES_OF_A_LIST = 4 << 20
_MARKS = (b'hidden="', b't="e"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^<>]*\bhidden="(?:1|true)")[^<>]*?\br="(\d{1,7})"')
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\s(?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_DATES_FROM_1904 = re.compile(rb'<(?:\w+:)?workbookPr\s[^<>]*\bdate1904="(?:1|true|on)"')
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


class Marks(NamedTuple):
    """Rows that are hidden (their numbers, from 1), and cells with an error (row and column, from 0)."""

    hidden_rows: frozenset[int] = frozenset()
    error_cells: frozenset[tuple[int, int]] = frozenset()


def counts_from_1904(file: BufferedReader) -> bool:
    """Whether the days of a workbook are counted from 1904."""
    with zipfile.ZipFile(file) as parts:
        return bool(_DATES_FROM_1904.search(_part(parts, "xl/workbook.xml")))


def read_marks(file: BufferedReader, sheet: int) -> Marks:
    """Return the marks of the sheet at this place in the workbook, none where its part is not found."""
    with zipfile.ZipFile(file) as parts:
        name = _name_of(parts, sheet)
        if name not in parts.namelist():
            return Marks()
        hidden: set[int] = set()
        errors: set[tuple[int, int]] = set()
        for piece in _pieces(parts, name):
            hidden.update(int(row) for row in _HIDDEN_ROW.findall(piece))
            errors.update((int(row) - 1, column_number(column) - 1) for column, row in _ERROR_CELL.findall(piece))
        return Marks(frozenset(hidden), frozenset(errors))


def column_number(letters: bytes) -> int:
    """Return the number of a column, from 1 for A."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _pieces(parts: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield the pieces of a part that hold a mark; what two of them share is seen twice."""
    with parts.open(name) as part:
        rest = b""
        while chunk := part.read(_CHUNK):
            piece = rest + chunk
            if any(mark in piece for mark in _MARKS):
                yield piece
            rest = piece[-_LONGEST_TAG:]


def _name_of(parts: zipfile.ZipFile, sheet: int) -> str | None:
    sheets = [dict(_ATTRIBUTE.findall(tag)) for tag in _SHEET.findall(_part(parts, "xl/workbook.xml"))]
    relations = [dict(_ATTRIBUTE.findall(tag)) for tag in _RELATION.findall(_part(parts, "xl/_rels/workbook.xml.rels"))]
    targets = {one.get(b"Id"): one.get(b"Target", b"").decode("utf-8", "replace") for one in relations}
    if sheet >= len(sheets):
        return None
    key = next((value for name, value in sheets[sheet].items() if name == b"id" or name.endswith(b":id")), None)
    target = targets.get(key)
    return str(PurePosixPath("/xl") / target)[1:] if target else None


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    """Return the start of a part that lists others; empty where there is none."""
    if name not in parts.namelist():
        return b""
    with parts.open(name) as part:
        return part.read(_MOST_BYTES_OF_A_LIST)
