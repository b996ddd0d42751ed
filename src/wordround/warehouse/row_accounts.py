"""The account of rows: the outcome of every row of a batch once it is loaded, and the sums of outcomes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import duckdb

from wordround.errors import RowsDoNotReconcile
from wordround.land.manifests import Manifest
from wordround.land.row_outcomes import OUTCOMES, RowOutcomes

_SUMS = ", ".join(f"coalesce(sum(rows_{name}), 0)::bigint" for name in ("in", *OUTCOMES))


class SourceAccount(NamedTuple):
    """The outcomes of all rows of one source so far."""

    source: str
    batch_count: int
    rows: RowOutcomes


class QuarantinedRows(NamedTuple):
    """The number of quarantined rows of a source with one reason (docs/quarantine.md)."""

    source: str
    reason: str
    row_count: int


def reconciled(manifest: Manifest, merged: Mapping[str, int]) -> RowOutcomes:
    """Return the outcomes of the rows of a batch.

    merged: how many of the merged rows had each outcome (RowOutcomes.BY_MERGE). A row that repeats another of its batch
    is unchanged. Raises RowsDoNotReconcile where the rows that came in are not the sum of the outcomes.
    """
    landed = manifest.rows
    rows = RowOutcomes(
        rows_in=landed.rows_in,
        quarantined=landed.quarantined,
        refused=landed.refused,
        erased=landed.erased,
        **{**merged, "unchanged": merged["unchanged"] + landed.repeated},
    )
    # Each quarantined row has a reason, else the gate would stop on the batch.
    if not rows.reconciles or sum(manifest.quarantine.values()) != landed.quarantined:
        raise RowsDoNotReconcile(
            f"batch {manifest.batch_id}: {rows.rows_in} rows in are not the sum of {rows.by_outcome()}, or a "
            "quarantined row has no reason. None of it was loaded; please report this."
        )
    return rows


def of_batches(connection: duckdb.DuckDBPyConnection, batch_ids: Sequence[str]) -> RowOutcomes:
    """Return the outcomes of the rows of loaded batches, added up."""
    counts = connection.execute(
        f"select {_SUMS} from ops.batches where list_contains(?, batch_id)", [list(batch_ids)]
    ).fetchone()
    return _outcomes(counts or ())


def by_source(connection: duckdb.DuckDBPyConnection) -> tuple[SourceAccount, ...]:
    """Return the outcomes of all rows so far, by source."""
    found = connection.execute(
        f"select source, count(*), {_SUMS} from ops.batches group by source order by source"
    ).fetchall()
    return tuple(SourceAccount(source, count, _outcomes(rows)) for source, count, *rows in found)


def quarantined(connection: duckdb.DuckDBPyConnection) -> tuple[QuarantinedRows, ...]:
    """Return the quarantined rows by source and reason, the most frequent reason of each source first."""
    found = connection.execute(
        """select source, reason, sum(row_count)::bigint as row_count
           from ops.quarantine
           group by source, reason
           order by source, row_count desc, reason"""
    ).fetchall()
    return tuple(QuarantinedRows(*row) for row in found)


def _outcomes(counts: Sequence[int]) -> RowOutcomes:
    return RowOutcomes(**dict(zip(("rows_in", *OUTCOMES), counts, strict=True)))
