"""Restoring: an empty data home is filled from a backup, and what was erased since is erased again.

A backup does not know of later erasures. What does is the file beside it, which every erasure writes (known_backups),
or the `erasure/` folder of the home that was lost; without either nothing is restored. The backup is unpacked beside
the home's places and compared there. It is put in place with the journal of what is to be erased, which any erasing and
the nightly run would finish too.
"""

import shutil
from contextlib import suppress
from pathlib import Path

from wordround import erasing
from wordround.backup import archive
from wordround.backup.saving import KEYS_SUFFIX, LINKS, RECORDS, SUFFIX, WAREHOUSE
from wordround.erasing import key_rotation
from wordround.errors import BackupRefused, RotationUnfinished
from wordround.identity import keys, known_backups, tombstones
from wordround.outcomes import Outcome
from wordround.records import moving as records_moving
from wordround.records.place import place_of
from wordround.settings import Engine, Settings
from wordround.storage import DRAFT, storage
from wordround.warehouse import moving
from wordround.warehouse.engine import exclusive, shown_place

# What keeps erased comments out comes first.
_IN_ORDER = (
    "erasure", LINKS, "keys", "records", "vault", "quarantine", "landing", "reports", "models", "published", WAREHOUSE,
)  # fmt: skip


class Restored(Outcome):
    """When the backup was made, how many files it had, and how many comments were erased again.

    `records`: `restored`, `none`, or `kept` where their database had rows already.
    """

    made_at: str
    files: int
    records: str
    erased_again: int


def restore(settings: Settings, backup: Path, keys_file: Path | None = None, erasures: Path | None = None) -> Restored:
    """Fill an empty home from a backup, and erase again what was erased since it was made.

    keys_file: the archive of the keys; beside the backup by default. erasures: the folder `erasure` of the lost home,
    or a copy of its `tombstones`; by default what lies beside the backup. Raises BackupRefused, BackupUnusable,
    StorageFailed, and SettingsInvalid for a key that is not that of the backup; then the home is as empty as it was.
    """
    _refuse_unless_empty(settings)
    stones = _tombstones_since(backup, erasures)
    draft = settings.home / f"{DRAFT}restore"
    environment = settings.environment.model_copy(update={"home": draft})
    # What is unpacked is a file on either engine.
    there = settings.model_copy(update={"environment": environment, "engine": Engine(warehouse="duckdb")})
    with exclusive(settings), storage(settings.home):
        shutil.rmtree(draft, ignore_errors=True)
        try:
            about = archive.unpack(backup, draft)
            _bring_keys(there, backup, keys_file)
            _refuse_other_keys(there, stones)
            records = _bring_records(there)
            erased_again = _prepare_erasure(there, stones)
            known_backups.join(
                there, known_backups.Backup(str(backup.resolve()), about["made_at"], None), stones.parent
            )
            for name in _IN_ORDER:
                if settings.engine.is_lake and name == WAREHOUSE and (draft / name).exists():
                    moving.bring_in(settings, draft / name)
                else:
                    _put_in_place(draft / name, settings.place(name))
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        erasing.resume(settings)
    return Restored(made_at=about["made_at"], files=len(about["files"]), records=records, erased_again=erased_again)


def _refuse_other_keys(settings: Settings, stones: Path) -> None:
    with suppress(RotationUnfinished):
        keys.chain_in_force(settings)  # raises for another key
    if tombstones.link_count_of(stones) > len(keys.chain(settings)):
        raise BackupRefused(
            f"{stones}: the key was changed since the backup was made, and the newer one is not here. Give the keys of "
            "a later backup (--keys), or set WORDROUND_KEY. Nothing was restored."
        )


def _prepare_erasure(settings: Settings, stones: Path) -> int:
    """Bring an unpacked home under the keys of its tombstones, and note what is to be erased; return how many."""
    chain, under = keys.chain(settings), keys.stored_under(settings)
    link_count = under.link_count if under else len(chain)
    is_behind = len(chain) > link_count
    has_new = tombstones.join(settings, stones, chain)
    # A journal that the backup holds names ids under the older keys; its comments have tombstones as well.
    found = erasing.with_tombstone(settings, chain, link_count) if has_new or is_behind else None
    if is_behind:
        key_rotation.rotate(settings)
    if found and (found.comment_ids or found.batch_ids):
        erasing.prepare(settings, found)
    return len(found.comment_ids) if found else 0


def _refuse_unless_empty(settings: Settings) -> None:
    for name in _IN_ORDER:
        path = settings.place(name)
        if path.is_file() or any(one.is_file() for one in path.rglob("*")):
            raise BackupRefused(
                f"{path}: is there already. A backup is restored into an empty data home only: stop Airflow, move what "
                "is there away, or name another WORDROUND_HOME."
            )
    if settings.engine.is_lake and moving.holds_rows(settings):
        raise BackupRefused(
            f"{shown_place(settings)}: the lake holds comments already. A backup is restored into an empty one only: "
            "name another database in WORDROUND_CATALOGUE_URL and another place in [engine] data."
        )


def _tombstones_since(backup: Path, erasures: Path | None) -> Path:
    path = erasures or known_backups.beside(backup)
    path = path / "tombstones" if path.is_dir() else path
    if not path.is_file():
        raise BackupRefused(
            f"{path}: is not there, and nothing else says what was erased since the backup was made. Put the file that "
            "lay beside the backup there; or give the `erasure` folder of the lost home (--erasures)."
        )
    return path


def _bring_keys(there: Settings, backup: Path, keys_file: Path | None) -> None:
    path = keys_file or backup.with_name(f"{backup.name.removesuffix(SUFFIX)}{KEYS_SUFFIX}")
    if path.is_file():
        archive.unpack(path, there.home)
    if there.environment.key is None and not keys.key_file(there).exists():
        raise BackupRefused(
            f"{path}: the keys of the backup are not there. Give their archive (--keys), or set WORDROUND_KEY."
        )


def _bring_records(there: Settings) -> str:
    if not (there.home / RECORDS).exists():
        return "none"
    if place_of(there).path:
        return "restored"
    is_brought = records_moving.bring_in(there, there.home)
    shutil.rmtree(there.records)
    return "restored" if is_brought else "kept"


def _put_in_place(draft: Path, path: Path) -> None:
    """Move a file or folder; into a folder that is there, as where a volume is mounted, what is in it."""
    if draft.is_dir() and path.is_dir():
        for each in draft.iterdir():
            _put_in_place(each, path / each.name)
    elif draft.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(draft, path)
