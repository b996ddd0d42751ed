"""The manifest of a landed batch: what became of each of its rows. A file without one was never landed."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, NamedTuple, Self, TypedDict

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    NonNegativeInt,
    PlainSerializer,
    ValidationError,
)

from wordround.connectors.asking.accounts import Cut, QueryAccount, Reach
from wordround.errors import ManifestDamaged, WordroundError
from wordround.land.row_outcomes import LandedRows
from wordround.settings import Settings
from wordround.storage import write_whole


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is beyond every calendar") from None


Moment = Annotated[
    AwareDatetime,
    AfterValidator(_in_utc),
    PlainSerializer(datetime.isoformat, when_used="json"),
]


# Of fields, reasons, kinds, and of letters of columns; and days.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class WindowRecord(_Record):
    """How far the answer to one window of a listing reached; the fields of `Reach`.

    `listing` is empty in what was asked before coverage was kept by listing: then it holds for every one of the query.
    """

    listing: str = ""
    asked_from: Moment
    asked_until: Moment
    answered_from: Moment | None
    cut: Cut | None
    error: str | None
    is_closed: bool

    @classmethod
    def of(cls, reach: Reach) -> Self:
        """Return the record of a window that was asked for."""
        return cls(
            listing=reach.window.listing or "",
            asked_from=reach.window.since,
            asked_until=reach.window.until,
            answered_from=reach.answered_from,
            cut=reach.cut,
            error=reach.error,
            is_closed=reach.is_closed,
        )


class QueryRecord(_Record):
    """What became of one query in one run.

    `asks` is the fingerprint of the query (collect/coverage.py). `days` counts comments by day of posting, `refused`
    rows by reason. `memory` is the connector's own, for the next run.
    """

    query_id: str
    query_label: str
    asks: str
    windows: tuple[WindowRecord, ...]
    requests: NonNegativeInt
    retries: NonNegativeInt
    waited_seconds: float
    spent: float
    rows: NonNegativeInt
    refused: Mapping[str, NonNegativeInt]
    days: Mapping[date, NonNegativeInt]
    memory: Mapping[str, str]

    @classmethod
    def of(cls, account: QueryAccount, asks: str) -> Self:
        """Return the record of a query that was asked."""
        return cls(
            query_id=account.query.id,
            query_label=account.query.label,
            asks=asks,
            windows=tuple(map(WindowRecord.of, account.reaches)),
            requests=account.requests,
            retries=account.retries,
            waited_seconds=round(account.waited_seconds, 3),
            spent=round(account.spent, 6),
            rows=account.rows,
            refused=dict(sorted(account.refused.items())),
            days=dict(sorted(account.days.items())),
            memory=account.memory,
        )


class Origin(TypedDict, total=False):
    """Fields of a manifest that only batches of one kind have."""

    # Of a file: the settings by which it was read, and oddities in it.
    reader: str
    layout: str
    pointed: str | None
    pointed_letters: Mapping[str, str]
    date_orders: Mapping[str, str]
    notes: Mapping[str, int]
    row_identity: str
    is_from_elsewhere: bool
    sheet: int | None
    is_sheet_named: bool
    # Of answers: the run; its last batch has the queries.
    run_id: str
    queries: tuple[QueryRecord, ...]


class Reading(NamedTuple):
    """What a file is known by: the SHA-256 of its bytes, and of a workbook the sheet; another sheet has other rows."""

    sha256: str
    sheet: int | None

    def may_be(self, other: Self) -> bool:
        """Whether both may be the same: a workbook landed before its sheet was recorded may be any of its sheets."""
        return self.sha256 == other.sha256 and (self.sheet == other.sheet or None in (self.sheet, other.sheet))


class Manifest(_Record):
    """The account of one landed batch. `parquet` is relative to `settings.shared`, `quarantine_file` is not.

    Counts: `rows` by outcome, `quarantine` and `refused` by reason, `identifiers_removed` by kind.
    """

    batch_id: str
    source: str
    logical_date: date
    input_sha256: str
    file: str
    parquet: str
    rows: LandedRows
    quarantine: Mapping[str, NonNegativeInt]
    refused: Mapping[str, NonNegativeInt]
    quarantine_file: str | None
    identifiers_removed: Mapping[str, NonNegativeInt]
    first_posted_date: date | None
    last_posted_date: date | None
    landed_at: Moment
    wordround_version: str
    # The checksum of the Parquet file; None in what was landed before it was kept. While the file is rewritten, of the
    # one that comes, too: whichever of both is there when a run is killed, is known (parquet_files.py).
    parquet_sha256: str | None = None
    next_parquet_sha256: str | None = None
    # As in Origin.
    reader: str | None = None
    layout: str | None = None
    # The column map, as JSON, of a file for which somebody made one by pointing: an erasure finds its rows by it.
    pointed: str | None = None
    # The roles of its columns by their letters, as they were pointed at; a map may name them otherwise.
    pointed_letters: Mapping[str, str] = {}
    date_orders: Mapping[str, str] = {}
    notes: Mapping[str, NonNegativeInt] = {}
    # The rule by which rows of files are known; None in files that were landed before it (former_ids.py).
    row_identity: str | None = None
    # Fed by name (`--file`), from a place that is none of the drop folders; None before this was recorded.
    is_from_elsewhere: bool | None = None
    # The number of the sheet that was read, of a workbook; None in those of before this was recorded, too.
    sheet: int | None = None
    # Somebody said which sheet is read: a run of the drop folder reads the one that fits.
    is_sheet_named: bool = False
    run_id: str | None = None
    queries: tuple[QueryRecord, ...] = ()
    # The retention period is over: the quarantine file is gone and its counts stay.
    quarantine_expired: bool = False

    @property
    def reading(self) -> Reading:
        """What was read."""
        return Reading(self.input_sha256, self.sheet)


def write_manifest(settings: Settings, manifest: Manifest) -> None:
    """Write the manifest of a batch beside its Parquet file, without the fields that were not set.

    One that is written again keeps its time, by which `landed` knows what came first.
    """
    path = (settings.shared / manifest.parquet).with_suffix(".json")
    written_at = path.stat().st_mtime_ns if path.exists() else None
    written = manifest.model_dump(mode="json", by_alias=True, exclude_unset=True)
    write_whole(path, json.dumps(written, indent=2, ensure_ascii=False))
    if written_at is not None:
        os.utime(path, ns=(written_at, written_at))


def read_manifest(path: Path) -> Manifest:
    """Read a manifest. Raises ManifestDamaged that names the file, the field and what to do."""
    about = path.stat()
    return _read_version(path, about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino)


@lru_cache(10_000)
def _read_version(path: Path, *_: int) -> Manifest:
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        damaged = ManifestDamaged(
            f"{path}: is no manifest that this version reads ({'; '.join(_problems(error))}). Bring it back from a "
            "backup, or remove it and the .parquet of the same name and feed or ask for the batch again."
        )
        damaged.batch_id = path.stem
        raise damaged from None


def landed(settings: Settings, source: str = "*", damaged: list[WordroundError] | None = None) -> Iterator[Manifest]:
    """Yield the manifests of everything landed, oldest first.

    Raises ManifestDamaged, or puts it into `damaged` and goes on where there is such a list.
    """
    for path in sorted(
        settings.landing.glob(f"{source}/*/*.json"), key=lambda path: (path.parent.name, path.stat().st_mtime_ns)
    ):
        if not path.name.startswith("."):
            try:
                yield read_manifest(path)
            except ManifestDamaged as error:
                if damaged is None:
                    raise
                damaged.append(error)


def moment_after_landed(settings: Settings, source: str) -> datetime:
    """Return the moment (UTC): the machine's, and where something of a source was landed later, that and a microsecond.

    What was collected later is what holds (warehouse/arrivals.sql), and must not lose to what was collected while the
    clock was ahead.
    """
    latest = max((manifest.landed_at for manifest in landed(settings, source, damaged=[])), default=None)
    now = datetime.now(UTC)
    return now if latest is None or latest < now else latest + timedelta(microseconds=1)


def of_bytes(settings: Settings, source: str, input_sha256: str) -> set[Path]:
    """Return the manifests of the batches that a file with these bytes has brought; none of them is read."""
    # As Batch names it.
    return set(settings.landing.glob(f"{source}/*/*-{input_sha256[:12]}-*.json"))


def _problems(error: ValidationError) -> Iterator[str]:
    """Yield what is wrong and where, without values and keys of `memory`, which could be a person's."""
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        place = [str(part) for part in problem["loc"]]
        if "memory" in place:
            place = place[: place.index("memory") + 1]
        # A name that no field or reason has could be anybody's, or a sign that a terminal obeys.
        place = [part if _NAME.fullmatch(part) else "..." for part in place]
        yield f"{'.'.join(place)}: {problem['msg']}" if place else problem["msg"]
