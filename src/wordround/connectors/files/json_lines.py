"""JSON Lines (ndjson): one object a line; its keys are the columns.

The file is read twice: for the keys, which make the header in the order in which they first occur, and for the rows. An
object within an object is flattened by one level (`author.role`). Deeper objects and lists cannot be cells: their
columns are named in `Table.nested`, and are refused only where a column map names them. Keys that differ in case or
spaces alone are one column. A line that is not an object, or has two values under one key, spoils its own row.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from typing import Any

from wordround.connectors.files.cells import Cell, Row, Table, as_cell
from wordround.connectors.files.text_files import CutLine, Lines, open_text
from wordround.errors import FileUnreadable
from wordround.plain_text import one_line

_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
_MOST_COLUMNS = 2_000
# A byte-order mark where files were joined, the separator of JSON text sequences (RFC 7464), and the blank end.
_AROUND = "\ufeff \t\r\n\x00\x1e"


class _Object(list[tuple[str, Any]]):
    """The pairs of a JSON object, as written: a key may stand twice."""


class _Nested:
    """Stands for a list, or for a record too deep to be a cell."""


_NESTED = _Nested()


def read_json_lines(path: Path, file: BufferedReader, longest: int) -> Table:
    """Read a table from an open file of JSON objects, one a line of at most `longest` characters.

    Rows are numbered by their lines. Raises FileUnreadable, naming the file and what to do.
    """
    lines, _ = open_text(path, file, None, longest)
    header: dict[str, str] = {}
    nested: set[str] = set()
    is_empty = True
    for _, values in _objects(lines):
        is_empty = False
        for key, (name, value) in ({} if isinstance(values, str) else values).items():
            header.setdefault(key, name)
            if value is _NESTED:
                nested.add(key)
        if len(header) > _MOST_COLUMNS:
            raise FileUnreadable(
                f"{path.name}: has more than {_MOST_COLUMNS} different keys: they seem to hold what people wrote, or "
                "ids. Write every line with the same keys."
            )
    if not header:
        says = "holds no line" if is_empty else "no line of it is a JSON object with a key"
        raise FileUnreadable(f"{path.name}: {says}. Write one object a line, without [ and ] around them.")
    return Table(list(header.values()), _rows(lines, list(header)), {}, frozenset(nested))


def _rows(lines: Lines, keys: list[str]) -> Iterator[Row]:
    for number, values in _objects(lines.again()):
        if isinstance(values, str):
            yield Row(number, [], values)
            continue
        in_order = (values.get(key, (key, None))[1] for key in keys)
        cells: list[Cell] = [None if value is _NESTED else _as_cell(value) for value in in_order]
        if any(cell not in (None, "") for cell in cells):
            yield Row(number, cells)


def _objects(lines: Lines) -> Iterator[tuple[int, dict[str, tuple[str, Any]] | str]]:
    """Yield the number and the columns (key: name, value) of each line that is not blank, or the reason against it."""
    for number, line in enumerate(lines, 1):
        if isinstance(line, CutLine):
            yield number, "too_long"
            continue
        line = line.strip(_AROUND)
        if not line:
            continue
        try:
            # Control characters without an escape are common in exports and change no meaning.
            record = json.loads(line, object_pairs_hook=_Object, strict=False)
            yield number, _columns(record) if isinstance(record, _Object) else "broken_json"
        except (ValueError, RecursionError):
            yield number, "broken_json"


def _columns(record: _Object) -> dict[str, tuple[str, Any]]:
    """Return the columns of one line. Raises ValueError where two values stand under one key."""
    found: dict[str, tuple[str, Any]] = {}
    for name, value in _flat(record):
        key, shown = _column(name)
        earlier = found.setdefault(key, (shown, value))[1]
        if earlier is not value and (type(earlier) is not type(value) or earlier != value):
            raise ValueError("two values under one key")
    return found


@lru_cache(_MOST_COLUMNS)
def _column(name: str) -> tuple[str, str]:
    """Return a key of the file in the form that is compared, and in the form that is shown."""
    shown = one_line(_whole(name))
    return shown.casefold(), shown


def _flat(record: _Object) -> Iterator[tuple[str, Any]]:
    for name, value in record:
        if isinstance(value, _Object):
            for inner, deeper in value:
                yield f"{name}.{inner}", _value(deeper)
        else:
            yield name, _value(value)


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return _NESTED if value else None
    return value


def _as_cell(value: Any) -> Cell:
    return as_cell(_whole(value) if isinstance(value, str) else value)


def _whole(text: str) -> str:
    """Return a text with half characters, which escapes can write and no encoding can, replaced by U+FFFD."""
    return _HALF_A_CHARACTER.sub("\ufffd", text)
