"""What an examination finds: one thing, its state, what is wrong and what to do."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """`missing` keeps the system from running or from being signed off; `attention` is for a person to weigh."""

    ok = "ok"
    attention = "attention"
    missing = "missing"


@dataclass(frozen=True)
class Finding:
    """One line of the table. No field ever holds a secret, a person's name or the text of a comment."""

    area: str
    subject: str
    state: State
    says: str
    to_do: str = ""

    def values(self) -> dict[str, str]:
        """The fields by name."""
        return asdict(self)


def ok(area: str, subject: str, says: str) -> Finding:
    """Nothing to do."""
    return Finding(area, subject, State.ok, says)


def attention(area: str, subject: str, says: str, to_do: str) -> Finding:
    """A person should look at it."""
    return Finding(area, subject, State.attention, says, to_do)


def missing(area: str, subject: str, says: str, to_do: str) -> Finding:
    """This must be put right."""
    return Finding(area, subject, State.missing, says, to_do)
