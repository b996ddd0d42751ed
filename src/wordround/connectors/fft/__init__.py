"""What may be kept of Friends and Family Test files, and the block `[sources.fft]` of the settings."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wordround import governance
from wordround.connectors.files.settings import QuestionType, TableLayout, TableSource, TextColumn
from wordround.connectors.terms import SourceTerms

# A trust's own survey: it names no author, and no server could be asked for deletions. The trust lists withdrawals.
TERMS = SourceTerms(
    keeps_author_key=False,
    needs_locator=False,
    locator_days=0,
    may_quote_verbatim=True,
    is_social=False,
    reads="Friends and Family Test files",
)


ScoreDirection = Literal["1_is_best", "5_is_best"]
# As comments.CollectionMode, which would bring a library of columns into the settings.
CollectionMode = Literal[
    "sms", "electronic_discharge", "electronic_home", "paper_discharge", "paper_home", "telephone", "online", "other"
]  # fmt: skip


class AnswerColumn(governance.Block):
    """One free-text answer of a form that has its answers side by side."""

    column: str
    question_type: QuestionType


class Layout(TableLayout):
    """A column map: one answer a row, or the answers of a form side by side."""

    locations: Annotated[tuple[str, ...], Field(min_length=1, max_length=3)]
    score: str | None = None
    score_direction: ScoreDirection = "1_is_best"
    score_words: Mapping[str, Annotated[int, Field(ge=1, le=6)]] = Field(
        default_factory=dict, description="what the file writes: the score, 1 very good to 5 very poor, 6 don't know"
    )
    mode: str | None = Field(default=None, description="column that says how the form reached the trust")
    mode_words: Mapping[str, CollectionMode] = Field(
        default_factory=dict, description="what the file writes: the mode of collection"
    )
    answer: str | None = None
    answers: tuple[AnswerColumn, ...] = ()

    @model_validator(mode="after")
    def _one_way_to_name_answers(self) -> Self:
        if bool(self.answer) == bool(self.answers):
            raise ValueError("name either `answer` (with an optional `question`) or `answers`, and not both")
        if (self.score_words or "score_direction" in self.model_fields_set) and not self.score:
            raise ValueError("`score_words` and `score_direction` need `score`, the column that they explain")
        if self.mode_words and not self.mode:
            raise ValueError("`mode_words` needs `mode`, the column that it explains")
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
        return (*super().kept_columns, *(each for each in (self.score, self.mode) if each))

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.key_columns, *((self.mode,) if self.mode else ()))))

    @property
    def key_columns(self) -> tuple[str, ...]:
        optional = (self.id, self.respondent, self.trust, self.score, self.question, self.answer)
        named = (self.date, *self.locations, *(each.column for each in self.answers), *optional)
        return tuple(dict.fromkeys(column for column in named if column))


class Block(TableSource):
    """`[sources.fft]`."""

    drop_folder: Path = Path("inbox/fft")
    earliest_date: date = date(2013, 4, 1)
    layouts: dict[str, Layout]
