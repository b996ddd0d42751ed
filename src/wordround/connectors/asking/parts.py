"""Parts of an answer, whatever was sent in their place: an odd part costs that part, and never the post.

Each function returns what it is named for, or its empty value for anything else. Of a post only its id, its date and
its text must be as documented. All functions are pure.
"""

from collections.abc import Mapping
from typing import Any


def words(value: object) -> str:
    """Return a text; empty for anything else."""
    return value if isinstance(value, str) else ""


def written(value: object) -> str:
    """Return the words of a post; empty where it has none. Raises ValueError for what is no text: they are lost."""
    if value is not None and not isinstance(value, str):
        raise ValueError("no text")
    return value or ""


def name(value: object) -> str | None:
    """Return a text that is not blank, such as an id or a handle; None for anything else."""
    return value if isinstance(value, str) and value.strip() else None


def part(value: object, *names: str) -> dict[str, Any]:
    """Return what lies under these names, one in the other, where it is an object; else an empty one."""
    for each in names:
        value = value.get(each) if isinstance(value, Mapping) else None
    return value if isinstance(value, dict) else {}


def parts(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list | tuple) else []


def named_parts(value: object, field: str) -> dict[str, dict[str, Any]]:
    """Return the objects of a list by their ids, of which whatever is missing counts as deleted.

    Raises TypeError for anything else, a row without an id among them: it may be any of those that seem to be missing.
    """
    if not isinstance(value, list) or not all(isinstance(each, dict) and name(each.get(field)) for each in value):
        raise TypeError("no list of rows that each have an id")
    return {each[field]: each for each in value}


def names(value: object) -> list[str]:
    """Return the texts of a list that are not blank."""
    return [each for each in value if name(each)] if isinstance(value, list | tuple) else []


def is_set(value: object) -> bool:
    """Whether a flag may be set. One that forbids something counts as set unless it is plainly not."""
    return bool(value) and value != "false"
