"""Grouping: which distinct texts are copies of each other, for texts that have no group yet.

Results are in `understanding.copies`; the keys by which later texts find copies are in `understanding.copy_bands`. Only
new texts are hashed, and only texts that share a key with one of them are read and compared. The groups are the same as
in one run over all texts, because whether two texts are copies depends on these two alone (understand/copies.py).
Memory: keys are read in passes and texts in chunks; only the names of texts with copies add up.
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
from wordround.warehouse.engine import connect
from wordround.warehouse.texts import Chunk, make_current

_KEYS_PER_PASS = 8_000_000
_TEXTS_READY = 20_000

_KEYS = pa.schema([("keys", pa.list_(pa.uint32()))])


class Grouped(Outcome):
    """The result of grouping. Comments that agree word for word are one text.

    `texts`: new to this version. `groups`: those of several texts, new or not. `copies`: their texts but one each.
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
        _group_fresh(connection, task.version)
        make_current(connection, task.name, task.version)
        connection.execute("commit")
        groups, among = copy_groups.totals(connection, task.version)
    return Grouped(texts=texts, groups=groups, copies=among, model_version=task.version)


def hashing() -> Task:
    """Return the task that computes the keys of texts."""
    return Task("copies", "copy_bands", "hashed_at", copies.version(), hash_texts)


def hash_texts(chunk: Chunk) -> pa.Table:
    """Return the keys of each text, in order; none where it is too short to be a copy."""
    ready = [copies.compared(text) for text in chunk.texts]
    found = copies.keys([text for text in ready if text])
    return pa.Table.from_arrays(
        [pa.array([next(found) if text else [] for text in ready], _KEYS[0].type)], schema=_KEYS
    )


def _group_fresh(connection: duckdb.DuckDBPyConnection, version: str) -> None:
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
    """Yield the first and the last place of the keys of each pass, counted from 1."""
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
