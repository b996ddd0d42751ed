"""Column maps: which column of any table is what."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from wordround.connectors.files.settings import QuestionType, TableLayout, TextColumn

AuthorRole = Literal["patient", "carer", "staff", "organisation"]
FileKind = Literal["post", "reply", "quote", "review", "story", "survey_answer", "blog_comment"]


class Layout(TableLayout):
    """A column map: a survey, complaints, enquiries, reviews, an export of another tool."""

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
    country: str | None = Field(default=None, description="column that declares the country of a post")

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

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.key_columns, *((self.country,) if self.country else ()))))

    def answer_name(self, column: str) -> str:
        """Return what names an answer within its row, where a row has several."""
        return column


class FittedLayout(Layout):
    """A ready layout as it fits one file. `answer_names`: what names an answer, whatever its column is called."""

    answer_names: Mapping[str, str] = Field(default_factory=dict)

    def answer_name(self, column: str) -> str:
        return self.answer_names.get(column, column)
