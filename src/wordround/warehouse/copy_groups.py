"""Groups of copies when texts go: erased, changed by their authors, or expired.

Comes in: the warehouse, after comments were deleted or rewritten. Goes out: `understanding` without a trace of texts
that are not there. A group that lost a text and whose others can all be read is undone, to be made again from what is
left (copy_grouping.py): two of them may have been held together by the one that went. Where a text of the group has
expired nobody can compare it again, so that the group stays as it was.

A text_id is the hash of a text, from which a guess can be confirmed, but for an expired text it is random. A group with
an expired text is therefore named by one of those, always the same as long as it is there.
"""

import duckdb

_EXPIRED = "select text_id from raw.comments where is_text_expired"


def let_go(connection: duckdb.DuckDBPyConnection) -> int:
    """Delete keys and group rows of texts that are not there, and name groups anew; return how many rows went.

    Inside the caller's transaction. Can be run again at any time.
    """
    gone = _deleted(
        connection,
        """delete from understanding.copy_bands as bands
           where not exists (from raw.comments as c where c.text_id = bands.text_id and c.text is not null)""",
    )
    connection.execute(
        """create or replace temp table shrunk as
           select distinct model_version, group_id from understanding.copies as copies
           where not exists (from raw.comments as c where c.text_id = copies.text_id)"""
    )
    gone += _deleted(
        connection,
        """delete from understanding.copies as copies
           where not exists (from raw.comments as c where c.text_id = copies.text_id)""",
    )
    connection.execute(
        f"""delete from shrunk where (model_version, group_id) in
                (select (model_version, group_id) from understanding.copies where text_id in ({_EXPIRED}))"""
    )
    connection.execute(
        """delete from understanding.copies
           where (model_version, group_id) in (select (model_version, group_id) from shrunk)"""
    )
    connection.execute("drop table shrunk")
    _name_by_an_expired_text(connection)
    return gone


def _name_by_an_expired_text(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"""with named as (
                select model_version, group_id, min(text_id) as name
                from understanding.copies where text_id in ({_EXPIRED})
                group by model_version, group_id
                having not bool_or(text_id = group_id)
            )
            update understanding.copies set group_id = named.name, grouped_at = get_current_timestamp()
            from named
            where copies.model_version = named.model_version and copies.group_id = named.group_id"""
    )


def _deleted(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    (rows,) = connection.execute(statement).fetchone() or (0,)
    return int(rows)
