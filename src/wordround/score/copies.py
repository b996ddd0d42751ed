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
from wordround.score.figures import Task, Workers, bring_up_to_date
from wordround.settings import Settings
from wordround.understand import copies
from wordround.warehouse import copy_groups
from wordround.warehouse import texts as stored
from wordround.warehouse.engine import connect

_KEYS_PER_PASS = 8_000_000
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
        copy_groups.forget_other_versions(connection, task.version)
        texts = bring_up_to_date(connection, task, workers)
        connection.execute("begin")
        _group_what_is_not(connection, task.version)
        stored.make_current(connection, task.name, task.version)
        connection.execute("commit")
        groups, among = copy_groups.totals(connection, task.version)
    return Grouped(texts=texts, groups=groups, copies=among, model_version=task.version)


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
    count = copy_groups.find_fresh(connection, version)
    if count:
        joined = copies.Joined()
        compared = lru_cache(_TEXTS_READY)(copies.compared)
        with progress("Understanding: copies", 1 + copies.BANDS) as advance:
            for first, last in _passes(count):
                for bucket in copy_groups.buckets(connection, version, first, last):
                    _join(joined, bucket, compared)
                advance(last - first + 1)
        copy_groups.store_groups(connection, version, joined.together())
    connection.execute("drop table fresh")


def _passes(fresh: int) -> Iterator[tuple[int, int]]:
    """Yield first and last place of the keys that are looked at together, counted from 1."""
    places = 1 + copies.BANDS
    width = max(1, min(places, _KEYS_PER_PASS // fresh))
    for first in range(1, places + 1, width):
        yield first, min(first + width - 1, places)


def _join(
    joined: copies.Joined, bucket: list[copy_groups.Member], compared: Callable[[str], copies.Text | None]
) -> None:
    texts = {text_id: text for text_id, _, _, text in bucket}

    def text_of(text_id: str) -> copies.Text:
        text = compared(texts[text_id])
        assert text is not None, "a text with keys is long enough"  # noqa: S101 - for the type checker
        return text

    nodes = {text_id: node for text_id, node, _, _ in bucket}
    fresh = frozenset(text_id for text_id, _, is_fresh, _ in bucket if is_fresh)
    copies.join(joined, nodes, fresh, text_of)
