"""What came of a step: counts, ids and paths that may be logged and stored; never the text of a comment."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic_core import to_jsonable_python

# As Airflow's XCom and `--json` hold it.
Stored = dict[str, JsonValue]


class Outcome(BaseModel):
    """What a step did; each step has its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def parts(self) -> dict[str, object]:
        """Return what it holds by name, to be put beside what another step did."""
        return {name: getattr(self, name) for name in type(self).model_fields}


def stored(outcome: Outcome | Mapping[str, object]) -> Stored:
    """Return an outcome, or several by name, as XCom and `--json` hold it."""
    plain: Stored = to_jsonable_python(outcome, by_alias=True)
    return plain
