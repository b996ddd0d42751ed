"""Whether a role or initials, as somebody types them, name nobody.

Initials are two to four capitals that no list of names has: "JO", "JOHN" and "AB" are first names.
"""

import re
from functools import lru_cache

from wordround.deidentify import deidentifier
from wordround.deidentify.cells import HIDDEN, Cells
from wordround.deidentify.names.vocabulary import vocabulary
from wordround.registers.services import exempt_names

_WORD = re.compile(r"[^\W_]+")
_CAPITALS = range(2, 5)  # of initials and abbreviations, together


def names_nobody(role: str, *, any_initials: bool = False) -> bool:
    """Return whether a role or initials may be kept: no word of it, and not all together, may be somebody's name.

    any_initials: also those that are a name too, where what is written is never published.
    """
    words = _WORD.findall(role)
    if all(len(word) == 1 for word in words):
        words = ["".join(words)]  # "K. L."
    # "QI lead": an abbreviation is no word of a list, and initials before a surname are none.
    kept = [word for word in words if not (_are_capitals(word) if any_initials else _is_short_for(word))]
    return not kept or _cells().hashtag("-".join(kept)) != HIDDEN


def _is_short_for(word: str) -> bool:
    """Whether a word is initials or an abbreviation, and no name in capitals."""
    known = vocabulary().look_up(word.lower())
    return _are_capitals(word) and not (known.is_first_name or known.is_surname)


def _are_capitals(word: str) -> bool:
    return word.isupper() and len(word) in _CAPITALS


@lru_cache(1)
def _cells() -> Cells:
    names = exempt_names()
    return Cells(deidentifier(names), names)
