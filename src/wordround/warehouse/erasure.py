"""Erasure within the warehouse: rows of comments, and figures of texts that no comment has any more.

Deleted rows stay readable in free blocks of the file until it is rewritten (rewriting.py).
"""

import duckdb
import pyarrow as pa

from wordround.settings import Settings
from wordround.warehouse import copy_groups
from wordround.warehouse.engine import connect
from wordround.warehouse.figure_tables import FIGURE_TABLES


def delete_comments(settings: Settings, comment_ids: set[str]) -> dict[str, int]:
    """Delete comments, and the figures of texts that no other comment has; return how many rows of each."""
    with connect(settings) as connection:
        connection.register("erased", pa.table({"comment_id": pa.array(sorted(comment_ids), pa.string())}))
        connection.execute("begin")
        (rows,) = connection.execute(
            "delete from raw.comments where comment_id in (select comment_id from erased)"
        ).fetchone() or (0,)
        connection.execute("delete from understanding.human_codes where comment_id in (select comment_id from erased)")
        figures = delete_orphaned_figures(connection)
        connection.execute("commit")
    return {"warehouse": rows, "understanding": figures}


def delete_orphaned_figures(connection: duckdb.DuckDBPyConnection) -> int:
    """Delete figures of texts that no comment has; return how many rows."""
    gone = copy_groups.let_go(connection)
    for table in FIGURE_TABLES:
        (rows,) = connection.execute(
            f"delete from understanding.{table} as figures"
            " where not exists (from raw.comments as c where c.text_id = figures.text_id)"
        ).fetchone() or (0,)
        gone += rows
    return gone
