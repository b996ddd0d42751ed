"""Erasing from landing and quarantine: files are rewritten without the rows, and manifests recounted.

A manifest is counted from what its files hold; the rows that are missing from `in` were erased. So a run that was cut
short between a file and its manifest is put right by running it again.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wordround.collect.locking import source_lock
from wordround.erasing.finding import Found
from wordround.errors import AlreadyCollected
from wordround.land import quarantine
from wordround.land.batch import parquet_writer
from wordround.land.manifests import Manifest, Reading, landed, write_manifest
from wordround.land.parquet_files import link_count_of, put_in_place, settled
from wordround.settings import Settings
from wordround.storage import DRAFT, storage, sync

_IDLE_SECONDS = 600
# Two people hardly write as much word for word.
_SHORTEST_OWN_WORDS = 40
# The outcomes of rows that are in a landed file.
_IN_FILE = ("landed", "no_answer", "reshared")
_OUTCOME_COLUMNS = ["text", "is_withheld", "expired_text_id", "reshare_of"]


def erase(settings: Settings, found: Found, texts: Collection[str] = ()) -> dict[str, int]:
    """Remove the rows from every landed and every quarantine file; return how many were removed.

    texts: of the comments. A quarantined row without an id may be the same row as it could not be read yet: it goes
    where it is that row of the same sheet or file, or holds one of the texts.
    """
    gone = {"landing": 0, "quarantine": 0, "expired_figures": 0}
    wanted = pa.array(sorted(found.comment_ids), pa.string())
    expired: set[str] = set()
    reading_of = {manifest.batch_id: manifest.reading for manifest in landed(settings)}
    same_rows = _rows_of(settings, wanted)
    words = {text for text in texts if len(text) >= _SHORTEST_OWN_WORDS}
    # Before landing, by which the rows are known.
    for path in sorted(settings.quarantine.glob("*/*/*.csv")):
        gone["quarantine"] += _erase_quarantined(path, found, same_rows(reading_of.get(path.stem)), words)
    with storage(settings.landing):
        for manifest in landed(settings):
            parquet = settings.shared / manifest.parquet
            if parquet.exists():
                rows, text_ids, rewritten = _erase_landed(settings, manifest, wanted)
                gone["landing"] += rows
                expired |= text_ids
                recount(settings, rewritten)
        gone["expired_figures"] = _erase_figures(settings, expired)
        clear_drafts(settings)
    return gone


def from_elsewhere(settings: Settings, found: Found) -> list[str]:
    """Name the files that brought these comments from outside the drop folders (`--file`): there they may still lie.

    Where a file lay was never recorded: it is named as in its manifest, without what could be a person's, and by its
    digest.
    """
    wanted = pa.array(sorted(found.comment_ids), pa.string())
    named: dict[str, str] = {}
    for manifest in landed(settings):
        parquet = settings.shared / manifest.parquet
        if manifest.is_from_elsewhere and parquet.exists():
            ids = pq.read_table(parquet, columns=["comment_id"])["comment_id"]
            if manifest.batch_id in found.batch_ids or pc.any(pc.is_in(ids, value_set=wanted)).as_py():
                named[manifest.input_sha256] = (
                    f"{manifest.file} (SHA-256 {manifest.input_sha256[:16]}) was fed from outside the drop folders on "
                    f"{manifest.landed_at:%d %B %Y}. Where it lay was not recorded: look for it, and remove it by hand."
                )
    return sorted(named.values())


def earlier_versions(
    settings: Settings, manifests: Sequence[Manifest], content_of: Mapping[str, str]
) -> tuple[set[str], set[str]]:
    """Return the comments of which these batches hold another version than the stored one, and its texts.

    content_of: the content hash of each stored comment by its id.
    """
    comment_ids, texts = set[str](), set[str]()
    for parquet in (settings.shared / manifest.parquet for manifest in manifests):
        is_earlier = _is_earlier(parquet, content_of)
        if pc.any(is_earlier).as_py():
            rows = pq.read_table(parquet, columns=["comment_id", "text"]).filter(is_earlier)
            comment_ids.update(rows["comment_id"].to_pylist())
            texts.update(text for text in rows["text"].to_pylist() if text)
    return comment_ids, texts


def drop_earlier(settings: Settings, manifests: Sequence[Manifest], content_of: Mapping[str, str]) -> int:
    """Remove versions of comments that are not the stored one from these batches; return how many rows went."""
    gone = 0
    with storage(settings.landing):
        for manifest in manifests:
            parquet = settings.shared / manifest.parquet
            is_earlier = _is_earlier(parquet, content_of)
            if pc.any(is_earlier).as_py():
                there = pq.read_table(parquet)
                remaining = there.filter(pc.invert(is_earlier))
                links = link_count_of(parquet)
                rewritten = replace_rows(settings, manifest, remaining.to_batches(), there.schema, links)
                gone += there.num_rows - remaining.num_rows
                recount(settings, rewritten)
    return gone


def recount(settings: Settings, manifest: Manifest) -> None:
    """Bring the manifest of a batch in line with its files."""
    parquet, quarantined = settings.shared / manifest.parquet, quarantine.path_of(settings, manifest)
    there = pq.ParquetFile(parquet)
    rows = manifest.rows
    if there.metadata.num_rows != rows.landed + rows.no_answer + rows.reshared:
        counts = [_count_rows(batch) for batch in there.iter_batches(columns=_OUTCOME_COLUMNS)]
        rows = rows.model_copy(update={name: sum(batch[name] for batch in counts) for name in _IN_FILE})
    reasons: Counter[str] = Counter()
    if manifest.quarantine_expired:
        reasons.update(manifest.quarantine)
    elif quarantined.exists():
        for row in quarantine.read_rows(quarantined):
            reasons[row["reason"]] += int(row["answers"])
    rows = rows.model_copy(update={"quarantined": reasons.total(), "erased": 0})
    rows = rows.model_copy(update={"erased": rows.rows_in - rows.accounted_for})
    quarantine_file = str(quarantined) if quarantined.exists() else None
    counted = settled(settings, manifest).model_copy(
        update={"rows": rows, "quarantine": dict(sorted(reasons.items())), "quarantine_file": quarantine_file}
    )
    if counted != manifest:
        write_manifest(settings, counted)


def replace_rows(
    settings: Settings, manifest: Manifest, batches: Iterable[pa.RecordBatch], schema: pa.Schema, link_count: int
) -> Manifest:
    """Write the file of a batch under another name, and put it in the place of the old one; return the manifest."""
    draft = draft_of(settings.shared / manifest.parquet, batches, schema, link_count)
    return put_in_place(settings, manifest, draft)


def draft_of(parquet: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema, link_count: int) -> Path:
    """Write what is to take the place of a Parquet file, wait until it has reached the disk, and return where it is."""
    draft = parquet.with_name(f"{DRAFT}{parquet.name}")
    with parquet_writer(draft, link_count, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    sync(draft)
    return draft


def clear_drafts(settings: Settings) -> None:
    """Remove files of runs that were killed: they have no manifest and were not written to for a while.

    Where a run collects the source nothing goes: a clock that was set forward makes what it writes look old.
    """
    for source in {path.name for folder in (settings.landing, settings.quarantine) for path in folder.glob("*/")}:
        with suppress(AlreadyCollected), source_lock(settings, source, seconds=0):
            known = {quarantine.path_of(settings, manifest) for manifest in landed(settings, source)}
            orphans = set(settings.quarantine.glob(f"{source}/*/*.csv")) - known
            for draft in (*settings.landing.glob(f"{source}/*/{DRAFT}*"), *orphans):
                with suppress(FileNotFoundError):
                    if time.time() - draft.stat().st_mtime > _IDLE_SECONDS:
                        draft.unlink()


def _erase_landed(settings: Settings, manifest: Manifest, wanted: pa.Array) -> tuple[int, set[str], Manifest]:
    """Return how many rows were removed, the ids of their expired texts, and the manifest as it is then."""
    parquet = settings.shared / manifest.parquet
    there = pq.ParquetFile(parquet)
    ids = there.read(columns=["comment_id", "expired_text_id"])
    hit = ids.filter(pc.is_in(ids["comment_id"], value_set=wanted))
    if not hit.num_rows:
        return 0, set(), manifest
    remaining = (
        batch.filter(pc.invert(pc.is_in(batch["comment_id"], value_set=wanted))) for batch in there.iter_batches()
    )
    rewritten = replace_rows(settings, manifest, remaining, there.schema_arrow, link_count_of(parquet))
    return hit.num_rows, {one for one in hit["expired_text_id"].to_pylist() if one}, rewritten


def _is_earlier(parquet: Path, content_of: Mapping[str, str]) -> pa.BooleanArray:
    """Say of each row of a landed file whether the warehouse holds its comment in another version."""
    if not parquet.exists():
        return pa.array([], pa.bool_())
    rows = pq.read_table(parquet, columns=["comment_id", "content_hash"])
    stored = pa.array([content_of.get(one) for one in rows["comment_id"].to_pylist()], pa.string())
    return pc.fill_null(pc.not_equal(stored, rows["content_hash"].combine_chunks()), False)


def _rows_of(settings: Settings, wanted: pa.Array) -> Callable[[Reading | None], set[str]]:
    """Return what says the numbers of the rows that the comments are, in what was read of a file."""
    found: defaultdict[Reading, set[str]] = defaultdict(set)
    for manifest in landed(settings):
        parquet = settings.shared / manifest.parquet
        if parquet.exists() and "row_number" in pq.read_schema(parquet).names:
            rows = pq.read_table(parquet, columns=["comment_id", "row_number"])
            numbers = rows.filter(pc.is_in(rows["comment_id"], value_set=wanted))["row_number"].to_pylist()
            found[manifest.reading].update(str(number) for number in numbers if number)
    return lambda reading: set().union(*(rows for one, rows in found.items() if reading and one.may_be(reading)))


def _erase_quarantined(path: Path, found: Found, same_rows: set[str], words: set[str]) -> int:
    rows = quarantine.read_rows(path)
    whole = path.stem in found.batch_ids

    def is_gone(row: Mapping[str, str]) -> bool:
        if ids := set(quarantine.untagged(row["comment_ids"])[1]):
            return not found.comment_ids.isdisjoint(ids)
        return row["row"] in same_rows or not words.isdisjoint(quarantine.kept_cells(row))

    remaining = [row for row in rows if not whole and not is_gone(row)]
    if len(remaining) < len(rows):
        quarantine.write_rows(path, remaining)
    return len(rows) - len(remaining)


def _erase_figures(settings: Settings, text_ids: set[str]) -> int:
    """Remove the figures of expired texts from the files beside landing."""
    gone, wanted = 0, pa.array(sorted(text_ids), pa.string())
    for path in settings.landing.glob("*/expired/*.parquet") if text_ids else ():
        table = pq.read_table(path)
        remaining = table.filter(pc.invert(pc.is_in(table["text_id"], value_set=wanted)))
        if remaining.num_rows < table.num_rows:
            gone += table.num_rows - remaining.num_rows
            draft_of(path, remaining.to_batches(), table.schema, 0).replace(path)
    return gone


def _count_rows(batch: pa.RecordBatch) -> dict[str, int]:
    """Count the rows that are comments (with a text, or one that is withheld or has expired), reshares and blanks."""
    has_words = pc.or_(pc.is_valid(batch["text"]), pc.is_valid(batch["expired_text_id"]))
    is_comment = pc.or_(has_words, batch["is_withheld"])
    is_reshare = pc.and_(pc.is_valid(batch["reshare_of"]), pc.invert(is_comment))
    comments, reshares = (int(pc.sum(one).as_py() or 0) for one in (is_comment, is_reshare))
    return {"landed": comments, "reshared": reshares, "no_answer": batch.num_rows - comments - reshares}
