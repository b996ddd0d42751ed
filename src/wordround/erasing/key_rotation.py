"""Rotating the key: every stored id is brought under a fresh one, so that ids that leaked say nothing about those now.

Comes in: the chain of keys (keys.py) with one key more than the stored ids have been through. Goes out: landing,
quarantine, tombstones, reports, rewrites and the warehouse under all of them. Each of them says under how many keys it
is, so that a rotation that was cut short is run again and ends right; until it has, nothing else runs
(RotationUnfinished). Vault files keep no id of ours and stay as they are.
"""

import json
import logging
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wordround import erasing
from wordround.comments import PSEUDONYMS
from wordround.erasing import landed
from wordround.errors import RotationUnfinished, SettingsInvalid
from wordround.identity import keys, tombstones
from wordround.identity.pseudonyms import Pseudonymiser
from wordround.land import quarantine
from wordround.land.manifests import link_count_of
from wordround.outcomes import Outcome
from wordround.progress import progress
from wordround.records import rewrites
from wordround.settings import Settings
from wordround.storage import DRAFT, storage, write_whole
from wordround.warehouse import key_links, rewriting, stored_comments
from wordround.warehouse.engine import connect, exclusive

log = logging.getLogger(__name__)

# A report that was not rotated yet says nothing; a rotated one says under how many keys its ids are.
_REPORT_LINKS = "quoted_ids_link_count"


class Rotated(Outcome):
    """Under how many keys the ids are now, and how much was brought under the new one."""

    keys: int
    landed_files: int
    quarantine_files: int
    tombstones: int
    reports: int
    rewrites: int
    comments: int


def rotate(settings: Settings) -> Rotated:
    """Add a key and bring every stored id under it, or finish what an earlier rotation left.

    Raises SettingsInvalid where the keys come from the environment and no new one is there: only a person can set it.
    The published copies follow when the marts are built again (`erasing.is_stale`).
    """
    with exclusive(settings):
        chain, before = _chains(settings)
        fold = Pseudonymiser(*chain)
        with tombstones.landing_lock(settings), storage(settings.landing):
            rotated = Rotated(
                keys=len(chain),
                landed_files=_relink_landed(settings, fold),
                quarantine_files=_relink_quarantined(settings, fold),
                tombstones=tombstones.relink(settings, fold),
                reports=_relink_reports(settings, fold, before),
                rewrites=rewrites.relink(settings, fold.relinked, fold.link_count, before),
                comments=_relink_warehouse(settings, fold, before),
            )
            for path in settings.quality.glob("failures/*/*.csv"):
                # They list ids that there are no more; the next run of the gate writes them again.
                path.unlink()
            keys.set_stored(settings, chain)
    log.info("The ids are under %d keys now.", len(chain))
    return rotated


def _chains(settings: Settings) -> tuple[tuple[bytes, ...], int]:
    """Return the chain with the new key, and under how many keys the stored ids are."""
    try:
        chain = keys.chain_in_force(settings)
    except RotationUnfinished:
        stored = keys.stored_under(settings)
        return keys.chain(settings), stored.link_count if stored else 1
    erasing.resume(settings)
    if settings.environment.key is not None:
        raise SettingsInvalid(
            "WORDROUND_KEY: the key comes from the environment, which this command cannot write. Make a new key with "
            "`openssl rand -hex 32`, put it behind the old one with a comma between them (old,new), keep both in the "
            "backup of the keys, and run `wordround keys rotate` again."
        )
    return keys.add_key(settings), len(chain)


def _relink_landed(settings: Settings, fold: Pseudonymiser) -> int:
    waiting = [
        path
        for path in sorted(settings.landing.glob("*/*/*.parquet"))
        if path.parent.name != "expired" and not path.name.startswith(DRAFT) and link_count_of(path) < fold.link_count
    ]
    with progress("Bringing ids under the new key", len(waiting)) as advance:
        for path in waiting:
            since, there = link_count_of(path), pq.ParquetFile(path)
            changed = (relinked(batch, fold, since) for batch in there.iter_batches())
            landed.replace_rows(path, changed, there.schema_arrow, fold.link_count)
            advance(1)
    return len(waiting)


def relinked(batch: pa.RecordBatch, fold: Pseudonymiser, since: int) -> pa.RecordBatch:
    """Return rows with every keyed hash brought under all keys."""
    columns = {name: batch[name] for name in batch.schema.names}
    for name in PSEUDONYMS:
        values = [one and fold.relinked(one, since) for one in columns[name].to_pylist()]
        columns[name] = pa.array(values, pa.string())
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=batch.schema)


def _relink_quarantined(settings: Settings, fold: Pseudonymiser) -> int:
    changed = 0
    for path in sorted(settings.quarantine.glob("*/*/*.csv")):
        rows, is_behind = quarantine.read_rows(path), False
        for row in rows:
            since, ids = quarantine.untagged(row["comment_ids"])
            if ids and since < fold.link_count:
                row["comment_ids"] = quarantine.tagged([fold.relinked(one, since) for one in ids], fold.link_count)
                is_behind = True
        if is_behind:
            quarantine.write_rows(path, rows)
            changed += 1
    return changed


def _relink_reports(settings: Settings, fold: Pseudonymiser, before: int) -> int:
    changed = 0
    for path in sorted(settings.reports.glob("*/report.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        since = report.get(_REPORT_LINKS, before)
        if report.get("quoted_comment_ids") and since < fold.link_count:
            report["quoted_comment_ids"] = [fold.relinked(one, since) for one in report["quoted_comment_ids"]]
            report[_REPORT_LINKS] = fold.link_count
            write_whole(path, json.dumps(report, indent=2, ensure_ascii=False) + "\n")
            changed += 1
    return changed


def _relink_warehouse(settings: Settings, fold: Pseudonymiser, before: int) -> int:
    if not Path(settings.warehouse_file).exists():
        return 0
    with connect(settings) as connection:
        since = key_links.link_count(connection)
    if since is None or since >= fold.link_count:
        return 0
    count = stored_comments.count(settings)
    erasing.mark_stale(settings)
    rewriting.rewrite(settings, lambda _, batch: relinked(batch, fold, since), fold.link_count)
    return count
