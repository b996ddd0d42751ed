"""Files that are whole or not there, and a disk's refusals by name.

A file is put in place by one rename after its content reached the disk: a reader sees the old file or the new one, also
when the machine stops in between. A lock is the operating system's: it ends with the process that holds it.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from wordround.errors import StorageFailed

DRAFT = ".draft-"


@contextmanager
def storage(where: Path) -> Iterator[None]:
    """Turn what the operating system says of a disk into StorageFailed, which names the place and what to do."""
    try:
        yield
    except OSError as error:
        raise StorageFailed(
            f"{error.filename or where}: cannot be written ({error.strerror or error}). Free some space or mend the "
            "folder's rights, then run this again: nothing was half done."
        ) from error


def write_whole(path: Path, content: str | bytes, mode: int = 0o666) -> None:
    """Write a file (text as UTF-8), making its folder; nobody may do with it what `mode` does not say, at any moment.

    Raises StorageFailed; a file of that name then stays as it was.
    """
    draft = path.with_name(f"{DRAFT}{path.name}-{secrets.token_hex(3)}")
    with storage(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
            sync(draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Return the checksum of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def forget_drafts(folder: Path) -> None:
    """Remove what killed runs have left of drafts; the caller holds the lock under which they are made."""
    for draft in folder.glob(f"{DRAFT}*"):
        if draft.is_dir() and not draft.is_symlink():
            shutil.rmtree(draft)
        else:
            draft.unlink(missing_ok=True)


@contextmanager
def held(path: Path, seconds: float = -1) -> Iterator[None]:
    """Hold a lock for this thread, which may take it again within; others wait.

    seconds: how long to wait for it, without end where it is negative. Raises TimeoutError.
    """
    lock = FileLock(path, is_singleton=True)
    with storage(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(Timeout):
            lock.acquire(timeout=seconds)
    if not lock.is_locked:
        raise TimeoutError(str(path))
    try:
        yield
    finally:
        lock.release()


def sync(path: Path) -> None:
    """Wait until a file has reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
