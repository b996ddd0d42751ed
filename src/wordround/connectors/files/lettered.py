"""Tables whose columns go by their place, as in a spreadsheet: A to Z, AA. For files without a header to name them.

What such a file has above its first row of values (a title, names that stand twice) is left out.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice

from wordround.connectors.files.cells import Cell, Row, Table, as_cell

_LOOKED_AT = 100
_ALPHABET = 26


def letters(place: int) -> str:
    """Return what a spreadsheet calls the column at a place that counts from 0."""
    place, last = divmod(place, _ALPHABET)
    return (letters(place - 1) if place else "") + chr(ord("A") + last)


def place_of(letter: str) -> int:
    """Return the place, from 0, of the column that a spreadsheet calls so."""
    place = 0
    for each in letter:
        place = place * _ALPHABET + ord(each) - ord("A") + 1
    return place - 1


def lettered(table: Table, rows_above: int) -> Table:
    """Return a table with letters for a header; its own header counts as the first of the `rows_above` left out."""
    rows = all_rows(table)
    first = list(islice(rows, rows_above, rows_above + _LOOKED_AT))
    header = [letters(place) for place in range(width(first))]
    return table._replace(header=header, rows=chain(first, rows))


def all_rows(table: Table) -> Iterator[Row]:
    """Yield the rows of a table, its header the first of them."""
    first = next(table.rows, None)
    number = first.number - 1 if first else 1
    below = [*(first.cells if first else ()), *[None] * len(table.header)]
    header = Row(max(1, number), [_as(name, cell) for name, cell in zip(table.header, below, strict=False)])
    return chain([header], [first] if first else [], table.rows)


def _as(name: str, below: Cell) -> Cell:
    """Return a name of a header as the cell that it may be: a number, where one stands below it."""
    if isinstance(below, int | float):
        with suppress(ValueError):
            return as_cell(float(name))
    return name or None


def width(rows: list[Row]) -> int:
    """Return how many columns most rows have."""
    widths = Counter(len(row.cells) for row in rows if not row.problem)
    return max(widths, key=lambda one: (widths[one], one), default=0)
