"""Groups of copies: `understanding.copies`, and the keys in `understanding.copy_bands` by which texts find theirs.

When a text goes (erased, edited by its author, or expired), no row about it stays. Its group is dissolved and made
again from the texts that are left (score/copies.py), because two of them may have been joined by that text alone. A
group with an expired text stays as it was, because nobody can compare that text again.

A text_id is the hash of a text, from which a guess can be confirmed; that of an expired text is random. So a group with
expired texts is named by one of those, the same one as long as it exists.
"""

from collections.abc import Iterator, Mapping

import duckdb
import pyarrow as pa

from wordround.warehouse.statements import statement

_BUCKETS_PER_CHUNK = 20_000

_EXPIRED = "select text_id from raw.comments where is_text_expired"


def let_go(connection: duckdb.DuckDBPyConnection) -> int:
    """Delete the rows of texts that are gone, and rename groups; return how many rows were deleted.

    Runs within the caller's transaction. Can be run again at any time.
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


def forget_other_versions(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    """Delete the keys of other versions of the rules, which match no key of this one."""
    connection.execute("delete from understanding.copy_bands where model_version <> ?", [version])


def find_fresh(connection: duckdb.DuckDBPyConnection, version: str) -> int:
    """Make the table `fresh` of the texts with keys and without a group; return how many there are."""
    connection.execute(
        """create or replace temp table fresh as
           select text_id from understanding.copy_bands
           where model_version = $version and len(keys) > 0
               and text_id not in (select c.text_id from understanding.copies as c where c.model_version = $version)""",
        {"version": version},
    )
    (count,) = connection.execute("select count(*) from fresh").fetchone() or (0,)
    return int(count)


Member = tuple[str, str, bool, str]


def buckets(connection: duckdb.DuckDBPyConnection, version: str, first: int, last: int) -> Iterator[list[Member]]:
    """Yield each bucket: the texts, at least one of them fresh, that share one of the keys `first` to `last`.

    A member is a text_id, the name of its group (its own id where it has none), whether it is fresh, and its text.
    """
    connection.execute(statement("copy_buckets"), {"version": version, "first": first, "last": last})
    (count,) = connection.execute("select count(*) from buckets").fetchone() or (0,)
    for start in range(1, count + 1, _BUCKETS_PER_CHUNK):
        chunk = {"start": start, "end": start + _BUCKETS_PER_CHUNK}
        members = connection.execute(statement("copy_members"), chunk | {"version": version}).fetchall()
        known: dict[str, Member] = {text_id: (text_id, *rest) for text_id, *rest in members}
        ids = connection.execute("select ids from buckets where number >= $start and number < $end", chunk).fetchall()
        for (bucket,) in ids:
            yield [known[one.hex] for one in bucket]


def store_groups(connection: duckdb.DuckDBPyConnection, version: str, together: Mapping[str, str]) -> None:
    """Write the groups of fresh texts, and rename the groups that they join.

    together: for each text or group that was joined to others, the smallest name among them.
    """
    names = pa.table(
        {"node": pa.array(together.keys(), pa.string()), "smallest": pa.array(together.values(), pa.string())}
    )
    connection.register("together", names)
    connection.execute(statement("copy_names"))
    connection.unregister("together")
    connection.execute(
        """update understanding.copies set group_id = renamed.name, grouped_at = get_current_timestamp()
           from renamed
           where copies.model_version = ? and copies.group_id = renamed.node and renamed.node <> renamed.name""",
        [version],
    )
    connection.execute(
        """insert into understanding.copies by name
           select text_id, ? as model_version, coalesce(name, text_id) as group_id,
               get_current_timestamp() as grouped_at
           from fresh left join renamed on renamed.node = fresh.text_id""",
        [version],
    )
    connection.execute("drop table renamed")


def totals(connection: duckdb.DuckDBPyConnection, version: str) -> tuple[int, int]:
    """Return how many groups of several texts there are, and how many texts these hold beyond one each."""
    groups, among = connection.execute(
        """select count(*), coalesce(sum(size - 1), 0) from (
               select count(*) as size from understanding.copies where model_version = ? group by group_id
           ) where size > 1""",
        [version],
    ).fetchone() or (0, 0)
    return int(groups), int(among)


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
