"""The file of a backup: a tar archive of plain files, whose last member says how long each is and its SHA-256.

It is there whole or not at all, and readable by its owner alone. Unpacking writes nothing that the list does not name,
and nothing outside the folder that it is given.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any

from wordround.errors import BackupUnusable
from wordround.progress import progress
from wordround.storage import DRAFT, storage, sync

_LIST = "backup.json"
_CHUNK = 1 << 20


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
        with tarfile.open(path, mode="r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or not _is_plain(member.name) or _is_in_the_way(member.name, found):
                    raise _unusable(path, f"holds {member.name}, which is no file of a backup")
                if member.name == _LIST:
                    about = json.load(content)
                else:
                    found[member.name] = _put(content, folder / member.name)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise _unusable(path, f"cannot be read ({type(error).__name__})") from error
    if about is None:
        raise _unusable(path, "is cut short")
    if not isinstance(about, dict) or not isinstance(about.get("files"), dict):
        raise _unusable(path, f"holds a {_LIST} that lists no files")
    if wrong := [name for name in {*found, *about["files"]} if found.get(name) != about["files"].get(name)]:
        raise _unusable(path, f"is damaged: {min(wrong)} and {len(wrong) - 1} others are not what was written")
    return about


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
