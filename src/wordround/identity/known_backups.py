"""Known backups: where copies lie that an erasure does not reach, and what tells them of it.

`erasure/backups.json` lists the backups that were made of this home. Beside each lies `<backup>.erased`, the tombstones
(keyed hashes, which name nobody) as of the last erasure: a restore erases by them again (backup/restoring.py).
"""

import json
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from wordround.errors import StorageFailed
from wordround.settings import Settings
from wordround.storage import write_whole

_NAME = "backups.json"


class Backup(NamedTuple):
    """A backup of this home: its file, when it was made (ISO 8601), and the archive of its keys, where it has one."""

    path: str
    made_at: str
    keys: str | None


def beside(backup: Path) -> Path:
    """The file that says what was erased since a backup was made."""
    return backup.with_name(f"{backup.name}.erased")


def known(settings: Settings) -> list[Backup]:
    """Return the backups that were made of this home and not removed by it, oldest first."""
    path = _path(settings)
    return [Backup(*one) for one in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def add(settings: Settings, backup: Path, made_at: datetime, keys: Path | None) -> None:
    """Remember a backup that was made just now, and begin to tell it of erasures."""
    write_whole(beside(backup), _tombstones(settings), mode=0o600)
    _write(
        settings,
        [*known(settings), Backup(str(backup), made_at.isoformat(timespec="seconds"), str(keys) if keys else None)],
    )


def join(settings: Settings, backup: Backup, folder: Path) -> None:
    """Remember, in a home that was restored, its backup and those that `backups.json` of a folder names."""
    path = folder / _NAME
    others = [Backup(*one) for one in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []
    both = {one.path: one for one in (backup, *known(settings), *others)}
    _write(settings, sorted(both.values(), key=lambda one: datetime.fromisoformat(one.made_at)))


def forget(settings: Settings, gone: set[Path]) -> None:
    """Forget backups that are removed."""
    _write(settings, [one for one in known(settings) if Path(one.path) not in gone])


def tell(settings: Settings) -> list[str]:
    """Tell every known backup what was erased; return a sentence about each, for whoever keeps them."""
    told = []
    for one in known(settings):
        path = Path(one.path)
        if path.exists():
            try:
                write_whole(beside(path), _tombstones(settings), mode=0o600)
                told.append(f"{path} (made {one.made_at}) holds what was erased until it is removed; restoring it "
                            "erases it again.")  # fmt: skip
                continue
            except StorageFailed:
                pass
        told.append(
            f"{path} (made {one.made_at}) is not there or cannot be written beside. Where it is kept, it holds what "
            f"was erased: restore it with --erasures {settings.erasure} only."
        )
    return told


def _tombstones(settings: Settings) -> bytes:
    path = settings.erasure / "tombstones"
    return path.read_bytes() if path.exists() else b"links 0\n"


def _path(settings: Settings) -> Path:
    return settings.erasure / _NAME


def _write(settings: Settings, backups: list[Backup]) -> None:
    write_whole(_path(settings), json.dumps(backups, indent=2), mode=0o600)
