"""Who may read what lies in the data home: its owner alone, and the published files a group where the setting says so.

Every step runs under a mask that keeps what it makes from everybody else, whatever mask the shell, the scheduler or the
container had. Published files are opened to the group before readers can see them, and nothing else is ever opened. A
key lies in a file of its own that nobody else may read.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wordround.errors import SettingsInvalid, StorageFailed
from wordround.settings import Settings
from wordround.storage import storage

PRIVATE = 0o077
KEY_BYTES = 32
_FOLDER, _FILE = 0o750, 0o640


@contextmanager
def private() -> Iterator[None]:
    """Keep what is made meanwhile from everybody but its owner."""
    before = os.umask(PRIVATE)
    try:
        yield
    finally:
        os.umask(before)


def open_to_readers(settings: Settings, *places: Path) -> int:
    """Give published files and folders the modes that `[access] published` asks for; return how many were changed.

    A group that may read them may also pass through the data home, without seeing what else lies there.
    """
    is_shared = settings.access.published == "group"
    with storage(settings.published):
        count = sum(_set(path, is_shared) for place in places for path in _below(place))
        if is_shared and settings.published.is_dir():
            count += _set(settings.published, True)
            home = settings.home.stat().st_mode
            if not home & stat.S_IXGRP:
                settings.home.chmod(stat.S_IMODE(home) | stat.S_IXGRP)
    return count


def _below(place: Path) -> Iterator[Path]:
    """The place and everything in it; links are left out, because a mode is the mode of what they lead to."""
    if place.is_symlink():
        return
    yield place
    if place.is_dir():
        yield from (path for path in place.rglob("*") if not path.is_symlink())


def _set(path: Path, is_shared: bool) -> bool:
    try:
        state = path.stat()
    except FileNotFoundError:
        return False  # an old Parquet folder is being tidied away
    if state.st_uid != os.geteuid():
        return False
    wanted = (_FOLDER if stat.S_ISDIR(state.st_mode) else _FILE) & (0o770 if is_shared else 0o700)
    # The bit that hands the folder's group on to what is made in it stays.
    wanted |= state.st_mode & stat.S_ISGID
    if stat.S_IMODE(state.st_mode) == wanted:
        return False
    path.chmod(wanted)
    return True


def own_secret(path: Path, fresh: str) -> str:
    """Return a secret from its 0600 file, which is made with `fresh` in it where there is none yet.

    Raises SettingsInvalid for a file that others may read.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _create(path, fresh)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsInvalid(f"{path}: others may read this key. Set its mode with: chmod 600 {path}")
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise StorageFailed(f"{path}: the key cannot be made or read ({error.strerror}).") from error


def _create(path: Path, content: str) -> None:
    if path.exists():
        return
    # Linked only when it is whole, so that two first runs agree on one key.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(content + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def parse_key(written: str, where: str) -> bytes:
    """Return the bytes of one key. Raises SettingsInvalid, which never repeats the key."""
    try:
        key = bytes.fromhex(written)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsInvalid(
            f"{where}: a key has {2 * KEY_BYTES} hexadecimal digits. Make one with: openssl rand -hex {KEY_BYTES}"
        )
    return key
