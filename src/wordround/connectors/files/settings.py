"""The settings of sources of tables: where files are put, how their dates are read, and which column is what.

Comes in: `[sources.fft]` and `[sources.file]` of the settings file. Goes out: frozen blocks. Refuses: a column map that
says two things at once, or asks for what no file can give.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import Field, model_validator

from wordround.connectors.blocks import FolderSource
from wordround.governance import Block

DateOrder = Literal["evidence", "day_first", "month_first"]
QuestionType = Literal["what_good", "could_improve", "nonspecific"]
AuthorRole = Literal["patient", "carer", "staff", "organisation"]
FileKind = Literal["post", "reply", "quote", "review", "story", "survey_answer", "blog_comment"]


class AnswerColumn(Block):
    """One free-text answer of a form that has its answers side by side."""

    column: str
    question_type: QuestionType


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


class Layout(TableLayout):
    """A column map for Friends and Family Test files."""

    locations: Annotated[tuple[str, ...], Field(min_length=1, max_length=3)]
    score: str | None = None
    answer: str | None = None
    answers: tuple[AnswerColumn, ...] = ()

    @model_validator(mode="after")
    def _one_way_to_name_answers(self) -> Self:
        if bool(self.answer) == bool(self.answers):
            raise ValueError("name either `answer` (with an optional `question`) or `answers`, and not both")
        if self.question and not self.answer:
            raise ValueError("`question` goes with `answer`; each entry of `answers` has its own question_type")
        return self

    @property
    def text_columns(self) -> tuple[TextColumn, ...]:
        if self.answer:
            return (TextColumn(column=self.answer),)
        return tuple(TextColumn(column=each.column, question_type=each.question_type) for each in self.answers)

    @property
    def kept_columns(self) -> tuple[str, ...]:
        return (*super().kept_columns, *((self.score,) if self.score else ()))

    @property
    def columns(self) -> tuple[str, ...]:
        optional = (self.id, self.respondent, self.trust, self.score, self.question, self.answer)
        named = (self.date, *self.locations, *(each.column for each in self.answers), *optional)
        return tuple(dict.fromkeys(column for column in named if column))


class FileLayout(TableLayout):
    """A column map for any other table: a survey, complaints, enquiries, reviews, an export of another tool."""

    kind: FileKind = "survey_answer"
    text: str | None = Field(default=None, description="the one column of free text")
    texts: tuple[TextColumn, ...] = Field(default=(), description="several, each a comment of its own")
    title: str | None = None
    site_code: str | None = None
    rating: str | None = None
    rating_min: int = 1
    rating_max: int | None = None
    rating_words: Mapping[str, int] = Field(default_factory=dict, description="what the file writes: the rating")
    question_types: Mapping[str, QuestionType] = Field(default_factory=dict, description="what `question` holds: type")
    author_role: str | None = None
    author_roles: Mapping[str, AuthorRole] = Field(default_factory=dict, description="what the file writes: the role")
    language: str | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if bool(self.text) == bool(self.texts):
            raise ValueError("name either `text` or `texts`, and not both")
        if len({each.column for each in self.texts}) < len(self.texts):
            raise ValueError("`texts` names a column twice")
        if self.title and len(self.text_columns) > 1:
            raise ValueError(
                "`title` goes with one column of text: nobody could say which of several it is the title of"
            )
        if self.question and not self.text:
            raise ValueError("`question` goes with `text`; each entry of `texts` may have its own question_type")
        return self

    @model_validator(mode="after")
    def _maps_have_their_column(self) -> Self:
        if bool(self.rating) != (self.rating_max is not None):
            raise ValueError("`rating` (the column) and `rating_max` (the best or highest) go together")
        if self.rating_max is not None and self.rating_max <= self.rating_min:
            raise ValueError("`rating_max` must be greater than `rating_min`")
        if any(not self.rating_min <= value <= (self.rating_max or 0) for value in self.rating_words.values()):
            raise ValueError("`rating_words` must lie between `rating_min` and `rating_max`")
        for name, column in (("question_types", self.question), ("author_roles", self.author_role)):
            if getattr(self, name) and not column:
                raise ValueError(f"`{name}` needs the column whose words it explains")
        return self

    @property
    def text_columns(self) -> tuple[TextColumn, ...]:
        return (TextColumn(column=self.text),) if self.text else self.texts

    @property
    def kept_columns(self) -> tuple[str, ...]:
        more = (self.title, self.site_code, self.rating, self.author_role, self.language)
        return tuple(dict.fromkeys((*super().kept_columns, *(column for column in more if column))))


class FileTrust(Block):
    """What is known about one trust's files."""

    date_order: DateOrder = "evidence"


FftTrust = FileTrust

LayoutType = TypeVar("LayoutType", bound=TableLayout)


class TableSource(FolderSource, Generic[LayoutType]):
    """A source of tables in files."""

    date_order: DateOrder = "evidence"
    earliest_date: date
    no_answer: tuple[str, ...] = ()
    layouts: dict[str, LayoutType]
    trusts: dict[str, FileTrust] = Field(default_factory=dict)

    def date_order_of(self, trust_code: str) -> DateOrder:
        """What an ambiguous date of this trust means, as far as the settings say."""
        trust = self.trusts.get(trust_code)
        return trust.date_order if trust else self.date_order


class FftSource(TableSource[Layout]):
    """Friends and Family Test files."""

    drop_folder: Path = Path("inbox/fft")
    earliest_date: date = date(2013, 4, 1)


class FileSource(TableSource[FileLayout]):
    """Any other tables."""

    enabled: bool = False
    drop_folder: Path = Path("inbox/file")
    earliest_date: date = date(2000, 1, 1)
    # Their names are part of what names a row.
    layouts: Annotated[dict[Annotated[str, Field(pattern=r"^[\w-]+$")], FileLayout], Field(min_length=1)]


def sources_of_tables(sources: Iterable[tuple[str, Any]]) -> dict[str, TableSource[Any]]:
    """Return the sources that take tables from a drop folder, by name; `sources` is that block of the settings."""
    return {name: block for name, block in sources if isinstance(block, TableSource)}
