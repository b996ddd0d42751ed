"""Retention: text older than its source's period goes, and every figure stays as it was.

Comes in: settings and the day. Goes out: counts. A comment whose time is over loses text and title in landing and in
the warehouse; its `text_id` becomes a random name, and what the models made of the text is kept under that name, also
beside landing (`landing/<source>/expired/`), from where a restored warehouse takes it. Quarantine, files of the drop
folder, reports that quote it, rewrites and locators go when their time is over. Refuses to let a text go that was not
scored.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wordround import erasing
from wordround.build import dbt as marts
from wordround.comments import LANDED
from wordround.erasing import elsewhere, landed
from wordround.identity import vault
from wordround.land.manifests import landed as manifests
from wordround.land.manifests import link_count_of, write_manifest
from wordround.records import rewrites
from wordround.score import copies as copy_grouping
from wordround.score import figures as scoring
from wordround.settings import Settings
from wordround.storage import storage
from wordround.warehouse import expiry, rewriting
from wordround.warehouse.engine import connect, exclusive


def expire(settings: Settings, today: date) -> dict[str, Any]:
    """Let go of what was kept long enough; return counts by source. Can be run again at any time."""
    with exclusive(settings), storage(settings.home):
        erasing.resume(settings)
        outcome: dict[str, Any] = {"locator_files": vault.expire(settings, today)}
        for source, days in _periods(settings):
            outcome[source] = _expire_source(settings, source, today - timedelta(days=days))
    return outcome


def _periods(settings: Settings) -> Iterator[tuple[str, int]]:
    for name, _ in settings.sources:
        days = settings.retention_days_of(name)
        if days is not None:
            yield name, days


def _expire_source(settings: Settings, source: str, cutoff: date) -> dict[str, int]:
    texts = _expire_texts(settings, source, cutoff) if settings.warehouse_file.exists() else 0
    counts = {"texts": texts, "landed_rows": 0, "quarantine_files": 0}
    expired = expiry.expired(settings, source)
    expiry.keep_figures(settings, source)
    over: set[str] = set()
    for manifest in manifests(settings, source):
        parquet = settings.home / manifest.parquet
        if parquet.exists() and (manifest.first_posted_date or date.max) < cutoff:
            counts["landed_rows"] += _take_texts_out(parquet, expired)
        quarantined = landed.quarantine_of(settings, manifest)
        if manifest.logical_date < cutoff and quarantined.exists():
            without = manifest.model_copy(update={"quarantine_file": None, "quarantine_expired": True})
            write_manifest(settings, without)
            quarantined.unlink()
            counts["quarantine_files"] += 1
        if (manifest.last_posted_date or manifest.logical_date) < cutoff:
            over.add(manifest.input_sha256)
    counts["drop_folder_files"] = len(elsewhere.remove_letters(settings, over)[0])
    ids = set(expired["comment_id"].to_pylist())
    reworded = rewrites.comments(settings) & ids
    counts["rewrites"] = rewrites.forget(settings, reworded) if reworded else 0
    counts["reports"] = len(elsewhere.remove_reports(settings, ids, set()) if ids else [])
    return counts


def _expire_texts(settings: Settings, source: str, cutoff: date) -> int:
    count = expiry.due_count(settings, source, cutoff)
    if count:
        scoring.score(settings)
        copy_grouping.group(settings)
        _build_if_never_built(settings)
        erasing.mark_stale(settings)
        expiry.expire_texts(settings, source, cutoff)
        rewriting.rewrite(settings)
    return count


def _build_if_never_built(settings: Settings) -> None:
    try:
        with connect(settings) as connection:
            connection.execute("select is_nothing_to_improve from intermediate.int_comments_classified limit 0")
    except duckdb.CatalogException:
        marts.build(settings)


def _take_texts_out(parquet: Path, expired: pa.Table) -> int:
    """Write a landed file again without the words of comments whose text has expired; return how many rows."""
    there = pq.ParquetFile(parquet)
    looked_at = there.read(columns=["comment_id", "text"])
    ids = expired["comment_id"].combine_chunks()
    with_words = looked_at.filter(pc.is_valid(looked_at["text"]))
    count = int(pc.sum(pc.is_in(with_words["comment_id"], value_set=ids)).as_py() or 0)
    if count:
        batches = (_without_words(batch, expired, ids) for batch in there.iter_batches())
        landed.replace_rows(parquet, batches, LANDED, link_count_of(parquet))
    return count


def _without_words(batch: pa.RecordBatch, expired: pa.Table, ids: pa.Array) -> pa.RecordBatch:
    columns = {name: batch[name] for name in LANDED.names}
    places = pc.index_in(batch["comment_id"], value_set=ids)
    is_over = pc.and_(pc.is_valid(places), pc.is_valid(columns["text"]))
    for name, given in (("expired_text_id", "text_id"), ("was_nothing_to_improve", "was_nothing_to_improve")):
        columns[name] = pc.if_else(is_over, expired[given].combine_chunks().take(places), columns[name])
    for name in ("text", "title"):
        columns[name] = pc.if_else(is_over, pa.scalar(None, pa.string()), columns[name])
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=LANDED)
