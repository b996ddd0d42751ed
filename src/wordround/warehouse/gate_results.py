"""Results of the gates, run by run: `ops.gate_results`."""

from datetime import datetime
from typing import NamedTuple

import duckdb


class GateRun(NamedTuple):
    """One run of a gate: how many rows it checked, and how many critical expectations failed."""

    gate: str
    checked_at: datetime
    succeeded: bool
    checked_rows: int
    failures: int


def last_success(connection: duckdb.DuckDBPyConnection, gate: str) -> datetime | None:
    """Return when a gate was last passed."""
    row = connection.execute(
        "select max(checked_at) from ops.gate_results where gate = ? and succeeded", [gate]
    ).fetchone()
    return row[0] if row else None


def record(
    connection: duckdb.DuckDBPyConnection, gate: str, checked_at: str, succeeded: bool, checked_rows: int, failures: int
) -> None:
    """Record a run. checked_at: ISO 8601."""
    connection.execute(
        """insert into ops.gate_results (gate, checked_at, succeeded, checked_rows, failures)
           values (?, ?, ?, ?, ?)""",
        [gate, checked_at, succeeded, checked_rows, failures],
    )


def latest(connection: duckdb.DuckDBPyConnection, most: int) -> list[GateRun]:
    """Return the last runs of all gates, newest first."""
    rows = connection.execute(
        """select gate, checked_at, succeeded, checked_rows, failures
           from ops.gate_results
           order by checked_at desc
           limit ?""",
        [most],
    ).fetchall()
    return [GateRun(*row) for row in rows]
