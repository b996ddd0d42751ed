"""What files and servers call themselves, as it may stand in messages, manifests and logs."""

from functools import lru_cache
from pathlib import Path, PurePath

from wordround.deidentify import deidentifier
from wordround.deidentify.cells import Cells
from wordround.plain_text import one_line
from wordround.registers.services import exempt_names


def public_name(path: Path) -> str:
    """Return a file's name without the name of a person and without bytes that are no characters."""
    return _cells(exempt_names()).file_name(PurePath(one_line(path.name) or "file"))


def shown(words: str) -> str:
    """Return the words of a server without identifiers."""
    return _cells(exempt_names()).words(words) if words else ""


def shown_header(name: str) -> str:
    """Return the name of a column or a sheet without identifiers."""
    return _cells(exempt_names()).header(name) if name else ""


@lru_cache(1)
def _cells(own_names: tuple[str, ...]) -> Cells:
    return Cells(deidentifier(own_names), own_names)
