"""Retention: text older than its source's period goes, and every figure stays as it was.

Comes in: settings and the day. Goes out: counts. A comment whose time is over loses text and title in landing and in
the warehouse; its `text_id` becomes a random name, and what the models made of the text is kept under that name, also
beside landing (`landing/<source>/expired/`), from where a restored warehouse takes it. Quarantine, files of the drop
folder, reports that quote it and locators go when their time is over. Refuses to let a text go that was not scored.
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
from wordround.erasing import elsewhere, landed, rewriting
from wordround.identity import vault
from wordround.land.manifests import landed as manifests
from wordround.land.manifests import link_count_of, write_manifest
from wordround.publish.copying import quoted
from wordround.score import copies as copy_grouping
from wordround.score import figures as scoring
from wordround.settings import Settings
from wordround.storage import DRAFT, storage
from wordround.warehouse.engine import connect, exclusive
from wordround.warehouse.figure_tables import FIGURE_TABLES

_EXPIRED = "select comment_id, text_id, was_nothing_to_improve from raw.comments where source = ? and is_text_expired"


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
    expired = _expired(settings, source)
    _keep_figures(settings, source)
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
    counts["reports"] = len(elsewhere.remove_reports(settings, ids, set()) if ids else [])
    return counts


def _expire_texts(settings: Settings, source: str, cutoff: date) -> int:
    due = "source = $source and posted_date < $cutoff and text is not null"
    values = {"source": source, "cutoff": cutoff}
    with connect(settings) as connection:
        (count,) = connection.execute(f"select count(*) from raw.comments where {due}", values).fetchone() or (0,)
    if not count:
        return 0
    scoring.score(settings)
    copy_grouping.group(settings)
    _build_if_never_built(settings)
    erasing.mark_stale(settings)
    with connect(settings) as connection:
        connection.execute("begin")
        # Whether "nothing" answered what could be better is known to the model that reads the answer.
        connection.execute(
            f"""create or replace temp table expiring as
                select comment_id, comments.text_id as old_text_id, replace(uuid()::varchar, '-', '') as new_text_id,
                    coalesce(classified.is_nothing_to_improve, false) as was_nothing
                from (from raw.comments where {due}) as comments
                left join intermediate.int_comments_classified as classified using (comment_id)""",
            values,
        )
        for table in FIGURE_TABLES:
            connection.execute(
                f"""insert into understanding.{table} by name
                    select figures.* replace (expiring.new_text_id as text_id)
                    from understanding.{table} as figures
                    inner join expiring on figures.text_id = expiring.old_text_id"""
            )
        connection.execute(
            """update raw.comments set text = null, title = null, text_id = new_text_id, is_text_expired = true,
                   was_nothing_to_improve = was_nothing, updated_at = get_current_timestamp()
               from expiring where comments.comment_id = expiring.comment_id"""
        )
        rewriting.delete_orphaned_figures(connection)
        connection.execute("drop table expiring")
        connection.execute("commit")
    rewriting.rewrite(settings)
    return int(count)


def _build_if_never_built(settings: Settings) -> None:
    try:
        with connect(settings) as connection:
            connection.execute("select is_nothing_to_improve from intermediate.int_comments_classified limit 0")
    except duckdb.CatalogException:
        marts.build(settings)


def _expired(settings: Settings, source: str) -> pa.Table:
    if not settings.warehouse_file.exists():
        return pa.table({"comment_id": pa.array([], pa.string())})
    with connect(settings) as connection:
        return connection.execute(_EXPIRED, [source]).to_arrow_table()


def _keep_figures(settings: Settings, source: str) -> None:
    """Write figures of expired texts beside landing, as far as they are not there: they cannot be made again."""
    folder = settings.landing / source / "expired"
    if not settings.warehouse_file.exists():
        return
    with connect(settings) as connection:
        for table in FIGURE_TABLES:
            kept = [str(path) for path in folder.glob(f"{table}-*.parquet")]
            known = f"select text_id from read_parquet({kept})" if kept else "select null where false"
            new = f"""select * from understanding.{table}
                where text_id in (select text_id from raw.comments where source = '{source}' and is_text_expired)
                    and text_id not in ({known})"""
            if connection.execute(f"{new} limit 1").fetchone():
                folder.mkdir(parents=True, exist_ok=True)
                path = folder / f"{table}-{len(kept) + 1:04}.parquet"
                draft = path.with_name(f"{DRAFT}{path.name}")
                connection.execute(f"copy ({new}) to '{quoted(draft)}' (format parquet, compression zstd)")
                draft.replace(path)


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
    columns = {
        field.name: batch[field.name] if field.name in batch.schema.names else pa.nulls(batch.num_rows, field.type)
        for field in LANDED
    }
    places = pc.index_in(batch["comment_id"], value_set=ids)
    is_over = pc.and_(pc.is_valid(places), pc.is_valid(columns["text"]))
    for name, given in (("expired_text_id", "text_id"), ("was_nothing_to_improve", "was_nothing_to_improve")):
        columns[name] = pc.if_else(is_over, expired[given].combine_chunks().take(places), columns[name])
    for name in ("text", "title"):
        columns[name] = pc.if_else(is_over, pa.scalar(None, pa.string()), columns[name])
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=LANDED)
