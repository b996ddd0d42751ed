"""The warehouse's clock: what is written later has the later moment, whatever the clock of the machine says.

Incremental models, gates and the model in force are chosen by what is newer than something else. A clock that was ahead
for one run and was then set right, or that goes back, would leave what comes next out of all of them.
"""

from datetime import datetime, timedelta

import duckdb

# What is compared with a moment that another step has written.
_WRITTEN = (
    ("raw.comments", "updated_at"),
    ("ops.batches", "loaded_at"),
    ("ops.gate_results", "checked_at"),
    ("understanding.sentiments", "scored_at"),
    ("understanding.annotations", "annotated_at"),
    ("understanding.relevance", "judged_at"),
    ("understanding.human_codes", "coded_at"),
    ("understanding.models", "made_current_at"),
)
_LATEST = "select max(moment) from ({})".format(
    " union all ".join(f"select max({column}) as moment from {table}" for table, column in _WRITTEN)
)


def now(connection: duckdb.DuckDBPyConnection) -> datetime:
    """Return the moment (UTC): the machine's, and where the warehouse holds a later one, that and a microsecond."""
    (latest,) = connection.execute(_LATEST).fetchone() or (None,)
    # As a transaction would have it: some steps look before they begin one.
    (machine,) = connection.execute("select now()").fetchone() or (None,)
    assert isinstance(machine, datetime)  # noqa: S101 - for the type checker
    return machine if latest is None or latest < machine else latest + timedelta(microseconds=1)
