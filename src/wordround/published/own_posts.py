"""What the trust itself posted in the last year, and what that drew: by subject, by form and by the time of day."""

from dataclasses import dataclass
from typing import ClassVar, Self

import duckdb

from wordround.published.database import rows

FORMS = {"asks": "Asks something", "thanks": "Thanks somebody", "links": "Points to a page", "tells": "Tells something"}
DAY_PARTS = {
    "morning": "6:00 to 11:59", "afternoon": "12:00 to 17:59", "evening": "18:00 to 23:59", "night": "0:00 to 5:59",
}  # fmt: skip
SPLITS = {"form": FORMS, "day_part": DAY_PARTS}
_ALL = "all"


@dataclass(frozen=True)
class Drew:
    """What posts on a subject drew, of a form or at a time of day where `split_code` says so.

    Figures per post have an interval, and are None where there are too few posts. `response_code`: `few` or `many`
    replies beside the trust's other posts, None where nothing can be said.
    """

    TABLE: ClassVar = "marts.fct_own_post_subjects"

    subject_code: str
    subject_label: str | None
    split_code: str
    value_code: str
    response_code: str | None
    post_count: int
    answered_count: int
    replies_per_post: float | None
    replies_per_post_low: float | None
    replies_per_post_high: float | None
    reactions_per_post: float | None
    reactions_per_post_low: float | None
    reactions_per_post_high: float | None
    times_others: float | None
    times_others_low: float | None
    times_others_high: float | None

    @property
    def label(self) -> str:
        """The subject, or the form or time of day of a line that is of all subjects."""
        if self.subject_code == _ALL:
            return SPLITS[self.split_code][self.value_code] if self.split_code in SPLITS else "All posts"
        return self.subject_label or "No subject that we know"

    @property
    def is_enough(self) -> bool:
        return self.replies_per_post is not None

    @property
    def replies(self) -> str:
        """Replies per post with their interval, in words."""
        return _with_interval(self.replies_per_post, self.replies_per_post_low, self.replies_per_post_high)

    @property
    def reactions(self) -> str:
        """Likes, reposts and quotes per post with their interval, in words."""
        if self.reactions_per_post is None:
            return "too few that tell"
        return _with_interval(self.reactions_per_post, self.reactions_per_post_low, self.reactions_per_post_high)

    @property
    def beside_others(self) -> str:
        """How many times as many replies as other posts, in words."""
        return _with_interval(self.times_others, self.times_others_low, self.times_others_high)


def _with_interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return ""
    return f"{value:.1f} ({low:.1f} to {high:.1f})"


@dataclass(frozen=True)
class Matrix:
    """Subjects by forms or by times of day; each line has one cell for each value, None where nothing was posted."""

    values: tuple[str, ...]
    lines: list[tuple[str, list[Drew | None]]]


@dataclass(frozen=True)
class OwnPosts:
    """What was posted: subjects with enough posts, most answered first, the others, forms, and times of day."""

    post_count: int
    subjects: list[Drew]
    too_few: list[Drew]
    splits: dict[str, list[Drew]]
    matrices: dict[str, Matrix]

    @classmethod
    def of(cls, every: list[Drew]) -> Self:
        """Put the lines of the mart where they are read."""
        subjects = [each for each in every if each.subject_code != _ALL and each.split_code == _ALL]
        total = [each.post_count for each in every if each.subject_code == _ALL and each.split_code == _ALL]
        in_order = [each for each in subjects if each.is_enough]
        return cls(
            post_count=sum(total),
            subjects=in_order,
            too_few=[each for each in subjects if not each.is_enough],
            splits={
                split: [
                    each
                    for value in values
                    for each in every
                    if (each.subject_code, each.split_code, each.value_code) == (_ALL, split, value)
                ]
                for split, values in SPLITS.items()
            },
            matrices={split: _matrix(split, in_order, every) for split in SPLITS},
        )


def _matrix(split: str, subjects: list[Drew], every: list[Drew]) -> Matrix:
    cells = {(each.subject_code, each.value_code): each for each in every if each.split_code == split}
    values = SPLITS[split]
    return Matrix(
        tuple(values.values()),
        [(each.label, [cells.get((each.subject_code, value)) for value in values]) for each in subjects],
    )


def read(connection: duckdb.DuckDBPyConnection) -> OwnPosts:
    """Return what the trust posted in the last year, and what it drew."""
    return OwnPosts.of(rows(connection, _SUBJECTS, Drew))


def few_replies(drawn: OwnPosts) -> list[str]:
    """Return a sentence for each subject of which the interval says that it draws few replies."""
    return [
        f"{each.label}: this subject gets few replies, {each.replies} a post. That is {each.beside_others} times what "
        "our other posts get. Another one may say more to people."
        for each in drawn.subjects
        if each.response_code == "few"
    ]


_SUBJECTS = """
select drew.*, themes.theme_label as subject_label
from marts.fct_own_post_subjects as drew
left join marts.dim_themes as themes on drew.subject_code = themes.theme_code
order by drew.replies_per_post desc nulls last, drew.post_count desc, drew.subject_code
"""
