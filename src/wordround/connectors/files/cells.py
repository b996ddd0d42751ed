"""Cells and rows as every kind of file gives them, and nothing of what they mean."""

import math
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

Cell = str | int | float | date | datetime | None


class Row(NamedTuple):
    """A row as the file has it.

    `number` counts from 1 at the header (a file without one: at its first line);
    `problem` is set where it could not be cut into cells.
    """

    number: int
    cells: list[Cell]
    problem: str | None = None


class Table(NamedTuple):
    """A header (names on one line) and the rows below it; `notes` counts what was odd about the file.

    `nested`: columns (without case) that hold lists or records, which are no cells; theirs are blank.
    """

    header: list[str]
    rows: Iterator[Row]
    notes: dict[str, int]
    nested: frozenset[str] = frozenset()


def as_cell(value: object) -> Cell:
    """Return what a typed file holds as a cell: the same value is the same cell, whichever format it came in.

    A whole number that was stored with a fraction (an id in a column with gaps) is whole; what is not a number is
    blank.
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if value is None or (isinstance(value, str | int | date) and not isinstance(value, bool)):
        return value
    return str(value)


def written(cell: Cell) -> str:
    """Return a cell as text; a blank one is empty, and a zero is not blank."""
    return "" if cell is None else str(cell)
