"""The settings of every source of tables: the drop folder, the order of dates, the meaning of columns.

A source adds its own to `TableSource` and to `TableLayout`. Only pydantic is loaded.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, PrivateAttr

from wordround.connectors.blocks import FolderSource
from wordround.connectors.files.cells import Table
from wordround.connectors.files.lettered import lettered
from wordround.connectors.limits import FileLimits
from wordround.governance import Block

DateOrder = Literal["evidence", "day_first", "month_first"]
QuestionType = Literal["what_good", "could_improve", "nonspecific"]


class TextColumn(Block):
    """One free-text column of any table, and what its question asks for if it answers one."""

    column: str
    question_type: QuestionType | None = None


class TableLayout(Block):
    """What every column map has. A column that it does not name is not read."""

    date: str
    locations: Annotated[tuple[str, ...], Field(max_length=3)] = ()
    id: str | None = Field(default=None, description="column that names a row; without it a correction is a new row")
    respondent: str | None = Field(default=None, description="column that names one filled-in form")
    trust: str | None = None
    question: str | None = None

    @property
    def text_columns(self) -> tuple[TextColumn, ...]:
        """The columns that become comments, one comment each."""
        raise NotImplementedError

    @property
    def kept_columns(self) -> tuple[str, ...]:
        """The columns that may stand in quarantine: all but those that name a row or a person."""
        named = (self.date, self.trust, *self.locations, self.question, *(each.column for each in self.text_columns))
        return tuple(dict.fromkeys(column for column in named if column))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a file must have for this layout."""
        return self.key_columns

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns of whose cells earlier versions made the key of a row without an id.

        Neither they nor their order ever change: by that key such a row is known again (row_keys.py).
        """
        named = (self.date, *self.locations, *(each.column for each in self.text_columns), self.id, self.respondent)
        return tuple(dict.fromkeys(column for column in (*named, *self.kept_columns) if column))


class FileTrust(Block):
    """Settings for the files of one trust."""

    date_order: DateOrder = "evidence"


LayoutType = TypeVar("LayoutType", bound=TableLayout)


class TableSource(FolderSource):
    """A source of tables in files; each source has a type of layout of its own."""

    date_order: DateOrder = "evidence"
    earliest_date: date
    no_answer: tuple[str, ...] = ()
    layouts: Mapping[str, TableLayout]
    trusts: dict[str, FileTrust] = Field(default_factory=dict)
    limits: FileLimits = Field(default_factory=FileLimits)
    _rows_above: int | None = PrivateAttr(default=None)
    _sheet: int | None = PrivateAttr(default=None)

    def in_letters(self, rows_above: int) -> Self:
        """Return the same for one file whose layouts name columns by their letters, below so many rows of no values."""
        made = self.model_copy()
        made._rows_above = rows_above
        return made

    def of_sheet(self, number: int | None) -> Self:
        """Return the same for one workbook of which this sheet is read, by its number; None: the one that fits."""
        made = self.model_copy()
        made._sheet = number
        return made

    @property
    def sheet(self) -> int | None:
        """The number of the sheet that is read, where somebody has said which."""
        return self._sheet

    @property
    def is_in_letters(self) -> bool:
        """Whether the layouts name columns by their letters, and not by a header."""
        return self._rows_above is not None

    @property
    def has_a_header(self) -> bool:
        """Whether anything stands above the first row of values, where columns go by their letters."""
        return bool(self._rows_above)

    def in_own_terms(self, table: Table) -> Table:
        """Return a table with the names that the layouts have for its columns."""
        return table if self._rows_above is None else lettered(table, self._rows_above)

    @property
    def wanted(self) -> list[tuple[str, ...]]:
        """Sets of columns, of which a header has all of one; none where no header is looked for."""
        return [] if self.is_in_letters else [layout.columns for layout in self.layouts.values()]

    def layouts_for(self, header: Sequence[str], file_name: str) -> Mapping[str, TableLayout]:
        """Return the layouts that a file with this header may follow, the first that fits first.

        Raises UnexpectedColumns where several could be meant.
        """
        return self.layouts

    def id_columns(self) -> dict[str, tuple[str, ...]]:
        """Return what each layout calls the column that names a row; one without such a column is left out."""
        return {name: (layout.id,) for name, layout in self.layouts.items() if layout.id}

    def date_order_of(self, trust_code: str) -> DateOrder:
        """How an ambiguous date of this trust is read, by the settings."""
        trust = self.trusts.get(trust_code)
        return trust.date_order if trust else self.date_order


def sources_of_tables(sources: Iterable[tuple[str, Any]]) -> dict[str, TableSource]:
    """Return the sources of tables by name; `sources` is the block `[sources]` of the settings."""
    return {name: block for name, block in sources if isinstance(block, TableSource)}
