"""Where the columns of a layout are in one file, and which rows fit the header."""

from wordround.connectors.files.cells import Cell, Row, is_error, unwrapped
from wordround.connectors.files.settings import TableLayout
from wordround.plain_text import one_line


class Columns:
    """The places of a layout's columns under one header, which must have all of them."""

    def __init__(self, header: list[str], layout: TableLayout) -> None:
        self._width = len(header)
        self._named_width = max(i for i, name in enumerate(header, 1) if name)
        places = {name.casefold(): i for i, name in reversed(list(enumerate(header)))}
        self.place = {column: places[one_line(column).casefold()] for column in layout.columns}

    def cell(self, cells: list[Cell], column: str | None) -> Cell:
        """Return a row's cell; one with an error, and a column that the layout does not have, is blank."""
        if column is None:
            return None
        cell = unwrapped(cells[self.place[column]])
        return None if is_error(cell) else cell

    def with_error(self, cells: list[Cell], column: str | None) -> Cell:
        """Return a row's cell, also one with an error; a column that the layout does not have is blank."""
        return unwrapped(self.as_written(cells, column))

    def as_written(self, cells: list[Cell], column: str | None) -> Cell:
        """Return a row's cell as earlier versions read it, with all that a program wrote around it."""
        return None if column is None else cells[self.place[column]]

    def fits(self, row: Row) -> bool:
        """Whether a row has a cell for each column, once blank ones at its end are cut or added.

        Exports leave out the blank end of a row, or name no column above it.
        """
        cells = row.cells
        while len(cells) > self._width and cells[-1] in (None, ""):
            cells.pop()
        if self._named_width <= len(cells) < self._width:
            cells.extend([None] * (self._width - len(cells)))
        return not row.problem and len(cells) == self._width
