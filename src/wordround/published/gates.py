"""The latest results of the gates, as they lie beside the quality page: counts, dates and the words of the checks."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Check(_Part):
    """One thing that must hold. `status`: holds, stops (critical), warns, or nothing where there was nothing new."""

    description: str
    checked: int
    failed: int
    status: str
    why: str
    what_to_do: str

    @property
    def does_not_hold(self) -> bool:
        """Whether it stops the gate, or is to be looked into."""
        return self.status in ("stops", "warns")


class CheckedTable(_Part):
    """The checks of one table."""

    title: str
    checked_at: datetime
    expectations: tuple[Check, ...]

    def count(self, status: str) -> int:
        """How many of its checks have this status."""
        return sum(each.status == status for each in self.expectations)


class Gate(_Part):
    """One gate: before dbt may read (`loaded`), or before analysts may (`publishable`)."""

    gate: str
    checked_at: datetime
    suites: tuple[CheckedTable, ...]

    @property
    def failing(self) -> list[tuple[CheckedTable, Check]]:
        """The checks that do not hold, critical ones first."""
        found = [(table, each) for table in self.suites for each in table.expectations if each.does_not_hold]
        return sorted(found, key=lambda pair: pair[1].status)


def read(folder: Path) -> list[Gate]:
    """Read the results in a quality folder; there are none of a gate that never ran, or whose file is damaged."""
    found = []
    for path in sorted((folder / "gates").glob("*.json")):
        try:
            found.append(Gate.model_validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            continue
    return found
