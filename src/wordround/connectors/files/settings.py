"""What the settings of every source of tables have: where files are put, how dates are read, which column is what.

Each such source adds what is its own to `TableSource` and to `TableLayout`. Only pydantic is loaded.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from wordround.connectors.blocks import FolderSource
from wordround.governance import Block

DateOrder = Literal["evidence", "day_first", "month_first"]
QuestionType = Literal["what_good", "could_improve", "nonspecific"]


class TextColumn(Block):
    """One free-text column of any table; where it answers a question, what that asks for."""

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
        """Every column that a file must have for this layout, in an order that never changes.

        What names a row without an id is made of them in this order.
        """
        named = (self.date, *self.locations, *(each.column for each in self.text_columns), self.id, self.respondent)
        return tuple(dict.fromkeys(column for column in (*named, *self.kept_columns) if column))


class FileTrust(Block):
    """What is known about one trust's files."""

    date_order: DateOrder = "evidence"


LayoutType = TypeVar("LayoutType", bound=TableLayout)


class TableSource(FolderSource):
    """A source of tables in files. Each says which layouts it has."""

    date_order: DateOrder = "evidence"
    earliest_date: date
    no_answer: tuple[str, ...] = ()
    layouts: Mapping[str, TableLayout]
    trusts: dict[str, FileTrust] = Field(default_factory=dict)

    def date_order_of(self, trust_code: str) -> DateOrder:
        """What an ambiguous date of this trust means, as far as the settings say."""
        trust = self.trusts.get(trust_code)
        return trust.date_order if trust else self.date_order


def sources_of_tables(sources: Iterable[tuple[str, Any]]) -> dict[str, TableSource]:
    """Return the sources that take tables from a drop folder, by name; `sources` is that block of the settings."""
    return {name: block for name, block in sources if isinstance(block, TableSource)}
