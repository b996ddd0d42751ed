"""Loading: landed batches are merged into the warehouse, one transaction a batch, and every row is accounted for."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from wordround.comments import COUNTS, LANDED
from wordround.errors import FileUnreadable, RotationUnfinished
from wordround.identity.keys import stored_under
from wordround.land.manifests import Manifest, landed, link_count_of
from wordround.land.row_outcomes import OUTCOMES, RowOutcomes
from wordround.outcomes import Outcome
from wordround.settings import Settings
from wordround.warehouse import governance_record, row_accounts
from wordround.warehouse.engine import connect
from wordround.warehouse.figure_tables import FIGURE_TABLES

_DATES = ("posted_at", "posted_date", "is_date_corrected")
# An answer to a survey is seen once for all; to touch a million rows whenever a file is fed again helps nobody.
_HAS_COUNTS = "incoming.query_id is not null"
_NOT_ASSIGNED = ("comment_id", "expired_text_id")


class LoadedBatch(Outcome):
    """What became of the rows of one batch."""

    batch_id: str
    source: str
    rows: RowOutcomes


class Loaded(Outcome):
    """What became of the rows of the batches that this run loaded: their sum, and each batch."""

    rows: RowOutcomes
    batches: tuple[LoadedBatch, ...]


def load(settings: Settings) -> Loaded:
    """Load every landed batch that is not yet loaded, one transaction each; what governs each source comes first.

    Raises RowsDoNotReconcile, with nothing of that batch committed, when rows in are not the sum of the rest.
    """
    with connect(settings) as connection:
        _stop_under_another_key(connection, settings)
        governance_record.record(connection, settings)
        done = {batch_id for (batch_id,) in connection.execute("select batch_id from ops.batches").fetchall()}
        batches = tuple(
            _load_batch(connection, settings.home, manifest)
            for manifest in landed(settings)
            if manifest.batch_id not in done
        )
        if batches:
            _bring_back_figures(connection, settings)
        return Loaded(rows=row_accounts.of_batches(connection, [batch.batch_id for batch in batches]), batches=batches)


def _stop_under_another_key(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Note under how many keys a new warehouse is. Raises RotationUnfinished where landing is under others."""
    known = connection.execute("select link_count from ops.keys").fetchone()
    if known is None:
        (is_empty,) = connection.execute("select count(*) = 0 from raw.comments").fetchone() or (True,)
        stored = stored_under(settings)
        known = (stored.link_count if stored and is_empty else 1,)
        connection.execute("insert into ops.keys values (?)", known)
    for manifest in landed(settings):
        parquet = settings.home / manifest.parquet
        if parquet.exists() and link_count_of(parquet) != known[0]:
            raise RotationUnfinished(
                f"{settings.warehouse_file}: its ids are not under the same keys as those that were landed. Run "
                "`wordround keys rotate`; where the file came from a backup, restore it from landing (docs/runbook.md)."
            )


def _bring_back_figures(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Take the figures of expired texts from beside what was landed: nobody can score those texts again."""
    for table in FIGURE_TABLES:
        kept = [str(path) for path in settings.landing.glob(f"*/expired/{table}-*.parquet")]
        missing = f"""select text_id from raw.comments where is_text_expired
            and text_id not in (select known.text_id from understanding.{table} as known)"""
        if kept and connection.execute(f"{missing} limit 1").fetchone():
            connection.execute(
                f"""insert into understanding.{table} by name
                    select distinct * from read_parquet($kept) where text_id in ({missing})""",
                {"kept": kept},
            )


def account(settings: Settings, batch_ids: Sequence[str]) -> RowOutcomes:
    """Return what became of the rows of loaded batches, added up."""
    with connect(settings) as connection:
        return row_accounts.of_batches(connection, batch_ids)


def _load_batch(connection: duckdb.DuckDBPyConnection, home: Path, manifest: Manifest) -> LoadedBatch:
    parquet = home / manifest.parquet
    if not parquet.is_file():
        raise FileUnreadable(
            f"{parquet}: was landed and is gone. Put it back, or remove its .json and feed the file again."
        )
    connection.execute("begin")
    try:
        rows = row_accounts.reconciled(manifest, _merge(connection, parquet, manifest))
        _record(connection, manifest, rows)
        connection.execute("commit")
    except BaseException:
        # A disk that fills up during the commit ends the connection: it has nothing left to take back.
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise
    return LoadedBatch(batch_id=manifest.batch_id, source=manifest.source, rows=rows)


def _merge(connection: duckdb.DuckDBPyConnection, parquet: Path, manifest: Manifest) -> dict[str, int]:
    """Merge a landed file into raw.comments by comment_id; return how many rows were what.

    Of two rows of one comment the later edit holds, and else the later collection, in whichever order they come.
    """
    landed = {"parquet": str(parquet)}
    present = set(pq.read_schema(parquet).names)
    # Files that were landed before there was a column lack it.
    given = {name: name if name in present else "null" for name in LANDED.names}
    # Only keys are looked at; the wide rows go from the file to the table once.
    connection.execute(
        f"""create or replace temp table arrivals as
           with incoming as (
               select
                   comment_id, content_hash, collected_at, {given["edited_at"]} as edited_at,
                   min({given["query_id"]}) over (partition by comment_id) as query_id,
                   {", ".join(f"{given[name]} as {name}" for name in COUNTS)},
                   text is null and not is_withheld and {given["expired_text_id"]} is null as is_without_text,
                   {given["reshare_of"]} is not null as is_share,
                   file_row_number as place,
                   row_number() over (
                       partition by comment_id
                       order by {given["edited_at"]} desc nulls last, collected_at desc, file_row_number desc
                   ) > 1 as is_repeat
               from read_parquet($parquet, file_row_number = true)
           )
           select
               incoming.comment_id,
               place,
               case when comments.query_id < incoming.query_id then comments.query_id else incoming.query_id end
                   as query_id,
               is_without_text and not is_share as is_blank,
               is_without_text and is_share as is_reshare,
               case
                   when is_repeat then 'repeat'
                   when comments.comment_id is null then 'new'
                   when
                       (coalesce(incoming.edited_at, timestamptz '-infinity'), incoming.collected_at)
                       < (coalesce(comments.edited_at, timestamptz '-infinity'), comments.collected_at)
                       then 'stale'
                   when comments.content_hash != incoming.content_hash then 'changed'
                   when incoming.query_id < comments.query_id
                       or {" or ".join(f"incoming.{name} is distinct from comments.{name}" for name in COUNTS)}
                       then 'recounted'
                   when {_HAS_COUNTS} and incoming.collected_at > comments.collected_at then 'seen'
                   else 'same'
               end as state
           from incoming left join raw.comments on incoming.comment_id = comments.comment_id""",
        landed,
    )
    counts = connection.execute(
        """select
               count(*) filter (where is_comment and state = 'new'),
               count(*) filter (where is_comment and state = 'changed'),
               count(*) filter (where is_comment and state not in ('new', 'changed')),
               count(*) filter (where is_blank),
               count(*) filter (where is_reshare)
           from (select *, not (is_blank or is_reshare) as is_comment from arrivals)"""
    ).fetchone()
    columns = ", ".join(
        f"{source} as {name}" for name, source in given.items() if name not in ("expired_text_id", "query_id")
    )
    rows = f"""(
        select
            {columns},
            arrived_by as query_id,
            -- A comment has a text_id. Of a text that is not there, it must be a hash of nothing.
            case
                when text is not null then md5(text)
                when {given["expired_text_id"]} is not null then {given["expired_text_id"]}
                when is_withheld then replace(uuid()::varchar, '-', '')
            end as text_id,
            text is null and {given["expired_text_id"]} is not null as is_text_expired,
            $batch_id as batch_id, $logical_date::date as logical_date,
            get_current_timestamp() as loaded_at, get_current_timestamp() as updated_at
        from read_parquet($parquet, file_row_number = true) as file
        inner join (select place, query_id as arrived_by from arrivals where state = $state) as arrived
            on file.file_row_number = arrived.place
    ) as incoming"""
    values = {**landed, "batch_id": manifest.batch_id, "logical_date": manifest.logical_date}
    changing = [*LANDED.names, "text_id", "is_text_expired", "batch_id", "logical_date", "updated_at"]
    for state, names in (
        ("changed", changing),
        ("recounted", ["query_id", *COUNTS, "collected_at", "updated_at"]),
        ("seen", ["collected_at"]),
    ):
        if connection.execute("from arrivals where state = ? limit 1", [state]).fetchone():
            assignments = ", ".join(f"{name} = {_assigned(name)}" for name in names if name not in _NOT_ASSIGNED)
            connection.execute(
                f"update raw.comments set {assignments} from {rows} where comments.comment_id = incoming.comment_id",
                {**values, "state": state},
            )
    connection.execute(f"insert into raw.comments by name select * from {rows}", {**values, "state": "new"})
    connection.execute("drop table arrivals")
    return dict(zip(RowOutcomes.BY_MERGE, counts or (), strict=True))


def _assigned(name: str) -> str:
    """Return what a column of a comment that has changed becomes.

    An edit may look like a forged date to its source: a date that was believed once stays.
    """
    if name not in _DATES:
        return f"incoming.{name}"
    is_doubted = "incoming.is_date_corrected and not coalesce(comments.is_date_corrected, false)"
    return f"case when {is_doubted} then comments.{name} else incoming.{name} end"


def _record(connection: duckdb.DuckDBPyConnection, manifest: Manifest, rows: RowOutcomes) -> None:
    batch_id, source = manifest.batch_id, manifest.source
    connection.execute(
        f"""insert into ops.batches by name select
               $batch_id as batch_id, $source as source, $logical_date as logical_date, $sha256 as input_sha256,
               $rows_in as rows_in, {", ".join(f"${name} as rows_{name}" for name in OUTCOMES)},
               $first as first_posted_date, $last as last_posted_date,
               $landed_at as landed_at, get_current_timestamp() as loaded_at""",
        {
            "batch_id": batch_id,
            "source": source,
            "logical_date": manifest.logical_date,
            "sha256": manifest.input_sha256,
            "rows_in": rows.rows_in,
            "first": manifest.first_posted_date,
            "last": manifest.last_posted_date,
            "landed_at": manifest.landed_at,
            **rows.by_outcome(),
        },
    )
    for reason, count in manifest.quarantine.items():
        connection.execute("insert into ops.quarantine values (?, ?, ?, ?)", [batch_id, source, reason, count])
    _record_queries(connection, manifest)
    connection.execute(
        """insert into ops.cursors values (?, ?, get_current_timestamp())
           on conflict (source) do update set cursor = excluded.cursor, moved_at = excluded.moved_at""",
        [source, manifest.logical_date.isoformat()],
    )


def _record_queries(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Record what was asked and how far the answers reach, one row a query and window."""
    for query in manifest.queries:
        key = [manifest.run_id, manifest.source, query.query_id]
        numbers = [query.requests, query.retries, query.waited_seconds, query.spent, query.rows]
        for place, reach in enumerate(query.windows):
            # What the whole query took stands with its first window, so that sums come out.
            connection.execute(
                "insert into ops.query_runs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                "get_current_timestamp())",
                [
                    *key,
                    query.query_label,
                    manifest.logical_date,
                    *(reach.asked_from, reach.asked_until, reach.answered_from, reach.cut, reach.error),
                    *(numbers if not place else [0] * 5),
                ],
            )
        for day, count in query.days.items():
            connection.execute("insert into ops.query_days values (?, ?, ?, ?, ?)", [*key, day, count])
        for reason, count in query.refused.items():
            connection.execute("insert into ops.refusals values (?, ?, ?, ?, ?)", [*key, reason, count])
