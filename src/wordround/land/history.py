"""History: what earlier batches of a source hold of the rows of a new one, before it is landed.

By it a file is recognised that is older than one that has corrected it. It is older where its very bytes were landed
before and a later file has changed rows of it since, or where it has nothing new and all that it would change goes back
to what an earlier file said.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wordround.land.manifests import Manifest, landed
from wordround.land.parquet_files import check_once, reading
from wordround.land.rereading import FileRead
from wordround.settings import Settings

_COLUMNS = ["comment_id", "content_hash"]


@dataclass
class Standing:
    """How the rows of a file stand to those landed before.

    `superseded_ids`: of rows whose content an earlier file had and a later one has changed; `superseded_by`: the
    manifests of the latter. `landed_before_at`: when the same was landed last. `known_look_alikes`: those of the
    ids that were asked about that are there.
    """

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    superseded_by: dict[str, Manifest] = field(default_factory=dict)
    superseded_ids: set[str] = field(default_factory=set)
    landed_before_at: datetime | None = None
    known_look_alikes: set[str] = field(default_factory=set)

    @property
    def is_older(self) -> bool:
        """Whether the file would only bring back what a later one has corrected."""
        nothing_else = not self.new and self.changed == len(self.superseded_ids)
        return bool(self.superseded_ids) and (self.landed_before_at is not None or nothing_else)


class _Known:
    """The versions of rows in earlier batches, oldest first."""

    def __init__(self) -> None:
        self.current: dict[str, tuple[str, Manifest]] = {}
        self.earlier: defaultdict[str, set[str]] = defaultdict(set)
        self.of_same_bytes: dict[str, str] = {}

    def add(self, manifest: Manifest, rows: pa.Table, is_same: bool) -> None:
        for comment_id, content in zip(*(rows[name].to_pylist() for name in _COLUMNS), strict=True):
            before = self.current.get(comment_id)
            if before and before[0] != content:
                self.earlier[comment_id].add(before[0])
            self.current[comment_id] = (content, manifest)
            if is_same:
                self.of_same_bytes[comment_id] = content


def standing(
    settings: Settings, source: str, rows: pa.Table, file: FileRead, look_alikes: Collection[str] = ()
) -> Standing:
    """Compare the rows of a file (comment_id, content_hash) with everything landed of its source."""
    found, known = Standing(), _Known()
    ids = rows["comment_id"].to_pylist()
    # The first file of a source is compared with nothing.
    before = sorted(landed(settings, source), key=lambda manifest: manifest.landed_at)
    wanted = pa.array({*ids, *look_alikes} if before else (), pa.string())
    hashes = _hashes(wanted.to_pylist())
    for manifest in before:
        parquet = settings.shared / manifest.parquet
        if parquet.exists():
            is_same = file.was_read_as(manifest)
            found.landed_before_at = manifest.landed_at if is_same else found.landed_before_at
            check_once(settings, manifest)
            with reading(parquet):
                is_met = np.isin(hashes, _hashes_of(parquet), assume_unique=True).any()
                there = pq.read_table(parquet, columns=_COLUMNS) if is_met else None
            if there is not None:
                known.add(manifest, there.filter(pc.is_in(there["comment_id"], value_set=wanted)), is_same)
    found.known_look_alikes = set(look_alikes) & known.current.keys() | set(look_alikes).intersection(ids)
    if not known.current:
        found.new = len(ids)
        return found
    for comment_id, content in zip(ids, rows["content_hash"].to_pylist(), strict=True):
        _compare(found, known, comment_id, content)
    return found


def _hashes_of(parquet: Path) -> np.ndarray:
    """Return what tells that a file cannot hold an id: a thousand files need not be read for each of a thousand."""
    about = parquet.stat()
    return _hashes_of_version(parquet, about.st_mtime_ns, about.st_size, about.st_ino)


@lru_cache(10_000)
def _hashes_of_version(parquet: Path, *_: int) -> np.ndarray:
    return _hashes(pq.read_table(parquet, columns=["comment_id"])["comment_id"].to_pylist())


def _hashes(ids: Collection[str]) -> np.ndarray:
    return np.unique(np.fromiter(map(hash, ids), np.int64, len(ids)))


def _compare(found: Standing, known: _Known, comment_id: str, content: str) -> None:
    if comment_id not in known.current:
        found.new += 1
        return
    current, manifest = known.current[comment_id]
    if current == content:
        found.unchanged += 1
        return
    found.changed += 1
    if content in known.earlier[comment_id] or known.of_same_bytes.get(comment_id, current) != current:
        found.superseded_ids.add(comment_id)
        found.superseded_by[manifest.batch_id] = manifest
