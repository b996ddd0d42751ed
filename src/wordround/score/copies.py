"""Grouping: which distinct texts are copies of each other, for texts that have no group yet.

Results are in `understanding.copies`; the keys by which later texts find copies are in `understanding.copy_bands`. Only
new texts are hashed, and only texts that share a key with one of them are read and compared. The groups are the same as
in one run over all texts, because whether two texts are copies depends on these two alone (understand/copies.py).
Memory: keys are read in passes and texts in chunks; sketches, and the names of texts with copies, add up.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wordround.outcomes import Outcome
from wordround.progress import progress
from wordround.score.figures import Task, Workers, bring_up_to_date, in_order
from wordround.settings import Settings
from wordround.understand import copies
from wordround.understand.copy_sketches import Sketches, sketched
from wordround.warehouse import copy_groups
from wordround.warehouse.engine import connect
from wordround.warehouse.texts import Chunk, make_current

_KEYS_PER_PASS = 8_000_000
_TEXTS_READY = 20_000
_TEXTS_AT_ONCE = 10_000
# A bucket with more texts has more pairs than are looked at in a second.
_LARGEST_BUCKET, _PAIRS_AT_ONCE = 2_000, 500_000

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
        _group_fresh(connection, task.version, workers)
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


def sketch_texts(texts: Sequence[str]) -> Sketches:
    """Return the sketches of texts, in order; all of them are long enough to be copies."""
    return sketched([_long_enough(copies.compared(text)) for text in texts])


def _long_enough(text: copies.Text | None) -> copies.Text:
    assert text is not None, "only texts with keys are candidates"  # noqa: S101 - for the type checker
    return text


def _group_fresh(connection: duckdb.DuckDBPyConnection, version: str, workers: Workers) -> None:
    count = copy_groups.find_fresh(connection, version)
    if count:
        joined = copies.Joined()
        with progress("Understanding: copies", 1 + copies.BANDS) as advance:
            for first, last in _passes(count):
                candidates = copy_groups.candidates(connection, version, first, last)
                submit = workers.submitting(sketch_texts, len(candidates.nodes))
                sketches = Sketches.joined([found for _, found in in_order(submit, candidates.texts(_TEXTS_AT_ONCE))])
                _Comparison(candidates, sketches, joined).compare()
                advance(last - first + 1)
        copy_groups.store_groups(connection, version, joined.together())
    copy_groups.let_go_candidates(connection)


def _passes(fresh: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last place of the keys of each pass, counted from 1."""
    places = 1 + copies.BANDS
    width = max(1, min(places, _KEYS_PER_PASS // fresh))
    for first in range(1, places + 1, width):
        yield first, min(first + width - 1, places)


class _Comparison:
    """Compares the texts of all buckets of a pass, many pairs at once, and notes which belong together."""

    def __init__(self, candidates: copy_groups.Candidates, sketches: Sketches, joined: copies.Joined) -> None:
        self._candidates, self._sketches, self._joined = candidates, sketches, joined
        # Of the number of each node that of the smallest with which it was joined.
        self._above: NDArray[np.int64] = np.arange(len(candidates.nodes))

    def compare(self) -> None:
        for buckets in self._candidates.buckets():
            size = buckets.shape[1]
            if size > _LARGEST_BUCKET:
                for bucket in buckets:
                    self._join_one_by_one(bucket)
                continue
            pairs = size * (size - 1) // 2
            at_once = max(1, _PAIRS_AT_ONCE // pairs)
            one, other = np.triu_indices(size, 1)
            for start in range(0, len(buckets), at_once):
                some = buckets[start : start + at_once]
                self._join_copies(some[:, one].ravel(), some[:, other].ravel())

    def _join_copies(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> None:
        """Compare these pairs of places, but for those that are together and those that were compared before."""
        nodes = self._above[self._candidates.nodes]
        is_fresh = self._candidates.is_fresh
        open_pairs = (nodes[one] != nodes[other]) & (is_fresh[one] | is_fresh[other])
        one, other = one[open_pairs], other[open_pairs]
        may_be = self._sketches.may_be_copies(one, other)
        pairs = np.unique(np.stack([one[may_be], other[may_be]], 1), axis=0)
        if not len(pairs):
            return
        named = self._candidates.named(np.unique(pairs))
        compared = cache(lambda words: _long_enough(copies.compared(words)))
        for first, second in pairs.tolist():
            (node, text), (further, another) = named[first], named[second]
            if self._joined.name_of(node) == self._joined.name_of(further):
                continue
            if copies.are_copies(compared(text), compared(another)):
                self._joined.join(node, further)
                self._note(first, second)
        self._settle()

    def _join_one_by_one(self, bucket: NDArray[np.int64]) -> None:
        """Join the copies of a bucket with too many pairs to look at: of a flood, in which most are copies."""
        named = {str(place): found for place, found in self._candidates.named(bucket).items()}
        text_of = lru_cache(_TEXTS_READY)(lambda place: _long_enough(copies.compared(named[place][1])))
        fresh = frozenset(str(place) for place in bucket[self._candidates.is_fresh[bucket]])
        copies.join(self._joined, {place: node for place, (node, _) in named.items()}, fresh, text_of)
        first: dict[str, int] = {}
        for place in bucket.tolist():
            node = self._joined.name_of(named[str(place)][0])
            self._note(first.setdefault(node, place), place)
        self._settle()

    def _note(self, one: int, other: int) -> None:
        ends = []
        for place in (one, other):
            number = self._candidates.nodes[place]
            while (above := self._above[number]) != number:
                number = above
            ends.append(number)
        self._above[max(ends)] = min(ends)

    def _settle(self) -> None:
        """Let each number stand directly below the smallest."""
        while not np.array_equal(further := self._above[self._above], self._above):
            self._above = further
