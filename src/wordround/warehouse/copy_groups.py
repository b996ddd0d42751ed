"""Groups of copies: `understanding.copies`, and the keys in `understanding.copy_bands` by which texts find theirs.

When a text goes (erased, edited by its author, or expired), no row about it stays. Its group is dissolved and made
again from the texts that are left (score/copies.py), because two of them may have been joined by that text alone. A
group with an expired text stays as it was, because nobody can compare that text again.

A text_id is the hash of a text, from which a guess can be confirmed; that of an expired text is random. So a group with
expired texts is named by one of those, the same one as long as it exists.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wordround.warehouse.statements import statement

_EXPIRED = "select text_id from raw.comments where is_text_expired"


def let_go(connection: duckdb.DuckDBPyConnection) -> int:
    """Delete the rows of texts that are gone, and rename groups; return how many rows were deleted.

    Runs within the caller's transaction. Can be run again at any time.
    """
    # Found first, by `anti join`: of a delete that looks for each row whether there is one, DuckDB makes several joins.
    gone = _deleted(
        connection,
        """delete from understanding.copy_bands where text_id in (
               select bands.text_id from understanding.copy_bands as bands
               anti join (select text_id from raw.comments where text is not null) as kept using (text_id))""",
    )
    connection.execute(
        """create or replace temp table left_groups as
           select text_id, model_version, group_id from understanding.copies anti join raw.comments using (text_id)"""
    )
    connection.execute(
        "create or replace temp table shrunk as select distinct model_version, group_id from left_groups"
    )
    gone += _deleted(
        connection,
        """delete from understanding.copies
           where (text_id, model_version) in (select (text_id, model_version) from left_groups)""",
    )
    connection.execute("drop table left_groups")
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


class Candidates:
    """Texts that share a key with others, at least one of them fresh; known by their place, from 0.

    `nodes`: of each a number, the same for the texts of one group. `is_fresh`: of each, whether it has no group.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        found = connection.execute("select node_number, is_fresh from members order by place").fetchnumpy()
        self.nodes: NDArray[np.int64] = np.asarray(found["node_number"])
        self.is_fresh: NDArray[np.bool_] = np.asarray(found["is_fresh"])

    def texts(self, size: int) -> Iterator[list[str]]:
        """Yield their texts in order, at most `size` at once."""
        for start in range(0, len(self.nodes), size):
            some = [start, start + size]
            rows = self._connection.execute(
                "select text from members where place >= ? and place < ? order by place", some
            ).fetchall()
            yield [text for (text,) in rows]

    def named(self, places: NDArray[np.int64]) -> dict[int, tuple[str, str]]:
        """Return of these places the name of its group (its own id where it has none), and its text."""
        self._connection.register("asked", pa.table({"place": places}))
        rows = self._connection.execute("select place, node, text from members semi join asked using (place)")
        found = {place: (node, text) for place, node, text in rows.fetchall()}
        self._connection.unregister("asked")
        return found

    def buckets(self) -> Iterator[NDArray[np.int64]]:
        """Yield the buckets of each size as rows of places (buckets, size), small ones first."""
        found = self._connection.execute(
            """select len(ids) as size, members.place
               from (select row_number() over () as number, ids, unnest(ids) as id from buckets) as listed
               inner join members using (id)
               order by size, number, members.place"""
        ).fetchnumpy()
        sizes, places = np.asarray(found["size"]), np.asarray(found["place"])
        ends = [*np.flatnonzero(np.diff(sizes)) + 1, len(sizes)]
        for start, end in pairwise((0, *ends)):
            if end > start:
                yield places[start:end].reshape(-1, int(sizes[start]))


def candidates(connection: duckdb.DuckDBPyConnection, version: str, first: int, last: int) -> Candidates:
    """Return the texts that share one of the keys `first` to `last`; they hold until the next ones are asked for."""
    of_fresh = "" if _are_most_fresh(connection, version) else "semi join fresh_keys using (key, place)"
    buckets = statement("copy_buckets").format(of_fresh=of_fresh)
    connection.execute(buckets, {"version": version, "first": first, "last": last})
    connection.execute(statement("copy_members"), {"version": version})
    return Candidates(connection)


def _are_most_fresh(connection: duckdb.DuckDBPyConnection, version: str) -> bool:
    """Whether most texts with keys are fresh: to look for their keys alone would then hold nearly all keys twice."""
    (fresh, known) = connection.execute(
        """select (select count(*) from fresh),
               (select count(*) from understanding.copy_bands where model_version = $version and len(keys) > 0)""",
        {"version": version},
    ).fetchone() or (0, 0)
    return int(fresh) * 2 > int(known)


def let_go_candidates(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the candidates and the list of fresh texts."""
    for table in ("buckets", "members", "fresh"):
        connection.execute(f"drop table if exists {table}")


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
