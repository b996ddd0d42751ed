"""Who did something, as the records may hold it: a role or initials, no name and no address."""

import unicodedata

from wordround.plain_text import plain

LONGEST_ROLE = 40


def tidy(by: str) -> str | None:
    """Return a role as it is stored; None where it cannot be one."""
    role = " ".join(plain(by).split())
    return role if _bare(role) and len(role) <= LONGEST_ROLE and "@" not in role else None


def is_same(one: str, other: str) -> bool:
    """Return whether two roles are one, however they are written."""
    return _bare(one) == _bare(other)


def _bare(role: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", role).casefold() if c.isalnum())
