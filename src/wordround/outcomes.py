"""Outcomes of steps: counts, ids and paths that may be logged and stored; never the text of a comment."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic_core import to_jsonable_python

Stored = dict[str, JsonValue]


class Outcome(BaseModel):
    """The outcome of a step; each step has a class of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def parts(self) -> dict[str, object]:
        """Return the fields by name, to be merged with those of other steps."""
        return {name: getattr(self, name) for name in type(self).model_fields}


def stored(outcome: Outcome | Mapping[str, object]) -> Stored:
    """Return an outcome, or several by name, in the form that XCom and `--json` hold."""
    plain: Stored = to_jsonable_python(outcome, by_alias=True)
    return plain
