"""Who acts on an alert, as the records may hold it: a role or initials, or the login of the machine.

Initials are two to four capitals that no list of names has: "JO", "JOHN" and "AB" are first names.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from getpass import getuser

from wordround.deidentify import deidentifier
from wordround.deidentify.cells import HIDDEN, Cells
from wordround.deidentify.names.vocabulary import vocabulary
from wordround.errors import ActionRefused
from wordround.records import roles
from wordround.registers.services import exempt_names

_WORD = re.compile(r"[^\W_]+")
_CAPITALS = range(2, 5)  # of initials and abbreviations, together


@dataclass(frozen=True)
class Who:
    """Who acts. A login (`is_login`) stays in the records; a role may be published."""

    name: str
    is_login: bool = False


def somebody(by: str | None) -> Who:
    """Who acts: the role or initials given, else the login of the machine. Raises ActionRefused for a name."""
    return Who(getuser(), is_login=True) if by is None else Who(role_of(by, "--by"))


def role_of(given: str, option: str) -> str:
    """A role or initials as they are stored. Raises ActionRefused where it may be somebody's name or address."""
    role = roles.tidy(given)
    if role is None or not _names_nobody(role):
        raise ActionRefused(
            f"give a role or initials of at most {roles.LONGEST_ROLE} characters, such as 'quality lead' or "
            "'KL', and no name or address. Initials are two to four capitals, and none that are a name too ('JO').",
            option,
        )
    return role


def _names_nobody(role: str) -> bool:
    words = _WORD.findall(role)
    if all(len(word) == 1 for word in words):
        words = ["".join(words)]  # "K. L."
    # "QI lead": an abbreviation is no word of a list, and initials before a surname are none.
    kept = [word for word in words if not _is_short_for(word)]
    return not kept or _cells().hashtag("-".join(kept)) != HIDDEN


def _is_short_for(word: str) -> bool:
    """Whether a word is initials or an abbreviation, and no name in capitals."""
    known = vocabulary().look_up(word.lower())
    return word.isupper() and len(word) in _CAPITALS and not (known.is_first_name or known.is_surname)


@lru_cache(1)
def _cells() -> Cells:
    names = exempt_names()
    return Cells(deidentifier(names), names)
