"""Grouping: which distinct texts are copies of each other, brought up to date for texts not grouped yet.

Comes in: the texts of the warehouse. Goes out: `understanding.copies`, and the keys in `understanding.copy_bands` by
which later texts find theirs. Only texts that are new are hashed, and only what shares a key with one of them is read
and compared. Groups are those that one run over all texts gives: whether two texts are copies depends on these two
alone (understand/copies.py). Memory: keys are looked at in passes and texts in chunks; what grows is a name a text
that has a copy.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

import duckdb
import pyarrow as pa

from wordround.outcomes import Outcome
from wordround.progress import progress
from wordround.score.figures import Task, Workers, bring_up_to_date, make_current
from wordround.settings import Settings
from wordround.understand import copies
from wordround.warehouse import copy_groups
from wordround.warehouse.engine import connect

_KEYS_PER_PASS = 8_000_000
_BUCKETS_PER_CHUNK = 20_000
_TEXTS_READY = 20_000

_KEYS = pa.schema([("keys", pa.list_(pa.uint32()))])


class Grouped(Outcome):
    """What grouping found. Comments that say the same word for word are one text.

    `texts` were not seen before by this version. `groups` of more than one text are counted over all texts, `copies`
    are the texts in them but one each.
    """

    texts: int
    groups: int
    copies: int
    model_version: str


def group(settings: Settings) -> Grouped:
    """Bring the groups up to date."""
    task = hashing()
    with connect(settings) as connection, Workers() as workers:
        copy_groups.let_go(connection)
        connection.execute("delete from understanding.copy_bands where model_version <> ?", [task.version])
        texts = bring_up_to_date(connection, task, workers)
        connection.execute("begin")
        _group_what_is_not(connection, task.version)
        make_current(connection, task)
        connection.execute("commit")
        (groups, among) = connection.execute(
            """select count(*), coalesce(sum(size - 1), 0) from (
                   select count(*) as size from understanding.copies where model_version = ? group by group_id
               ) where size > 1""",
            [task.version],
        ).fetchone() or (0, 0)
    return Grouped(texts=texts, groups=groups, copies=int(among), model_version=task.version)


def hashing() -> Task:
    """Return what is asked of every text once: its keys."""
    return Task("copies", "copy_bands", "hashed_at", copies.version(), hash_texts)


def hash_texts(texts: list[str]) -> pa.Table:
    """Return the keys of each text, in order; none where it is too short to be a copy."""
    ready = [copies.compared(text) for text in texts]
    found = copies.keys([text for text in ready if text])
    return pa.Table.from_arrays(
        [pa.array([next(found) if text else [] for text in ready], _KEYS[0].type)], schema=_KEYS
    )


def _group_what_is_not(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    connection.execute(
        """create or replace temp table fresh as
           select rowid as id, text_id from understanding.copy_bands
           where model_version = $version and len(keys) > 0
               and text_id not in (select c.text_id from understanding.copies as c where c.model_version = $version)""",
        {"version": version},
    )
    (count,) = connection.execute("select count(*) from fresh").fetchone() or (0,)
    if count:
        joined = copies.Joined()
        compared = lru_cache(_TEXTS_READY)(copies.compared)
        with progress("Understanding: copies", 1 + copies.BANDS) as advance:
            for first, last in _passes(count):
                _find_buckets(connection, version, first, last)
                for bucket in _buckets(connection, version):
                    _join(joined, bucket, compared)
                advance(last - first + 1)
        _store(connection, version, joined)
    connection.execute("drop table fresh")


def _passes(fresh: int) -> Iterator[tuple[int, int]]:
    """Yield first and last place of the keys that are looked at together, counted from 1."""
    places = 1 + copies.BANDS
    width = max(1, min(places, _KEYS_PER_PASS // fresh))
    for first in range(1, places + 1, width):
        yield first, min(first + width - 1, places)


def _find_buckets(connection: duckdb.DuckDBPyConnection, version: str, first: int, last: int) -> None:
    """Make the table `buckets`: of each key that a fresh text shares with another, who has it."""
    slots = "unnest(keys[$first:$last]) as key, generate_subscripts(keys[$first:$last], 1) as place"
    values = {"version": version, "first": first, "last": last}
    connection.execute(
        f"""create or replace temp table buckets as
            with wanted as (
                select distinct key, place from (
                    select {slots} from understanding.copy_bands where rowid in (select id from fresh)
                )
            )
            select distinct list(id order by id) as ids from (
                select rowid as id, {slots} from understanding.copy_bands
                where model_version = $version and len(keys) > 0
            ) semi join wanted using (key, place)
            group by key, place
            having count(*) > 1""",
        values,
    )
    # Numbered, because rows that are not committed yet have other row ids. In order, because texts that share one key
    # often share more.
    connection.execute(
        "create or replace temp table buckets as select ids, row_number() over (order by ids) as number from buckets"
    )


Member = tuple[str, str, bool, str]


def _buckets(connection: duckdb.DuckDBPyConnection, version: str) -> Iterator[list[Member]]:
    """Yield the members of each bucket: text_id, what it is known by, whether it is fresh, its text."""
    (count,) = connection.execute("select count(*) from buckets").fetchone() or (0,)
    for start in range(1, count + 1, _BUCKETS_PER_CHUNK):
        chunk = {"start": start, "end": start + _BUCKETS_PER_CHUNK, "version": version}
        members = connection.execute(
            """with bands as (
                   select rowid as id, text_id from understanding.copy_bands
                   where rowid in (select unnest(ids) from buckets where number >= $start and number < $end)
               )
               select id, text_id, coalesce(any_value(group_id), text_id), any_value(group_id) is null, any_value(text)
               from bands
               inner join (select text_id, text from raw.comments where text is not null) using (text_id)
               left join (select text_id, group_id from understanding.copies where model_version = $version)
                   using (text_id)
               group by id, text_id""",
            chunk,
        ).fetchall()
        known: dict[int, Member] = {one: (*rest,) for one, *rest in members}
        ids = connection.execute(
            "select ids from buckets where number >= ? and number < ?", [start, start + _BUCKETS_PER_CHUNK]
        ).fetchall()
        for (bucket,) in ids:
            yield [known[one] for one in bucket]


def _join(joined: copies.Joined, bucket: list[Member], compared: Callable[[str], copies.Text | None]) -> None:
    texts = {text_id: text for text_id, _, _, text in bucket}

    def text_of(text_id: str) -> copies.Text:
        text = compared(texts[text_id])
        assert text is not None, "a text with keys is long enough"  # noqa: S101 - for the type checker
        return text

    nodes = {text_id: node for text_id, node, _, _ in bucket}
    fresh = frozenset(text_id for text_id, _, is_fresh, _ in bucket if is_fresh)
    copies.join(joined, nodes, fresh, text_of)


def _store(connection: duckdb.DuckDBPyConnection, version: str, joined: copies.Joined) -> None:
    """Write the groups of fresh texts, and the new name of groups that they bring together."""
    together = joined.together()
    names = pa.table(
        {"node": pa.array(together.keys(), pa.string()), "smallest": pa.array(together.values(), pa.string())}
    )
    connection.register("together", names)
    connection.execute(
        """create or replace temp table renamed as
           select node, coalesce(
               -- A group with an expired text is named by one.
               min(node) filter (node in (select text_id from raw.comments where is_text_expired)) over (
                   partition by smallest),
               smallest) as name
           from together"""
    )
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
