"""Columns that a ready layout leaves unread because of what they hold: counted by kind, never by their name.

The name of a column may be what somebody wrote, and its kind is one of a closed list.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from wordround.connectors.files.headers import names_of
from wordround.plain_text import one_line

# In this order: the first that a name fits is its kind.
_KINDS = {
    "nhs_number": r"\bnhs (?:no|num)",
    "hospital_number": r"\b(?:hospital|unit|patient|case ?note) (?:no\b|num|id\b|ref)|\bmrn\b",
    "date_of_birth": r"\bbirth|\bd\.?o\.?b\b|\bage\b",
    "address": r"address|post ?code",
    "contact": r"\btel|phone|mobile|e-?mail",
    "characteristic": r"ethnic|\bgender|\bsex|religio|disab|nationality|marital|pregnan",
    "staff": r"handler|manager|investigator|\bstaff|consultant|clinician|doctor|\blead\b|(?:cre|upd)ated by|entered by",
    # Places have names too.
    "name": r"^(?!.*\b(?:service|provider|location|site|ward|team|hospital|clinic|organ)).*names?\b|\binitials\b",
    "person": r"patient|complainant|enquirer|person|claimant|relative|next of kin|contact detail|reviewer|author",
    "grade": r"grad(?:e|ing)\b|severity|\brisk|consequence|likelihood|complexity|\bharm",
    "subject": r"subjects?\b|theme|categor|\bissues?\b|\btopic",
}
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _KINDS.items()}


def notes(header: Sequence[str], read: Collection[str]) -> Counter[str]:
    """Return how many columns of each kind a file has that are not read.

    header: the columns of the file. read: those that the layout names.
    """
    left = {one_line(name) for name in header} - {one_line(name) for name in read}
    return Counter(f"columns_not_read_{kind}" for name in left if (kind := _kind(name)))


def _kind(heading: str) -> str | None:
    """Return the kind of the field within a heading, else of the heading."""
    found = (
        kind for name in reversed(names_of(heading)) for kind, pattern in _PATTERNS.items() if pattern.search(name)
    )
    return next(found, None)
