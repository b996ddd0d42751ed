"""The record of governance: which answers were in force for each source from when until when.

`ops.governance` has one row per source and version; the row without `valid_until` is in force. A version is never
changed: the next one closes it, so that an auditor sees which answers were in force when a comment was loaded.
Incomplete governance is not recorded, and the last version stays in force. The versions stand in the records too, from
which a warehouse that is made again takes them.
"""

import logging
from datetime import date, datetime

import duckdb

from wordround.collect import permission
from wordround.errors import WordroundError
from wordround.governance import Governance
from wordround.records import governance_versions
from wordround.records.governance_versions import GovernanceVersion
from wordround.settings import Settings

log = logging.getLogger(__name__)

FIELDS = tuple(Governance.__dataclass_fields__)


def record(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[str]:
    """Record the governance in force now; return the sources for which it is new or has changed.

    Where the records cannot be reached nothing waits for them: the next load writes what they lack.
    """
    try:
        kept = governance_versions.of_all_sources(settings)
    except WordroundError as error:
        log.error("%s: %s", type(error).__name__, error)
        kept = None
    _bring_back(connection, kept or [])
    changed = []
    for source, _ in settings.sources:
        if permission.problems(settings, source):
            continue
        now = tuple(settings.governance_of(source).values().values())
        last = connection.execute(
            f"select {', '.join(FIELDS)} from ops.governance where source = ? and valid_until is null", [source]
        ).fetchone()
        if last != now:
            (moment,) = connection.execute("select get_current_timestamp()").fetchone() or (None,)
            _replace(connection, source, now, moment)
            changed.append(source)
    if kept is not None:
        try:
            _keep(connection, settings, kept)
        except WordroundError as error:
            log.error("%s: %s", type(error).__name__, error)
    return changed


def _bring_back(connection: duckdb.DuckDBPyConnection, kept: list[GovernanceVersion]) -> None:
    """Fill in the versions of the sources of which the warehouse has none."""
    known = {source for (source,) in connection.execute("select distinct source from ops.governance").fetchall()}
    for version in kept:
        if version.source not in known:
            answers = tuple(version.answers.get(name) for name in FIELDS)
            _replace(connection, version.source, answers, version.valid_from)


def _keep(connection: duckdb.DuckDBPyConnection, settings: Settings, kept: list[GovernanceVersion]) -> None:
    """Write the versions that the records lack into them."""
    there = {(version.source, version.valid_from) for version in kept}
    rows = connection.execute(
        f"select source, valid_from, {', '.join(FIELDS)} from ops.governance order by valid_from, source"
    ).fetchall()
    new = [
        GovernanceVersion(source, moment, dict(zip(FIELDS, map(_plain, answers), strict=True)))
        for source, moment, *answers in rows
        if (source, moment) not in there
    ]
    if new:
        governance_versions.log(settings, new)


def _replace(
    connection: duckdb.DuckDBPyConnection, source: str, now: tuple[object, ...], moment: datetime | None
) -> None:
    # One moment for both, so that no instant lies between two versions or in both.
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


def _plain(answer: object) -> str | int | None:
    if isinstance(answer, date):
        return answer.isoformat()
    return answer if isinstance(answer, int) else None if answer is None else str(answer)
