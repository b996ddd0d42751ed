"""The file of a backup: a tar archive of plain files, whose last member says how long each is and its SHA-256.

It is there whole or not at all, and readable by its owner alone. Unpacking writes nothing that the list does not name,
and nothing outside the folder that it is given.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

from wordround.errors import BackupUnusable
from wordround.progress import progress
from wordround.storage import DRAFT, storage, sync

_LIST = "backup.json"
_CHUNK = 1 << 20
# Of the list: a thousand times what that of a large home has. Of a name: no system takes a longer one.
_MOST_BYTES_OF_LIST, _MOST_BYTES_OF_NAME = 100_000_000, 8_192
_PLAIN_TYPES = (tarfile.REGTYPE, tarfile.AREGTYPE)
_NAME_TO_SHOW = re.compile(r"[A-Za-z0-9_./-]{1,200}")


def write(path: Path, files: Mapping[str, Path], about: Mapping[str, Any]) -> int:
    """Write an archive of files by their names in it; return how many bytes they have. A file that is gone is left out.

    about: what else the archive says of itself. Raises StorageFailed.
    """
    draft = path.with_name(f"{DRAFT}{path.name}")
    listed: dict[str, dict[str, object]] = {}
    with storage(path), progress(f"Writing {path.name}", len(files)) as advance:
        try:
            draft.unlink(missing_ok=True)
            with (
                os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
                tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar,
            ):
                for name, source in files.items():
                    with suppress(FileNotFoundError):
                        listed[name] = _add(tar, name, source)
                    advance(1)
                content = json.dumps({**about, "files": listed}, indent=2).encode()
                tar.addfile(_member(_LIST, len(content)), io.BytesIO(content))
            sync(draft)
            draft.replace(path)
            sync(path.parent)
        finally:
            draft.unlink(missing_ok=True)
    return sum(int(str(one["bytes"])) for one in listed.values())


def unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Write the files of an archive below a folder, each compared with the list; return what it says of itself.

    Raises BackupUnusable for an archive that is cut short, changed, or none; StorageFailed where the disk refuses.
    """
    found: dict[str, dict[str, object]] = {}
    about: dict[str, Any] | None = None
    try:
        with tarfile.open(path, mode="r:", tarinfo=_Member) as tar:
            for member in tar:
                content = tar.extractfile(member) if _is_whole(member) else None
                if content is None or not _is_plain(member.name) or _is_in_the_way(member.name, found):
                    raise _unusable(path, f"holds {_shown(member.name)}, which is no file of a backup")
                if member.name == _LIST:
                    if member.size > _MOST_BYTES_OF_LIST:
                        raise _unusable(path, f"holds a {_LIST} that is longer than any")
                    about = json.load(content)
                else:
                    found[member.name] = _put(content, folder / member.name)
    except (tarfile.TarError, OSError, EOFError, ValueError, OverflowError, RecursionError) as error:
        raise _unusable(path, f"cannot be read ({type(error).__name__})") from error
    if about is None:
        raise _unusable(path, "is cut short")
    if not isinstance(about, dict) or not isinstance(about.get("files"), dict):
        raise _unusable(path, f"holds a {_LIST} that lists no files")
    if not _is_moment(about.get("made_at")):
        raise _unusable(path, f"holds a {_LIST} that does not say when it was made")
    if wrong := [name for name in {*found, *about["files"]} if found.get(name) != about["files"].get(name)]:
        raise _unusable(path, f"is damaged: {_shown(min(wrong))} and {len(wrong) - 1} others are not what was written")
    return about


class _Member(tarfile.TarInfo):
    """A member of an archive of which nothing is believed: what is in no backup could be read for ever, or at once."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Return the member of a head. Raises ReadError for what goes before a member and is longer than a name."""
        member = super().frombuf(buf, encoding, errors)
        if member.size < 0 or (member.type not in _PLAIN_TYPES and member.size > _MOST_BYTES_OF_NAME):
            raise tarfile.ReadError("a head that no backup has")
        return member


def _is_whole(member: tarfile.TarInfo) -> bool:
    """Whether a member is a plain file that lies in the archive as long as it is, without holes."""
    # What goes before a member may say another size than its head.
    return member.type in _PLAIN_TYPES and not member.issparse() and member.size >= 0


def _is_moment(written: object) -> bool:
    try:
        return isinstance(written, str) and datetime.fromisoformat(written).tzinfo is not None
    except ValueError:
        return False


def _shown(name: str) -> str:
    """Return the name of a member where it is such as the home has; else it may be anything."""
    return name if _NAME_TO_SHOW.fullmatch(name) else "a file with another name than any of the home"


def _add(tar: tarfile.TarFile, name: str, source: Path) -> dict[str, object]:
    with source.open("rb") as file:
        member = _member(name, os.fstat(file.fileno()).st_size)
        member.mtime = int(os.fstat(file.fileno()).st_mtime)
        hashing = _Hashing(file)
        tar.addfile(member, hashing)  # type: ignore[arg-type] # it only reads
    return {"bytes": member.size, "sha256": hashing.digest.hexdigest()}


def _put(content: IO[bytes], path: Path) -> dict[str, object]:
    with storage(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    hashing, size = _Hashing(content), 0
    with target:
        while piece := hashing.read(_CHUNK):
            with storage(path):
                target.write(piece)
            size += len(piece)
    return {"bytes": size, "sha256": hashing.digest.hexdigest()}


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


def _is_in_the_way(name: str, found: Mapping[str, object]) -> bool:
    """Whether an earlier member has the same name, or that of a folder above this one."""
    return any(str(path) in found for path in (PurePosixPath(name), *PurePosixPath(name).parents))


def _unusable(path: Path, why: str) -> BackupUnusable:
    return BackupUnusable(f"{path}: {why}. Nothing was restored: use another backup.")


class _Hashing:
    """A file that is read from beginning to end, and its digest so far."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece
