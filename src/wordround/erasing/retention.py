"""Retention: texts older than the period of their source are removed, and every figure stays as it was.

A comment past its period loses text, title and titles of links in landing and in the warehouse. Its `text_id` becomes a
random name; the figures of the text are kept under that name, also beside landing (`landing/<source>/expired/`), from
where a restored warehouse takes them. No text is removed before it is scored. Quarantine, files of the drop folder,
reports that quote it, rewrites and locators are removed after their own periods.
"""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wordround import erasing
from wordround.build import dbt
from wordround.erasing import drop_folders, landed, other_files
from wordround.identity import vault
from wordround.land import manifests, parquet_files, quarantine
from wordround.records import comment_flags, reviews, rewrites
from wordround.score import copies, rescoring
from wordround.settings import Settings
from wordround.storage import storage
from wordround.warehouse import expiry, rewriting
from wordround.warehouse.engine import connect, exclusive, is_there

log = logging.getLogger(__name__)


def expire(settings: Settings, today: date) -> dict[str, Any]:
    """Remove what is past its retention period; return counts by source. Can be run again at any time."""
    with exclusive(settings), storage(settings.home):
        erasing.resume(settings)
        outcome: dict[str, Any] = {"locator_files": vault.expire(settings, today)}
        expired: dict[str, set[str]] = {}
        for source, days in _periods(settings):
            outcome[source], expired[source] = _expire_source(settings, source, today - timedelta(days=days))
        # Last: a server of records that is down must not keep any source's text in all the other places.
        for source, comment_ids in expired.items():
            reworded = rewrites.comments(settings) & comment_ids
            outcome[source]["rewrites"] = rewrites.forget(settings, reworded) if reworded else 0
            reviews.forget_words(settings, comment_ids)
            comment_flags.forget_waiting(settings, comment_ids)
    return outcome


def _periods(settings: Settings) -> Iterator[tuple[str, int]]:
    for name, _ in settings.sources:
        days = settings.retention_days_of(name)
        if days is not None:
            yield name, days


def _expire_source(settings: Settings, source: str, cutoff: date) -> tuple[dict[str, int], set[str]]:
    """Let go of what a source has kept too long; return what went where, and the ids of all its expired comments."""
    texts = _expire_texts(settings, source, cutoff) if is_there(settings) else 0
    counts = {"texts": texts, "landed_rows": 0, "quarantine_files": 0}
    expired = expiry.expired(settings, source)
    expiry.keep_figures(settings, source)
    over: set[str] = set()
    for manifest in manifests.landed(settings, source):
        parquet = settings.shared / manifest.parquet
        if parquet.exists() and (manifest.first_posted_date or date.max) < cutoff:
            rows, manifest = _take_texts_out(settings, manifest, expired)
            counts["landed_rows"] += rows
        quarantined = quarantine.path_of(settings, manifest)
        if manifest.logical_date < cutoff and quarantined.exists():
            without = manifest.model_copy(update={"quarantine_file": None, "quarantine_expired": True})
            manifests.write_manifest(settings, without)
            quarantined.unlink()
            counts["quarantine_files"] += 1
        if (manifest.last_posted_date or manifest.logical_date) < cutoff:
            over.add(manifest.input_sha256)
    removed, left = drop_folders.remove_originals(settings, over)
    counts["drop_folder_files"], counts["drop_folder_files_left"] = len(removed), len(left)
    for problem in left:
        log.error("%s", problem)
    ids = set(expired["comment_id"].to_pylist())
    counts["reports"] = len(other_files.remove_reports(settings, ids, set()) if ids else [])
    return counts, ids


def _expire_texts(settings: Settings, source: str, cutoff: date) -> int:
    count = expiry.due_count(settings, source, cutoff)
    if count:
        rescoring.score(settings)
        copies.group(settings)
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
        dbt.build(settings)


def _take_texts_out(
    settings: Settings, manifest: manifests.Manifest, expired: pa.Table
) -> tuple[int, manifests.Manifest]:
    """Rewrite a landed file without the words of expired comments; return how many rows changed, and its manifest."""
    parquet = settings.shared / manifest.parquet
    there = pq.ParquetFile(parquet)
    looked_at = there.read(columns=["comment_id", "text"])
    ids = expired["comment_id"].combine_chunks()
    with_words = looked_at.filter(pc.is_valid(looked_at["text"]))
    count = int(pc.sum(pc.is_in(with_words["comment_id"], value_set=ids)).as_py() or 0)
    if count:
        batches = (_without_words(batch, expired, ids) for batch in there.iter_batches())
        links = parquet_files.link_count_of(parquet)
        manifest = landed.replace_rows(settings, manifest, batches, there.schema_arrow, links)
    return count, manifest


def _without_words(batch: pa.RecordBatch, expired: pa.Table, ids: pa.Array) -> pa.RecordBatch:
    columns = {name: batch[name] for name in batch.schema.names}
    places = pc.index_in(batch["comment_id"], value_set=ids)
    is_over = pc.and_(pc.is_valid(places), pc.is_valid(columns["text"]))
    for name, source in (("expired_text_id", "text_id"), ("was_nothing_to_improve", "was_nothing_to_improve")):
        columns[name] = pc.if_else(is_over, expired[source].combine_chunks().take(places), columns[name])
    # The language is kept for the sake of the text alone: a rare one would say who wrote.
    for name in {"text", "title", "link_titles", "detected_language"} & set(columns):
        columns[name] = pc.if_else(is_over, pa.scalar(None, columns[name].type), columns[name])
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=batch.schema)
