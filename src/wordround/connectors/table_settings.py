"""The settings of sources of files: column maps, and how dates are read."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wordround.connectors.blocks import FolderSource
from wordround.governance import Block

DateOrder = Literal["evidence", "day_first", "month_first"]
QuestionType = Literal["what_good", "could_improve", "nonspecific"]


class AnswerColumn(Block):
    """One free-text answer of a form that has its answers side by side."""

    column: str
    question_type: QuestionType


class Layout(Block):
    """A column map for Friends and Family Test files."""

    date: str
    locations: Annotated[tuple[str, ...], Field(min_length=1, max_length=3)]
    id: str | None = Field(default=None, description="column that names a row; without it a correction is a new row")
    respondent: str | None = Field(default=None, description="column that names one filled-in form")
    trust: str | None = None
    score: str | None = None
    question: str | None = None
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
    def columns(self) -> tuple[str, ...]:
        """Every column that a file must have for this layout."""
        optional = (self.id, self.respondent, self.trust, self.score, self.question, self.answer)
        named = (self.date, *self.locations, *(a.column for a in self.answers), *optional)
        return tuple(dict.fromkeys(column for column in named if column))


class FftTrust(Block):
    """What is known about one trust's files."""

    date_order: DateOrder = "evidence"


class FftSource(FolderSource):
    """Friends and Family Test files."""

    drop_folder: Path = Path("inbox/fft")
    date_order: DateOrder = "evidence"
    earliest_date: date = date(2013, 4, 1)
    no_answer: tuple[str, ...] = ()
    layouts: dict[str, Layout]
    trusts: dict[str, FftTrust] = Field(default_factory=dict)

    def date_order_of(self, trust_code: str) -> DateOrder:
        """What an ambiguous date of this trust means, as far as the settings say."""
        trust = self.trusts.get(trust_code)
        return trust.date_order if trust else self.date_order
