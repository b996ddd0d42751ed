"""Loading: landed batches are merged into the warehouse, one transaction a batch, and every row is accounted for."""

import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from wordround.errors import (
    FileUnreadable,
    ManifestDamaged,
    RotationUnfinished,
    RowsDoNotReconcile,
    StorageFailed,
    WordroundError,
)
from wordround.folders import documentation
from wordround.land import former_ids
from wordround.land.manifests import Manifest, landed
from wordround.land.parquet_files import check, damaged, link_count_of
from wordround.land.row_outcomes import OUTCOMES, RowOutcomes
from wordround.outcomes import Outcome
from wordround.settings import Settings
from wordround.warehouse import expiry, governance_record, key_links, moments, row_accounts
from wordround.warehouse.engine import connect, is_there, shown_place
from wordround.warehouse.merging import bring_over, merge, try_reading

log = logging.getLogger(__name__)


class LoadedBatch(Outcome):
    """What became of the rows of one batch."""

    batch_id: str
    source: str
    rows: RowOutcomes


class Loaded(Outcome):
    """What became of the rows of the batches that this run loaded: their sum, each batch, and those not taken."""

    rows: RowOutcomes
    batches: tuple[LoadedBatch, ...]
    refused: tuple[str, ...] = ()


def load(settings: Settings, expected: Sequence[str] = ()) -> Loaded:
    """Load every landed batch that is not yet loaded, one transaction each; governance is recorded first.

    expected: ids of batches that were collected just now. One that is not in this home is refused as FileUnreadable.
    A batch that cannot be taken (FileUnreadable, ManifestDamaged, RowsDoNotReconcile: nothing of it is committed) does
    not keep the others out: it is named in `refused`. Where there was nothing else to load, its error is raised; that
    of a batch which was loaded before, and whose file or manifest is damaged since, is only named.
    """
    with connect(settings) as connection:
        done = {batch_id for (batch_id,) in connection.execute("select batch_id from ops.batches").fetchall()}
        earlier = _stop_under_another_key(connection, settings, done)
        governance_record.record(connection, settings)
        batches, wrong = _load_waiting(connection, settings, done, expected)
        earlier += (error for error in wrong if isinstance(error, ManifestDamaged) and error.batch_id in done)
        wrong = [error for error in wrong if error not in earlier]
        if batches:
            expiry.bring_back_figures(connection, settings.landing)
        elif wrong:
            raise wrong[0]
        for each in (*wrong, *earlier):
            log.error("%s: %s", type(each).__name__, each)
        return Loaded(
            rows=row_accounts.of_batches(connection, [batch.batch_id for batch in batches]),
            batches=tuple(batches),
            refused=tuple(f"{type(each).__name__}: {each}" for each in (*wrong, *earlier)),
        )


def _load_waiting(
    connection: duckdb.DuckDBPyConnection, settings: Settings, done: Collection[str], expected: Sequence[str]
) -> tuple[list[LoadedBatch], list[WordroundError]]:
    """Load what is not `done`; return what was loaded, and what is wrong with others and with any manifest."""
    batches: list[LoadedBatch] = []
    wrong: list[WordroundError] = []
    missing = set(expected).difference(done)
    for manifest in landed(settings, damaged=wrong):
        missing.discard(manifest.batch_id)
        if manifest.batch_id not in done:
            try:
                batches.append(_load_batch(connection, settings, manifest))
            except (FileUnreadable, RowsDoNotReconcile) as error:
                wrong.append(error)
            except ManifestDamaged as error:
                # Of a batch of before, whose former ids this one replaces.
                wrong.append(ManifestDamaged(f"batch {manifest.batch_id}: waits for another one. {error}"))
    wrong += (
        FileUnreadable(
            f"batch {batch_id}: was collected, and {settings.landing} does not hold it. Collect and load must "
            "share one WORDROUND_HOME; where its manifest is damaged, see the other error."
        )
        for batch_id in sorted(missing)
    )
    return batches, wrong


def _stop_under_another_key(
    connection: duckdb.DuckDBPyConnection, settings: Settings, done: Collection[str]
) -> list[WordroundError]:
    """Record the number of keys of a new warehouse; return what is wrong with files of batches that are loaded.

    Raises RotationUnfinished where landed ids differ from it.
    """
    earlier: list[WordroundError] = []
    known = key_links.link_count(connection)
    landed_counts = set()
    # A manifest that is damaged, and a file that is to be loaded, are named where that is done.
    for manifest in landed(settings, damaged=[]):
        try:
            count = link_count_of(settings.shared / manifest.parquet)
            if count != known:
                check(settings, manifest)
            landed_counts.add(count)
        except FileNotFoundError:
            pass
        except (FileUnreadable, StorageFailed) as error:
            if manifest.batch_id in done:
                earlier.append(error)
    if known is None and len(landed_counts) == 1:
        (known,) = landed_counts
        key_links.set_link_count(connection, known)
    if landed_counts - {known}:
        raise RotationUnfinished(
            f"{shown_place(settings)}: its ids are not under the same keys as those that were landed. Run "
            "`wordround keys rotate`; where the file came from a backup, restore it from landing "
            f"({documentation('runbook.md#build_marts')}, Restore)."
        )
    return earlier


def account(settings: Settings, batch_ids: Sequence[str]) -> RowOutcomes:
    """Return the outcomes of the rows of loaded batches, added up."""
    with connect(settings) as connection:
        return row_accounts.of_batches(connection, batch_ids)


def known_count(settings: Settings, comment_ids: Sequence[str]) -> int:
    """Return how many of these comments were loaded before; none where there is no warehouse yet."""
    if not is_there(settings):
        return 0
    with connect(settings) as connection:
        connection.register("asked", pa.table({"comment_id": pa.array(comment_ids, pa.string())}))
        query = "select count(*) from raw.comments semi join asked using (comment_id)"
        return int(connection.execute(query).fetchall()[0][0])


def _load_batch(connection: duckdb.DuckDBPyConnection, settings: Settings, manifest: Manifest) -> LoadedBatch:
    parquet = settings.shared / manifest.parquet
    if not parquet.is_file():
        raise FileUnreadable(
            f"{parquet}: was landed and is gone. Put it back, or remove its .json and feed the file again."
        )
    _check(settings, manifest)
    pairs = former_ids.read_pairs(settings, manifest)
    if pairs is not None:
        former_ids.bring_over_files(settings, manifest, pairs)
    connection.execute("begin")
    try:
        if pairs is not None:
            bring_over(connection, pairs)
        merged = _merged(connection, parquet, manifest)
        rows = row_accounts.reconciled(manifest, merged)
        _record(connection, manifest, rows)
        connection.execute("commit")
    except BaseException:
        # A disk that fills up during the commit ends the connection, and then there is nothing to roll back.
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise
    former_ids.pairs_file(parquet).unlink(missing_ok=True)
    return LoadedBatch(batch_id=manifest.batch_id, source=manifest.source, rows=rows)


def _check(settings: Settings, manifest: Manifest) -> None:
    """Raise what is wrong with the file of a batch: by its checksum, else by reading it."""
    parquet = settings.shared / manifest.parquet
    check(settings, manifest)
    link_count_of(parquet)
    if manifest.parquet_sha256 is None:
        try:
            try_reading(parquet)
        except duckdb.Error:
            raise damaged(parquet) from None


def _merged(connection: duckdb.DuckDBPyConnection, parquet: Path, manifest: Manifest) -> Mapping[str, int]:
    try:
        return merge(connection, parquet, manifest.batch_id, manifest.logical_date)
    except (duckdb.ProgrammingError, duckdb.DataError, duckdb.IntegrityError, duckdb.NotSupportedError):
        if manifest.parquet_sha256 is not None:
            raise
        # It could be read whole: columns are gone or of another type, or values are missing.
        raise damaged(parquet) from None


def _record(connection: duckdb.DuckDBPyConnection, manifest: Manifest, rows: RowOutcomes) -> None:
    batch_id, source = manifest.batch_id, manifest.source
    # A lake has no keys of tables that would refuse it.
    if connection.execute("from ops.batches where batch_id = ?", [batch_id]).fetchone():
        raise RowsDoNotReconcile(f"batch {batch_id}: is loaded already, none of it again. Please report this.")
    moment = moments.now(connection)
    connection.execute(
        f"""insert into ops.batches by name select
               $batch_id as batch_id, $source as source, $logical_date as logical_date, $sha256 as input_sha256,
               $rows_in as rows_in, {", ".join(f"${name} as rows_{name}" for name in OUTCOMES)},
               $first as first_posted_date, $last as last_posted_date,
               $landed_at as landed_at, $moment as loaded_at""",
        {
            "batch_id": batch_id,
            "source": source,
            "logical_date": manifest.logical_date,
            "sha256": manifest.input_sha256,
            "rows_in": rows.rows_in,
            "first": manifest.first_posted_date,
            "last": manifest.last_posted_date,
            "landed_at": manifest.landed_at,
            "moment": moment,
            **rows.by_outcome(),
        },
    )
    for reason, count in manifest.quarantine.items():
        connection.execute("insert into ops.quarantine values (?, ?, ?, ?)", [batch_id, source, reason, count])
    _record_queries(connection, manifest, moment)


def _record_queries(connection: duckdb.DuckDBPyConnection, manifest: Manifest, moment: datetime) -> None:
    """Record each query and how far its answers reach, one row a listing and window."""
    for query in manifest.queries:
        key = [manifest.run_id, manifest.source, query.query_id]
        numbers = [query.requests, query.retries, query.waited_seconds, query.spent, query.rows]
        for place, reach in enumerate(query.windows):
            # The costs of the whole query go with its first window, so that sums over windows are right.
            connection.execute(
                "insert into ops.query_runs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    *key,
                    query.query_label,
                    manifest.logical_date,
                    *(reach.asked_from, reach.asked_until, reach.answered_from, reach.cut, reach.error),
                    *(numbers if not place else [0] * 5),
                    moment,
                    reach.listing,
                ],
            )
        for day, count in query.days.items():
            connection.execute("insert into ops.query_days values (?, ?, ?, ?, ?)", [*key, day, count])
        for reason, count in query.refused.items():
            connection.execute("insert into ops.refusals values (?, ?, ?, ?, ?)", [*key, reason, count])
