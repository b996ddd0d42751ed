"""Rotating the key: every stored id is brought under a fresh one, so that leaked ids say nothing about those now.

Landing, quarantine, tombstones, reports, records and the warehouse follow the chain of keys (identity/keys.py). Each
records how many keys its ids have gone through, so that a rotation that was cut short is finished by running it again.
Until then nothing else runs (RotationUnfinished). Vault files hold no id of ours and stay as they are.
"""

import json
import logging
from contextlib import suppress

import pyarrow as pa
import pyarrow.parquet as pq

from wordround import erasing
from wordround.comments import PSEUDONYMS
from wordround.erasing import landed
from wordround.errors import RotationUnfinished, SettingsInvalid
from wordround.identity import keys, tombstones
from wordround.identity.pseudonyms import Pseudonymiser
from wordround.land import manifests, parquet_files, quarantine
from wordround.land.former_ids import FORMER_ID
from wordround.outcomes import Outcome
from wordround.progress import progress
from wordround.records import relinking
from wordround.settings import Settings
from wordround.storage import DRAFT, storage, write_whole
from wordround.warehouse import key_links, rewriting, stored_comments
from wordround.warehouse.engine import connect, exclusive, is_there

log = logging.getLogger(__name__)

# Only reports that were rotated have this field: how many keys their ids have gone through.
_REPORT_LINKS = "quoted_ids_link_count"


class Rotated(Outcome):
    """How many keys the ids have gone through now, and how much was brought under the new one."""

    keys: int
    landed_files: int
    quarantine_files: int
    tombstones: int
    reports: int
    rewrites: int
    reviews: int
    flags: int
    summaries: int
    comments: int


def rotate(settings: Settings) -> Rotated:
    """Add a key and bring every stored id under it, or finish an earlier rotation.

    Raises SettingsInvalid where the keys come from the environment and hold no new one: only a person can set it. The
    published copies follow when the marts are built again (`erasing.is_stale`). Raises ManifestDamaged and
    FileUnreadable, for what was landed, before anything is changed.
    """
    with exclusive(settings):
        _stop_at_damage(settings)
        chain, before = _chains(settings)
        pseudonymiser = Pseudonymiser(*chain)
        with tombstones.landing_lock(settings), storage(settings.landing):
            rotated = Rotated(
                keys=len(chain),
                landed_files=_relink_landed(settings, pseudonymiser),
                quarantine_files=_relink_quarantined(settings, pseudonymiser),
                tombstones=tombstones.relink(settings, pseudonymiser),
                reports=_relink_reports(settings, pseudonymiser, before),
                **relinking.relink(settings, pseudonymiser.relinked, pseudonymiser.link_count, before),
                comments=_relink_warehouse(settings, pseudonymiser),
            )
            for path in settings.quality.glob("failures/*/*.csv"):
                # They list ids that no longer exist; the next run of the gate writes them again.
                path.unlink()
            keys.set_stored(settings, chain)
    log.info("The ids are under %d keys now.", len(chain))
    return rotated


def _stop_at_damage(settings: Settings) -> None:
    """Raise what is wrong with the landed files: half way nothing else would run until it is mended."""
    for manifest in manifests.landed(settings):
        with suppress(FileNotFoundError):
            parquet_files.check(settings, manifest)
            parquet_files.link_count_of(settings.shared / manifest.parquet)


def _chains(settings: Settings) -> tuple[tuple[bytes, ...], int]:
    """Return the chain with the new key, and how many keys the stored ids have gone through."""
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


def _relink_landed(settings: Settings, pseudonymiser: Pseudonymiser) -> int:
    batches = {settings.shared / manifest.parquet: manifest for manifest in manifests.landed(settings)}
    waiting = [
        path
        for path in sorted(settings.landing.glob("*/*/*.parquet"))
        if path.parent.name != "expired"
        and not path.name.startswith(DRAFT)
        and parquet_files.link_count_of(path) < pseudonymiser.link_count
    ]
    with progress("Bringing ids under the new key", len(waiting)) as advance:
        for path in waiting:
            since, there = parquet_files.link_count_of(path), pq.ParquetFile(path)
            changed = (relinked(batch, pseudonymiser, since) for batch in there.iter_batches())
            if path in batches:
                landed.replace_rows(settings, batches[path], changed, there.schema_arrow, pseudonymiser.link_count)
            else:  # the pairs of a batch (former_ids.py), or of a run that was killed before it wrote a manifest
                landed.draft_of(path, changed, there.schema_arrow, pseudonymiser.link_count).replace(path)
            advance(1)
    return len(waiting)


def relinked(batch: pa.RecordBatch, pseudonymiser: Pseudonymiser, since: int) -> pa.RecordBatch:
    """Return rows with every keyed hash brought under all keys."""
    columns = {name: batch[name] for name in batch.schema.names}
    for name in columns.keys() & {*PSEUDONYMS, FORMER_ID}:
        values = [one and pseudonymiser.relinked(one, since) for one in columns[name].to_pylist()]
        columns[name] = pa.array(values, pa.string())
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=batch.schema)


def _relink_quarantined(settings: Settings, pseudonymiser: Pseudonymiser) -> int:
    changed = 0
    for path in sorted(settings.quarantine.glob("*/*/*.csv")):
        rows, is_behind = quarantine.read_rows(path), False
        for row in rows:
            since, ids = quarantine.untagged(row["comment_ids"])
            if ids and since < pseudonymiser.link_count:
                row["comment_ids"] = quarantine.tagged(
                    [pseudonymiser.relinked(one, since) for one in ids], pseudonymiser.link_count
                )
                is_behind = True
        if is_behind:
            quarantine.write_rows(path, rows)
            changed += 1
    return changed


def _relink_reports(settings: Settings, pseudonymiser: Pseudonymiser, before: int) -> int:
    changed = 0
    for path in sorted(settings.reports.glob("*/report.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        since = report.get(_REPORT_LINKS, before)
        if report.get("quoted_comment_ids") and since < pseudonymiser.link_count:
            report["quoted_comment_ids"] = [pseudonymiser.relinked(one, since) for one in report["quoted_comment_ids"]]
            report[_REPORT_LINKS] = pseudonymiser.link_count
            write_whole(path, json.dumps(report, indent=2, ensure_ascii=False) + "\n")
            changed += 1
    return changed


def _relink_warehouse(settings: Settings, pseudonymiser: Pseudonymiser) -> int:
    if not is_there(settings):
        return 0
    with connect(settings) as connection:
        since = key_links.link_count(connection)
    if since is None or since >= pseudonymiser.link_count:
        return 0
    count = stored_comments.count(settings)
    erasing.mark_stale(settings)
    rewriting.rewrite(settings, lambda _, batch: relinked(batch, pseudonymiser, since), pseudonymiser.link_count)
    return count
