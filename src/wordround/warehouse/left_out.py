"""What the gate `loaded` leaves out of every measure, so that one comment, one query or one source stops no other.

A comment carries its reason in `raw.comments.left_out_reason`, where an erasure and a rotation of keys reach it. It is
checked again each time and comes back when the gate holds for it. A run of a query stands in `ops.left_out_runs`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import duckdb
import pyarrow as pa

# Where more of a source's checked comments fail, the failing ones are not single: none of the others is trusted either.
MOST_SHARE_OF_A_SOURCE = 0.05
FEWEST_OF_A_SOURCE = 10

WHOLE_SOURCE = "Too many of the source's new comments failed a check, so that none of them was taken."

Run = tuple[str, str, str]


class LeftOut(NamedTuple):
    """How many comments, or runs of queries, of a source are left out for one reason."""

    source: str
    kind: str
    reason: str
    row_count: int


def leave_out(
    connection: duckdb.DuckDBPyConnection,
    since: datetime | None,
    comments: Mapping[str, str],
    texts: Mapping[str, str],
    runs: Mapping[Run, str],
) -> None:
    """Leave out what failed, and take back what was left out and fails no more.

    The gate checks what is new since it last held, and all that is left out. comments, texts, runs: the reason by
    comment_id, by text_id (every comment with that text), by run, source and query. Where more than
    MOST_SHARE_OF_A_SOURCE of a source's checked comments fail, all that were checked are left out.
    """
    connection.register("failed_comments", _table(comments.items(), "comment_id"))
    connection.register("failed_texts", _table(texts.items(), "text_id"))
    connection.execute("begin")
    connection.execute(
        "create or replace temp table checked_comments as select comment_id from raw.comments"
        " where $since is null or updated_at > $since or left_out_reason is not null",
        {"since": since},
    )
    connection.execute("update raw.comments set left_out_reason = null where left_out_reason is not null")
    for failed, key in (("failed_texts", "text_id"), ("failed_comments", "comment_id")):
        connection.execute(
            f"update raw.comments set left_out_reason = failed.reason from {failed} as failed"
            f" where comments.{key} = failed.{key}"
        )
    connection.execute(
        """update raw.comments set left_out_reason = coalesce(left_out_reason, $reason)
           where comment_id in (from checked_comments) and source in (
               select source from raw.comments where comment_id in (from checked_comments)
               group by source
               having count(left_out_reason) >= $fewest and count(left_out_reason) > $share * count(*)
           )""",
        {"reason": WHOLE_SOURCE, "share": MOST_SHARE_OF_A_SOURCE, "fewest": FEWEST_OF_A_SOURCE},
    )
    for (run_id, source, query_id), reason in runs.items():
        connection.execute("insert into ops.left_out_runs values (?, ?, ?, ?)", [run_id, source, query_id, reason])
    connection.execute("commit")
    connection.execute("drop table checked_comments")
    connection.unregister("failed_comments")
    connection.unregister("failed_texts")


def by_source(connection: duckdb.DuckDBPyConnection) -> tuple[LeftOut, ...]:
    """Return what is left out now, by source and reason."""
    found = connection.execute(
        """select source, 'comments', left_out_reason, count(*) from raw.comments
           where left_out_reason is not null group by all
           union all
           select source, 'runs of queries', reason, count(distinct (run_id, query_id)) from ops.left_out_runs
           group by all
           order by all"""
    ).fetchall()
    return tuple(LeftOut(*row) for row in found)


def _table(reasons: Iterable[tuple[str, str]], key: str) -> pa.Table:
    keys, values = zip(*reasons, strict=True) if (reasons := list(reasons)) else ((), ())
    return pa.table({key: pa.array(keys, pa.string()), "reason": pa.array(values, pa.string())})
