"""The record of governance: which answers were in force for each source from when until when.

`ops.governance` has one row per source and version; the row without `valid_until` is in force. A version is never
changed: the next one closes it, so that an auditor sees which answers were in force when a comment was loaded.
Incomplete governance is not recorded, and the last version stays in force.
"""

import duckdb

from wordround.collect import permission
from wordround.governance import Governance
from wordround.settings import Settings

FIELDS = tuple(Governance.__dataclass_fields__)


def record(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[str]:
    """Record the governance in force now; return the sources for which it is new or has changed."""
    changed = []
    for source, _ in settings.sources:
        if permission.problems(settings, source):
            continue
        now = tuple(settings.governance_of(source).values().values())
        last = connection.execute(
            f"select {', '.join(FIELDS)} from ops.governance where source = ? and valid_until is null", [source]
        ).fetchone()
        if last != now:
            _replace(connection, source, now)
            changed.append(source)
    return changed


def _replace(connection: duckdb.DuckDBPyConnection, source: str, now: tuple[object, ...]) -> None:
    # One moment for both, so that no instant lies between two versions or in both.
    (moment,) = connection.execute("select get_current_timestamp()").fetchone() or (None,)
    connection.execute("begin")
    try:
        connection.execute(
            "update ops.governance set valid_until = ? where source = ? and valid_until is null", [moment, source]
        )
        names = ", ".join(("source", *FIELDS, "valid_from"))
        places = ", ".join("?" * (len(FIELDS) + 2))
        connection.execute(f"insert into ops.governance ({names}) values ({places})", [source, *now, moment])
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
