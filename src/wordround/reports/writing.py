"""Puts a finished file in place, so that a reader never sees half of one."""

import os
from contextlib import suppress
from pathlib import Path

from wordround.errors import StorageFailed


def write(path: Path, content: str) -> None:
    """Write text (UTF-8) to a temporary name and rename it. Raises StorageFailed; the old file then stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(content, encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StorageFailed(
            f"{path}: cannot be written ({error.strerror}). Free space or correct its rights."
        ) from error
