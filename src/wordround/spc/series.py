"""Series from a table of anybody: a row a point (or, for a funnel, a service), cells checked one by one.

A file has the columns `date` and `value`, or `date`, `numerator` and `denominator`, and may have a `facet`, which makes
a series of each of its names; for a funnel `label`, `numerator` and `denominator`; for decisions also `offset`,
`paused` and `rebase`. It may be CSV, Excel or Parquet. A blank cell is a missing value.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from wordround.connectors.files.cells import Cell, Row, Table, value_in, written
from wordround.connectors.files.dates import DateEvidence, read_date
from wordround.connectors.files.reading import read_table
from wordround.connectors.files.settings import DateOrder
from wordround.errors import DateTwice, FileUnreadable, SeriesUnusable, UnexpectedColumns
from wordround.plain_text import label as as_label
from wordround.spc.log_odds import Numbers

NO_FACET = "no facet"
# Sums of squares stay finite.
_LARGEST = 1e12
_MISSING = frozenset(("", "na", "n/a", "nan", "null", "none"))
_WHOLE_COLUMNS = (("date", "value"), ("date", "numerator"), ("label", "numerator", "denominator"))


@dataclass(frozen=True)
class Series:
    """The points of one facet in the order of their dates (of a funnel: its services as they stand).

    `values` by column, NaN where a cell is blank; `rows`: where each stands in the file.
    """

    facet: str
    dates: tuple[date, ...]
    labels: tuple[str, ...]
    rows: tuple[int, ...]
    values: dict[str, Numbers]


@dataclass(frozen=True)
class Point:
    """One row of the file."""

    row: int
    facet: str
    day: date | None
    label: str
    values: dict[str, float]


def read_series(path: Path, key: str, columns: tuple[str, ...], needs_facet: bool = False) -> list[Series]:
    """Read the series of a file, in the order in which their facets appear; `key`: `date`, or `label` for a funnel.

    columns: those of numbers; all but those of `OPTIONAL` have to be there. Raises FileUnreadable, UnexpectedColumns,
    SeriesUnusable, DateTwice.
    """
    with _table(path) as table:
        places = {name.casefold(): place for place, name in enumerate(table.header)}
        if twice := sorted(
            {name for name in table.header if name and places[name.casefold()] != table.header.index(name)}
        ):
            raise UnexpectedColumns(f"{path.name}: the column {twice[0]} stands twice. Rename or delete one.")
        wanted = (key, *(name for name in columns if name not in OPTIONAL), *(("facet",) if needs_facet else ()))
        if lacking := [name for name in wanted if name not in places]:
            there = ", ".join(table.header[:12]) or "none"
            raise UnexpectedColumns(
                f"{path.name}: lacks the column {' and the column '.join(lacking)}. Name it so in the first row, which "
                f"has: {there}."
            )
        rows = list(table.rows)
        counts_from_1904 = table.counts_from_1904
    evidence = DateEvidence()
    for row in rows:
        evidence.add(_cell(row, places.get("date")))
    order = evidence.order("evidence")
    reader = _Reader(path.name, places, len(table.header), columns, key, order, counts_from_1904)
    points = [reader.point(row) for row in rows]
    if not points:
        raise SeriesUnusable(f"{path.name}: holds no row below its header.")
    return _in_series(path.name, points)


OPTIONAL = ("offset", "paused", "rebase")


def columns_of(path: Path) -> set[str]:
    """Return the names of a file's columns, in small letters. Raises FileUnreadable."""
    with _table(path) as table:
        return {name.casefold() for name in table.header}


@contextmanager
def _table(path: Path) -> Iterator[Table]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileUnreadable(f"{path.name}: cannot be read ({error.strerror}). Look for the file.") from error
    with file:
        yield read_table(path, file, _WHOLE_COLUMNS)


def _cell(row: Row, place: int | None) -> Cell:
    return row.cells[place] if place is not None and place < len(row.cells) else None


@dataclass(frozen=True)
class _Reader:
    """Reads rows of one file."""

    name: str
    places: dict[str, int]
    width: int
    columns: tuple[str, ...]
    key: str
    order: DateOrder
    counts_from_1904: bool

    def point(self, row: Row) -> Point:
        if row.problem:
            raise SeriesUnusable(f"{self.name}: row {row.number}: cannot be cut into cells. Look at its quotes.")
        if any(cell not in (None, "") for cell in row.cells[self.width :]):
            raise SeriesUnusable(
                f"{self.name}: row {row.number}: has more cells than the header. Put names with a comma in quotes."
            )
        facet = as_label(written(_cell(row, self.places.get("facet")))) or NO_FACET
        day = self._day(row) if self.key == "date" else None
        label = as_label(written(_cell(row, self.places.get("label")))) if self.key == "label" else ""
        if self.key == "label" and not label:
            raise self._unusable(row, "label", "is blank. Name the service, or take the row out.")
        values = {column: self._number(row, column) for column in self.columns}
        return Point(row.number, facet, day, label, values)

    def _day(self, row: Row) -> date:
        day = read_date(_cell(row, self.places["date"]), self.order, self.counts_from_1904)
        if isinstance(day, date):
            return day
        problem = day.replace("_", " ")
        raise self._unusable(row, "date", f"{problem}. Write the day as 2026-03-02.")

    def _number(self, row: Row, column: str) -> float:
        cell = _cell(row, self.places.get(column))
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            number = float(cell)
        elif value_in(cell).casefold() in _MISSING:
            return math.nan
        else:
            try:
                # Python reads 1_000 as a thousand; nobody else does.
                number = float(value_in(cell).replace("_", "?"))
            except ValueError:
                raise self._unusable(
                    row, column, "is no number. Write it in digits with a point (12 or 0.25), or leave the cell blank."
                ) from None
        if not abs(number) <= _LARGEST:
            raise self._unusable(row, column, f"is beyond {_LARGEST:.0e}. Give it in a larger unit.")
        return number

    def _unusable(self, row: Row, column: str, says: str) -> SeriesUnusable:
        return SeriesUnusable(f"{self.name}: row {row.number}, column {column}: {says}")


def _in_series(name: str, points: list[Point]) -> list[Series]:
    facets: dict[str, list[Point]] = {}
    seen: dict[tuple[str, date], int] = {}
    for point in points:
        facets.setdefault(point.facet, []).append(point)
        if point.day is None:
            continue
        if first := seen.get((point.facet, point.day)):
            facet = "" if point.facet == NO_FACET else f" of facet {point.facet}"
            raise DateTwice(
                f"{name}: row {point.row}: the date {point.day}{facet} stands twice, first in row {first}. Keep one of "
                "them, or add their counts up."
            )
        seen[point.facet, point.day] = point.row
    return [_series(facet, those) for facet, those in facets.items()]


def _series(facet: str, points: list[Point]) -> Series:
    points = sorted(points, key=lambda point: point.day or date.min)
    return Series(
        facet,
        tuple(point.day for point in points if point.day),
        tuple(point.label for point in points),
        tuple(point.row for point in points),
        {column: np.array([point.values[column] for point in points]) for column in points[0].values},
    )
