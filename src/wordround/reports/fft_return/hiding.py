"""Which lines of the monthly return are hidden, by the rule under which NHS England publishes them.

A line with 1 to 4 responses does not say how they answered, nor does the next lowest of the same parent, from which it
could be worked out (second level). Where the parent does not say it, neither do its two lowest children (cascade).
NHS England's own code: nhsengland/fft_pipeline, src/fft/suppression.py and README, June 2026. The number of
responses is shown, as it is there. Three things are stricter here: shares are hidden on every hidden line, further
lines are hidden until the hidden ones of a parent have more responses than one alone may have, and modes are hidden
until all that is shown together (trust, sites, wards, modes, wards by mode) gives no line of 1 to 4 away.

Pure: counts of responses in, names of lines out.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from wordround.published.disclosure import SmallNumbers

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)

_NOTHING = 1e-6  # what rounding leaves of nought


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


def hidden_columns_and_cells(
    counts: Mapping[tuple[Row, Column], int],
    small: SmallNumbers,
    groups: Mapping[frozenset[Row], bool],
    hidden_columns: frozenset[Column],
) -> tuple[frozenset[Column], frozenset[tuple[Row, Column]]]:
    """Return the columns and the cells of a table that are hidden, so that nothing shown gives a small line away.

    groups: rows, each alone and together as they are published elsewhere, and whether their answers are hidden there.
    What is published elsewhere stays as it is: columns give way, the lowest first that has to do with what is found.
    """
    filled = {cell: count for cell, count in counts.items() if count}
    hidden_rows = frozenset(row for row, _ in counts if groups.get(frozenset({row}), True))
    of_columns: dict[Column, int] = {}
    for (_, column), count in filled.items():
        of_columns[column] = of_columns.get(column, 0) + count
    while True:
        hidden = hidden_cells(filled, small, hidden_rows, hidden_columns)
        found = _Shown(filled, groups, hidden_columns, hidden).given_away(small)
        to_hide = {column for _, column in found} - hidden_columns or set(of_columns) - hidden_columns
        if not found or not to_hide:
            return hidden_columns, hidden
        lowest = min(to_hide, key=lambda column: of_columns[column])
        hidden_columns = hidden_lines(of_columns, small, also=hidden_columns | {lowest})


class _Shown(Generic[Row, Column]):
    """What is shown of a table, as equations in its hidden cells: what follows from all of them can be worked out."""

    def __init__(
        self,
        counts: Mapping[tuple[Row, Column], int],
        groups: Mapping[frozenset[Row], bool],
        hidden_columns: frozenset[Column],
        hidden: frozenset[tuple[Row, Column]],
    ) -> None:
        self._counts, self._hidden = counts, hidden
        self._cells = [cell for cell in counts if cell in hidden]
        columns = dict.fromkeys(column for _, column in counts)
        lines = [(self._of_rows(rows), is_hidden) for rows, is_hidden in groups.items()]
        lines += [({cell for cell in counts if cell[1] == each}, each in hidden_columns) for each in columns]
        self._shown = [line for line, is_hidden in lines if not is_hidden]
        self._unseen = [line for line, is_hidden in lines if is_hidden] + [{cell} for cell in self._cells]
        equations = np.array([self._vector(line) for line in self._shown]).reshape(len(self._shown), len(self._cells))
        _, sizes, directions = np.linalg.svd(equations, full_matrices=False)
        self._basis = directions[sizes > _NOTHING]

    def given_away(self, small: SmallNumbers) -> set[tuple[Row, Column]]:
        """Return the cells of small lines that can be worked out, or of which a small remainder can."""
        known = {cell for cell in self._cells if self._follows({cell})}
        found = [line for line in self._unseen if small.is_small(self._count(line)) and self._follows(line)]
        rests = [line & self._hidden - known for line in self._shown]
        return set().union(*found, *(rest for rest in rests if small.is_small(self._count(rest))))

    def _follows(self, line: Iterable[tuple[Row, Column]]) -> bool:
        vector = self._vector(line)
        return float(np.abs(vector - self._basis.T @ (self._basis @ vector)).max(initial=0.0)) < _NOTHING

    def _vector(self, line: Iterable[tuple[Row, Column]]) -> NDArray[np.float64]:
        wanted = set(line)
        return np.array([float(cell in wanted) for cell in self._cells])

    def _of_rows(self, rows: frozenset[Row]) -> set[tuple[Row, Column]]:
        return {cell for cell in self._counts if cell[0] in rows}

    def _count(self, line: Iterable[tuple[Row, Column]]) -> int:
        return sum(self._counts[cell] for cell in line)
