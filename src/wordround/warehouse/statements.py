"""SQL statements of more than a line or two, a file each."""

from functools import cache
from importlib import resources
from pathlib import Path


@cache
def statement(name: str) -> str:
    """Return the SQL of `warehouse/<name>.sql`. Values go in by parameters, names of tables by `{table}`."""
    return (resources.files(__package__) / f"{name}.sql").read_text(encoding="utf-8")


def quoted(path: Path) -> str:
    """Return a path for use between quotes in SQL, where a statement takes no parameter."""
    return quoted_text(str(path))


def quoted_text(text: str) -> str:
    """Return a text for use between quotes in SQL, where a statement takes no parameter."""
    return text.replace("'", "''")
