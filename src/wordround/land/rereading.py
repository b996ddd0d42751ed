"""Rereading: a file that was landed before and reads otherwise today, because settings that say what it means changed.

Where its rows are known by what they mean, their ids changed with it. The same bytes have the same rows, so each
comment of before is the comment of today that stands in the same row; former_ids.py brings it under the id of today.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from wordround.errors import ReadOtherwise
from wordround.land import quarantine
from wordround.land.manifests import Manifest, Reading, landed
from wordround.land.parquet_files import check, reading
from wordround.settings import Settings

# What is read of the rows of a batch that is being landed, and of one of before.
COLUMNS = ["comment_id", "content_hash", "row_number", "question_type"]


class FileRead(NamedTuple):
    """A file that was read: its name, what was read of it, the fingerprint of the settings by which it was read.

    `has_id`: whether a column names its rows. `former_ids`: ids of before that its own rows name (former_ids.py).
    `is_sheet_named`: whether somebody said which sheet of a workbook is read.
    """

    name: str
    reading: Reading
    reader: str
    has_id: bool
    former_ids: frozenset[str] = frozenset()
    is_sheet_named: bool = False

    def was_read_as(self, manifest: Manifest) -> bool:
        """Whether this is what was landed; before sheets were recorded, it was the one that fits."""
        fits = manifest.sheet is None and not self.is_sheet_named
        return manifest.reading == self.reading or (fits and manifest.reading.may_be(self.reading))


class _Row(NamedTuple):
    comment_id: str
    content: str
    number: int | None
    question_type: str | None


class _Place(NamedTuple):
    """Where a comment stands in its file: of several answers of a row to one type of question, which."""

    row: int
    question_type: str | None
    place: int


@dataclass
class Rereading:
    """How the comments of a file stand to those that the same bytes brought before.

    `pairs`: ids of before and those of today, where they differ. `corrected`: ids of comments that were there and read
    otherwise today. `erased`: ids of today of comments that were erased under another.
    """

    pairs: dict[str, str] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)


def compare(settings: Settings, source: str, rows: pa.Table, file: FileRead) -> Rereading:
    """Compare the comments of a file (COLUMNS) with those that the same bytes brought last.

    Raises ReadOtherwise where it cannot be told which is which.
    """
    manifests = sorted(landed(settings, source), key=lambda manifest: manifest.landed_at)
    manifests = [one for one in manifests if (settings.shared / one.parquet).exists()]
    before = next(filter(file.was_read_as, reversed(manifests)), None)
    if before is None:
        return Rereading()
    today, earlier = _rows(rows), _rows_of(settings, before)
    ids, ids_before = {one.comment_id for one in today}, {one.comment_id for one in earlier} - file.former_ids
    gone = ids_before - ids
    has_numbers = all(one.number is not None for one in earlier)
    # By their ids the erased ones were left out already.
    if not gone and (file.has_id or not has_numbers or not before.rows.erased):
        return Rereading(corrected=_corrected(today, earlier, {}))
    if not has_numbers:
        if len(earlier) != len(today):
            raise _cannot_tell(file.name, len(gone))
        # Landed before rows had numbers: what is as long as before has the same rows in the same order.
        earlier = [was._replace(number=now.number) for was, now in zip(earlier, today, strict=True)]
    places, places_before = _places(today), _places(earlier)
    same_place = {was.comment_id: places[place].comment_id for place, was in places_before.items() if place in places}
    if gone:
        others = {one.reading: one for one in manifests if not file.was_read_as(one)}
        by_these_settings = [one for one in others.values() if one.reader == file.reader]
        gone -= {row.comment_id for one in by_these_settings for row in _rows_of(settings, one)}
    pairs = {former: now for former in gone if (now := _of_today(former, same_place, ids_before))}
    erased = _erased(settings, before, places, places_before, file.name) if before.rows.erased else set[str]()
    return Rereading(pairs, _corrected(today, earlier, pairs), erased - set(pairs.values()) - ids_before)


def _rows_of(settings: Settings, manifest: Manifest) -> list[_Row]:
    path = settings.shared / manifest.parquet
    check(settings, manifest)
    with reading(path):
        there = pq.read_schema(path).names
        return _rows(pq.read_table(path, columns=[name for name in COLUMNS if name in there]))


def _rows(table: pa.Table) -> list[_Row]:
    return [
        _Row(row["comment_id"], row["content_hash"], row.get("row_number"), row["question_type"])
        for row in table.to_pylist()
    ]


def _places(rows: Sequence[_Row]) -> dict[_Place, _Row]:
    """Return the comments by their place in the file."""
    counts: defaultdict[tuple[int, str | None], int] = defaultdict(int)
    places: dict[_Place, _Row] = {}
    for row in rows:
        kind = (row.number or 0, row.question_type)
        places[_Place(*kind, counts[kind])] = row
        counts[kind] += 1
    return places


def _of_today(former: str, same_place: dict[str, str], ids_before: set[str]) -> str | None:
    """Return the id of today in whose place a former id goes; None where its row is none today and it stays.

    Where the id of today of a row was that of another row before, that row is asked in turn: so no id is brought over
    that is one of today, and the pairs can be carried out in any order, and again.
    """
    now = same_place.get(former)
    while now in ids_before:
        now = same_place.get(now)
    return now


def _corrected(today: list[_Row], earlier: list[_Row], pairs: dict[str, str]) -> set[str]:
    contents = {pairs.get(one.comment_id, one.comment_id): one.content for one in earlier}
    return {one.comment_id for one in today if contents.get(one.comment_id, one.content) != one.content}


def _erased(
    settings: Settings, before: Manifest, places: dict[_Place, _Row], places_before: dict[_Place, _Row], name: str
) -> set[str]:
    """Return the ids of today of comments whose rows brought one before that is neither there nor in quarantine."""
    rejected = set(_rejected_rows(settings, before, name))
    kinds = {(place.question_type, place.place) for place in places_before} or None
    rows_before = {place.row for place in places_before}
    return {
        row.comment_id
        for place, row in places.items()
        if place not in places_before
        and place.row not in rejected
        and (place.row not in rows_before or kinds is None or (place.question_type, place.place) in kinds)
    }


def _rejected_rows(settings: Settings, before: Manifest, name: str) -> Iterator[int]:
    if not before.quarantine:
        return
    path = quarantine.path_of(settings, before)
    if not path.exists():
        raise _cannot_tell(name, before.rows.erased)
    for row in quarantine.read_rows(path):
        yield int(row["row"])


def _cannot_tell(name: str, comments: int) -> ReadOtherwise:
    return ReadOtherwise(
        f"{name}: was landed before by other settings, and it cannot be told which of its rows of today {comments:,} "
        "comments of before are: an earlier version landed it, or comments of it were erased since. They would count "
        "twice. Nothing was taken, and what it brought stays. Put the settings back, or take the file out of the drop "
        "folder."
    )
