"""What can become of a row, defined here once; a test compares SQL, gates and pages with it.

A row is counted twice. On landing it is kept, dropped or quarantined: `LandedRows`, in the manifest of its batch. On
loading a row that was kept proves new, changed or known: `RowOutcomes`, in `ops.batches` as `rows_<outcome>`. Either
way the rows that came in are the sum of the outcomes.
"""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt


class _Rows(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_by_name=True, validate_by_alias=True)

    # `in` is a keyword of Python.
    rows_in: int = Field(alias="in")

    @classmethod
    def outcomes(cls) -> tuple[str, ...]:
        """Return the names of the outcomes, in the order in which people see them."""
        return tuple(name for name in cls.model_fields if name != "rows_in")

    def by_outcome(self) -> dict[str, int]:
        """Return the number of rows of each outcome."""
        return {name: getattr(self, name) for name in self.outcomes()}

    @property
    def accounted_for(self) -> int:
        """The sum of the outcomes."""
        return sum(self.by_outcome().values())

    @property
    def reconciles(self) -> bool:
        """Whether every row that came in is accounted for."""
        return self.rows_in == self.accounted_for


class LandedRows(_Rows):
    """What became of the rows of a batch on landing."""

    landed: NonNegativeInt
    no_answer: NonNegativeInt
    reshared: NonNegativeInt
    repeated: NonNegativeInt
    quarantined: NonNegativeInt
    refused: NonNegativeInt
    erased: NonNegativeInt


class RowOutcomes(_Rows):
    """What became of rows once they were loaded."""

    # Decided by the merge into the warehouse; the others are as they were on landing.
    BY_MERGE: ClassVar = ("loaded", "updated", "unchanged", "no_answer", "reshared")

    loaded: int
    updated: int
    unchanged: int
    no_answer: int
    reshared: int
    quarantined: int
    refused: int
    erased: int


OUTCOMES = RowOutcomes.outcomes()
