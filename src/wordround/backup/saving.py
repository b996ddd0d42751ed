"""Making a backup: all that cannot be made again, as it is at one moment, while other runs wait.

Keys go into an archive of their own, to be kept apart from the data. Not in it: the trust's own files in `inbox/`, what
tools write anew (`airflow/`, `dbt/`, `quality/`), and the analysts' copy, which is published again.
"""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from wordround import __version__
from wordround.backup import archive
from wordround.errors import BackupRefused
from wordround.identity import known_backups
from wordround.identity.tombstones import landing_lock
from wordround.outcomes import Outcome
from wordround.records import moving
from wordround.settings import Settings
from wordround.storage import DRAFT, storage
from wordround.warehouse import moving as warehouse_moving
from wordround.warehouse.engine import connect, exclusive, is_there

WAREHOUSE, RECORDS, EDITIONS = "warehouse.duckdb", "records/records.sqlite", "published/public/editions"
# Which keys the ids have gone through is no secret, and belongs to the ids.
LINKS = "keys/links"
_WHOLE = ("landing", "quarantine", "vault", "erasure", "reports", "models", EDITIONS)
SUFFIX, KEYS_SUFFIX = ".tar", ".keys.tar"


class Saved(Outcome):
    """The files of a backup, how many files and bytes it holds, and which older ones were removed."""

    backup: str
    keys: str | None
    files: int
    bytes: int
    removed: tuple[str, ...]


def save(settings: Settings, place: Path, keys_place: Path | None = None, keep_days: int | None = None) -> Saved:
    """Write a backup to a file, or into a folder under a name with its moment.

    keys_place: where the archive of the keys goes, beside the other by default. keep_days: remove backups of this home
    that are older. Raises BackupRefused, StorageFailed, and what the warehouse and the records raise that are damaged.
    """
    moment = datetime.now(UTC)
    path = _file(settings, place, f"wordround-{moment:%Y%m%dT%H%M%SZ}{SUFFIX}")
    keys_path = _file(settings, keys_place or path.parent, f"{path.name.removesuffix(SUFFIX)}{KEYS_SUFFIX}")
    about = {"made_at": moment.isoformat(timespec="seconds"), "wordround_version": __version__}
    with exclusive(settings), landing_lock(settings):
        draft = settings.home / f"{DRAFT}backup"
        try:
            shutil.rmtree(draft, ignore_errors=True)
            records = moving.save(settings, draft)
            files = dict(_files(settings)) | ({RECORDS: records} if records else {})
            if is_there(settings):
                files[WAREHOUSE] = _warehouse(settings, draft)
            size = archive.write(path, files, about)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        secret = {name: file for name, file in _below(settings, "keys") if name != LINKS}
        if secret:
            archive.write(keys_path, secret, about)
        known_backups.add(settings, path, moment, keys_path if secret else None)
        removed = _remove_older(settings, keep_days) if keep_days is not None else []
        # An erasure may have run where the folder of the backups could not be reached.
        known_backups.tell(settings)
    return Saved(
        backup=str(path),
        keys=str(keys_path) if secret else None,
        files=len(files),
        bytes=size,
        removed=tuple(removed),
    )


def _warehouse(settings: Settings, draft: Path) -> Path:
    """Return the warehouse as one DuckDB file that is whole: its own, or a copy of a lake below a folder."""
    if settings.engine.is_lake:
        warehouse_moving.save(settings, draft / WAREHOUSE)
        return draft / WAREHOUSE
    with connect(settings) as connection:
        # Without its log the file is whole.
        connection.execute("checkpoint")
    return settings.warehouse_file


def _file(settings: Settings, place: Path, name: str) -> Path:
    path = (place / name if place.is_dir() else place).resolve()
    if path.is_relative_to(settings.home) or path.is_relative_to(settings.shared):
        raise BackupRefused(f"{path}: lies within the data home, and would be lost with it. Name another disk.")
    if not path.parent.is_dir() or path.exists() or path.suffix != SUFFIX:
        raise BackupRefused(
            f"{path}: is no place for a backup. Name a folder that is there, or a new file in one whose name ends in "
            f"{SUFFIX}."
        )
    return path


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    for folder in _WHOLE:
        yield from _below(settings, folder)
    if settings.place(LINKS).exists():
        yield LINKS, settings.place(LINKS)


def _below(settings: Settings, folder: str) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder of the home, without links, drafts and locks."""
    place = settings.place(folder)
    for path in sorted(place.rglob("*")):
        is_passing = path.name.startswith(DRAFT) or path.suffix == ".lock"
        if path.is_file() and not path.is_symlink() and not is_passing:
            yield f"{folder}/{path.relative_to(place).as_posix()}", path


def _remove_older(settings: Settings, keep_days: int) -> list[str]:
    before = time.time() - keep_days * 24 * 3600
    known = known_backups.known(settings)
    old = [one for one in known if datetime.fromisoformat(one.made_at).timestamp() < before]
    removed = []
    for one in old:
        path = Path(one.path)
        for each in (path, known_backups.beside(path), *([Path(one.keys)] if one.keys else [])):
            if each.exists():
                with storage(each):
                    each.unlink()
                removed.append(str(each))
    known_backups.forget(settings, {Path(one.path) for one in old})
    return removed
