"""Former ids: rows that were landed under another id are brought under that of today.

An earlier version knew a row of a file by how its cells were written (docs/adr/0016-identity-from-meaning.md), and
settings may change what a row means (rereading.py). The native ids are gone, so only a row that comes again tells what
its former id was. Where it was landed under one, the pair stands in `<batch>.former.parquet` beside the batch until the
batch is loaded; then what was landed before it, reports and the warehouse follow, and only the id of today is left.
"""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wordround.land.manifests import Manifest, landed
from wordround.land.parquet_files import LINKS, check, link_count_of, put_in_place, reading
from wordround.settings import Settings
from wordround.storage import DRAFT, sync, write_whole

# The rule that rows of files are known by (connectors/files/row_keys.py), as manifests record it.
ROW_IDENTITY = "meaning 1"
FORMER_ID = "former_id"
_PAIRS = pa.schema([pa.field(FORMER_ID, pa.string(), nullable=False), pa.field("comment_id", pa.string())])


def before_this_rule(settings: Settings, source: str) -> pa.Array:
    """Return the ids of all rows that versions before this rule landed; empty where there are none."""
    batches = (one for one in landed(settings, source) if one.row_identity is None)
    columns = [_ids(settings, one) for one in batches if (settings.shared / one.parquet).exists()]
    chunks = [chunk for column in columns for chunk in column.chunks]
    return pa.chunked_array(chunks, pa.string()).unique() if chunks else pa.array([], pa.string())


def _ids(settings: Settings, manifest: Manifest) -> pa.ChunkedArray:
    parquet = settings.shared / manifest.parquet
    check(settings, manifest)
    with reading(parquet):
        return pq.read_table(parquet, columns=["comment_id"])["comment_id"]


def pairs_file(parquet: Path) -> Path:
    """Return the path of the pairs of a batch."""
    return parquet.with_suffix(".former.parquet")


def write_pairs(parquet: Path, pairs: dict[str, str], link_count: int) -> None:
    """Write the pairs (former id: id) of a batch beside it, where there are any."""
    if pairs:
        table = pa.table([list(pairs), list(pairs.values())], schema=_PAIRS)
        draft = parquet.with_name(f"{DRAFT}{parquet.stem}.former")
        pq.write_table(table.replace_schema_metadata({LINKS: str(link_count)}), draft)
        draft.replace(pairs_file(parquet))


def read_pairs(settings: Settings, manifest: Manifest) -> pa.Table | None:
    """Return the pairs of a batch, None where it has none or they were carried out. Raises FileUnreadable."""
    path = pairs_file(settings.shared / manifest.parquet)
    if not path.exists():
        return None
    with reading(path):
        return pq.read_table(path)


def bring_over_files(settings: Settings, batch: Manifest, pairs: pa.Table) -> None:
    """Put today's ids in place of former ones in what was landed before a batch, and in what reports list as quoted.

    Can be run again.
    """
    former, ids = (pairs[name].combine_chunks() for name in (FORMER_ID, "comment_id"))
    for manifest in landed(settings, batch.source):
        if manifest.landed_at < batch.landed_at and (settings.shared / manifest.parquet).exists():
            _bring_over(settings, manifest, former, ids)
    today = dict(zip(former.to_pylist(), ids.to_pylist(), strict=True))
    for path in settings.reports.glob("*/report.json"):
        report = json.loads(path.read_text(encoding="utf-8"))
        quoted = report.get("quoted_comment_ids") or []
        if not today.keys().isdisjoint(quoted):
            report["quoted_comment_ids"] = [today.get(one, one) for one in quoted]
            write_whole(path, json.dumps(report, indent=2, ensure_ascii=False) + "\n")


def _bring_over(settings: Settings, manifest: Manifest, former: pa.Array, ids: pa.Array) -> None:
    parquet = settings.shared / manifest.parquet
    with reading(parquet):
        table = pq.read_table(parquet)
    places = pc.index_in(table["comment_id"], value_set=former)
    if places.null_count == len(places):
        return
    renamed = pc.if_else(pc.is_valid(places), ids.take(places), table["comment_id"])
    field = table.schema.field("comment_id")
    table = table.set_column(table.schema.get_field_index("comment_id"), field, renamed.cast(field.type))
    draft = parquet.with_name(f"{DRAFT}{parquet.name}")
    links = {LINKS: str(link_count_of(parquet))}
    pq.write_table(table.replace_schema_metadata(links), draft, compression="zstd", compression_level=1)
    sync(draft)
    put_in_place(settings, manifest, draft)
