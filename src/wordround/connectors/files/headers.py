"""Which row of a table is its header: exports often begin with a title, the day of the export and blank rows."""

import re
from collections.abc import Sequence

from wordround.plain_text import one_line

# Sets of columns, of which a header that is looked for has all of one.
Wanted = Sequence[Sequence[str]]

# How many filled rows from the top may be the header.
ROWS_SEARCHED = 30

# Systems that build forms of sections write a column as "Section (Field)".
_IN_A_SECTION = re.compile(r"[^()]+\((.+)\)")


def names_of(cell: object) -> tuple[str, ...]:
    """Return the names that a cell of a header goes by, in small letters: its own, and that of the field within."""
    name = one_line(str(cell)).casefold()
    within = _IN_A_SECTION.fullmatch(name)
    return (name, within[1].strip()) if within else (name,)


def fits(row: Sequence[object], wanted: Wanted) -> bool:
    """Whether a row has all columns of one of these sets."""
    return _best_share(row, wanted) == 1


def header_place(rows: Sequence[Sequence[object]], wanted: Wanted) -> int:
    """Return the place, from 0, of the header among the filled rows at the top of a table.

    It is the first row that has all columns of a set, else the first that has the most of one, at least two and half of
    it: fewer may be what a patient wrote. Where there is none, it is the first row.
    """
    shares = [_best_share(row, wanted) for row in rows[:ROWS_SEARCHED]]
    return shares.index(max(shares)) if shares else 0


def _best_share(row: Sequence[object], wanted: Wanted) -> float:
    present = {name for cell in row for name in names_of(cell)}
    best = 0.0
    for columns in wanted:
        there = sum(one_line(column).casefold() in present for column in columns)
        if there == len(columns) or (there > 1 and 2 * there >= len(columns)):
            best = max(best, there / len(columns))
    return best
