"""Which lines of the monthly return are hidden, by the rule under which NHS England publishes them.

A line with 1 to 4 responses does not say how they answered, nor does the next lowest of the same parent, from which it
could be worked out (second level). Where the parent does not say it, neither do its two lowest children (cascade).
NHS England's own code: nhsengland/fft_pipeline, src/fft/suppression.py and README, June 2026. The number of
responses is shown, as it is there. Two things are stricter here: shares are hidden on every hidden line, and further
lines are hidden until the hidden ones of a parent have more responses than one alone may have.

Pure: counts of responses in, names of lines out.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from wordround.published.disclosure import SmallNumbers

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


def hidden_lines(
    counts: Mapping[Key, int], small: SmallNumbers, is_parent_hidden: bool = False, also: frozenset[Key] = frozenset()
) -> frozenset[Key]:
    """Return the lines of one parent that are hidden; `also`: those that are hidden already for another reason."""
    filled = sorted((key for key, count in counts.items() if count), key=lambda key: counts[key])
    hidden = {key for key in filled if small.is_small(counts[key])} | (set(also) & set(filled))
    if is_parent_hidden:
        hidden |= set(filled[:2])
    others = [key for key in filled if key not in hidden]
    if hidden and others and (len(hidden) == 1 or sum(counts[key] for key in hidden) <= small.largest_hidden):
        hidden.add(others.pop(0))
    while hidden and others and sum(counts[key] for key in hidden) <= small.largest_hidden:
        hidden.add(others.pop(0))
    return frozenset(hidden)


def hidden_cells(
    counts: Mapping[tuple[Row, Column], int],
    small: SmallNumbers,
    hidden_rows: frozenset[Row],
    hidden_columns: frozenset[Column],
) -> frozenset[tuple[Row, Column]]:
    """Return the cells of a table that are hidden, where the answers of its rows and of its columns are shown too.

    Goes over rows and columns until nothing is left that could be worked out from either.
    """
    rows, columns = {row for row, _ in counts}, {column for _, column in counts}
    hidden: frozenset[tuple[Row, Column]] = frozenset()
    while True:
        before = hidden
        for row in rows:
            line = {cell: count for cell, count in counts.items() if cell[0] == row}
            hidden |= hidden_lines(line, small, row in hidden_rows, hidden)
        for column in columns:
            line = {cell: count for cell, count in counts.items() if cell[1] == column}
            hidden |= hidden_lines(line, small, column in hidden_columns, hidden)
        if hidden == before:
            return hidden
