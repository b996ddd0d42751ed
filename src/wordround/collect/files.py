"""Collecting files: what is new in a drop folder goes through its connector to landing.

A bad file is named and left, and the other files go on. No file is opened before the governance of its source is
complete. Outcomes hold counts and names, never text.
"""

import hashlib
import json
import logging
import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

from wordround.collect import older_files, permission, pointing, warnings
from wordround.collect.locking import source_lock
from wordround.collect.score_direction import ScoreDirection
from wordround.collect.words import public_name, shown_header
from wordround.comments import Comment
from wordround.connectors import registry
from wordround.connectors.files import forms
from wordround.connectors.files.cells import Cell
from wordround.connectors.files.pointed import Pointed
from wordround.connectors.files.settings import TableSource, sources_of_tables
from wordround.errors import (
    ErasedMeanwhile,
    FileChangedWhileRead,
    FileUnreadable,
    OlderFile,
    ReadOtherwise,
    SettingsInvalid,
    UnexpectedColumns,
)
from wordround.garbage import undisturbed
from wordround.identity.pseudonyms import pseudonymiser
from wordround.identity.tombstones import landing_lock
from wordround.land import history
from wordround.land.batch import Batch
from wordround.land.cleaning import cleaner_for
from wordround.land.former_ids import ROW_IDENTITY
from wordround.land.manifests import Manifest, Origin, Reading, landed, of_bytes, read_manifest
from wordround.land.rereading import FileRead, compare
from wordround.outcomes import Outcome
from wordround.progress import progress
from wordround.settings import Settings
from wordround.storage import storage

log = logging.getLogger(__name__)

# What refuses one file and lets the others go on.
_REFUSALS = (FileUnreadable, FileChangedWhileRead, UnexpectedColumns, OlderFile, ReadOtherwise, ErasedMeanwhile)

# The folder within a drop folder for lists of withdrawn rows (withdrawals.py).
WITHDRAWN = "withdrawn"

_PROGRESS_EVERY = 10_000
# Changes with the rules by which cells are read, so that files in drop folders are read again by them.
_RULES = "cells 2"


class TableConnector(Protocol):
    """What the connector of a source of tables offers."""

    Reader: type[forms.Reader[Any]]

    def is_score(self, cell: Cell) -> bool:
        """Return whether a cell could be a score."""

    def native_ids(self, source: TableSource, trust_codes: Iterable[str], row_id: str) -> set[str]:
        """Return every native id that an answer of a row can have."""

    def row_name(self, layout_name: str, row_id: str) -> str:
        """Return the name by which an erasure refers to a row with this id."""


def connector_of(source: str) -> TableConnector:
    """Return the connector of a source of tables."""
    return cast(TableConnector, registry.connector_module(source))


def block_of(settings: Settings, source: str) -> TableSource:
    """Return the settings of a source of tables. Raises SettingsInvalid for any other source."""
    settings.sources.named(source)
    block = sources_of_tables(settings.sources).get(source)
    if block is None:
        raise SettingsInvalid(f"{source}: takes no files.")
    return block


class _LandedMeanwhile(Exception):
    """Another run has landed the file, read by the same settings, since this one began."""


class FilesCollected(Outcome):
    """What was new in a drop folder: ids of batches, quarantined rows by reason, and the files that were refused.

    `rows_repeated` stood in their file before, word for word; `warnings` are sentences for people.
    """

    source: str
    batches: tuple[str, ...]
    files_already_landed: int
    rows_repeated: int
    warnings: tuple[str, ...]
    quarantine: Mapping[str, int]
    quarantine_file: str | None
    refused: tuple[str, ...]


def collect(settings: Settings, source: str, logical_date: date) -> FilesCollected:
    """Land what is new in the drop folder of a source.

    A file that was landed before, byte for byte and with the same settings, is not read again. Where the settings have
    changed, files are read again in the order in which they were landed, so that corrections come last. A file that
    cannot be taken is named in `refused`, with what to do, and the others go on. Raises GovernanceIncomplete,
    AlreadyCollected.
    """
    permission.require(settings, source)
    with source_lock(settings, source):
        return _collect(settings, source, logical_date)


def _collect(settings: Settings, source: str, logical_date: date) -> FilesCollected:
    folder = settings.shared / block_of(settings, source).drop_folder
    with storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
    before = sorted(landed(settings, source), key=lambda manifest: manifest.landed_at)
    # By the settings by which each was read last: where these were put back, it is read by them again. A sheet that
    # somebody named is none that a run of the folder would read.
    known = {manifest.input_sha256: manifest.reader for manifest in before if not manifest.is_sheet_named}
    manifests: list[Manifest] = []
    skipped, refused = 0, []
    # Office programs leave lock files beside those that they have open.
    paths = [path for path in folder.iterdir() if path.name[0] not in ".~" and path.name != WITHDRAWN]
    in_order = older_files.in_order_of_landing(paths, before)
    for path in in_order:
        try:
            manifest = land_file(settings, source, path, logical_date, known, here=set(in_order.values()))
        except _REFUSALS as error:
            log.error("%s", error)
            refused.append(f"{type(error).__name__}: {error}")
            continue
        if manifest is None:
            skipped += 1
        else:
            manifests.append(manifest)
            log.info("%s: %d rows in, %s", manifest.file, manifest.rows.rows_in, manifest.rows.by_outcome())
    reasons: Counter[str] = Counter()
    for manifest in manifests:
        reasons.update(manifest.quarantine)
    warned = tuple(f"{one.file}: {sentence}" for one in manifests for sentence in warnings.of_notes(one.notes))
    for sentence in warned:
        log.warning("%s", sentence)
    return FilesCollected(
        source=source,
        batches=tuple(manifest.batch_id for manifest in manifests),
        files_already_landed=skipped,
        rows_repeated=sum(manifest.rows.repeated for manifest in manifests),
        warnings=warned,
        quarantine=dict(sorted(reasons.items())),
        quarantine_file="\n".join(manifest.quarantine_file for manifest in manifests if manifest.quarantine_file)
        or None,
        refused=tuple(refused),
    )


def land_file(
    settings: Settings,
    source: str,
    path: Path,
    logical_date: date,
    known: Mapping[str, str | None] | None = None,
    *,
    here: Collection[str | None] = (),
    older: bool = False,
    called: str | None = None,
    pointed: Pointed | None = None,
    sheet: int | None = None,
) -> Manifest | None:
    """Read one file of a source, de-identify it and land it. Return its manifest, or None if it is known.

    known: SHA-256 of files that were landed, and the settings by which they were read last; without it the file is read
    in any case. here: SHA-256 of the files of the drop folder that is read: of one that was landed before, what a later
    file has corrected stays. older: take the file also where it only brings back what a later one has corrected.
    called: its name, where the path does not have it. pointed: a column map for this file, in place of the settings'.
    sheet: the number of the sheet of a workbook that is read, in place of the one that fits.
    Raises SettingsInvalid, GovernanceIncomplete, AlreadyCollected, FileUnreadable, UnexpectedColumns,
    ColumnMapUnusable, OlderFile, ReadOtherwise, FileChangedWhileRead, ErasedMeanwhile or StorageFailed; then nothing
    was landed.
    """
    permission.require(settings, source)
    with source_lock(settings, source), suppress(_LandedMeanwhile):
        return _land_file(settings, source, path, logical_date, known, here, older, called, pointed, sheet)
    return None


class ReadFile(NamedTuple):
    """A file that was read into a batch which is not landed yet."""

    batch: Batch
    reader: forms.Reader[Any]
    fingerprint: str
    sha256: str
    notes: Counter[str]


def _land_file(
    settings: Settings,
    source: str,
    path: Path,
    logical_date: date,
    known: Mapping[str, str | None] | None,
    here: Collection[str | None],
    older: bool,
    called: str | None,
    pointed: Pointed | None,
    sheet: int | None,
) -> Manifest | None:
    public = public_path(Path(called) if called else path)
    with opened(path) as file:
        fingerprint = _fingerprint(settings, block_of(settings, source))
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if known is not None and sha256 in known and known[sha256] == fingerprint:
            return None
        landed_before = of_bytes(settings, source, sha256)
        with (
            read_file(settings, source, file, public, logical_date, here, older, pointed, sheet) as read,
            landing_lock(settings),
        ):
            # Looked at again: a home may lie on a disk whose locks another machine does not see.
            since = map(read_manifest, of_bytes(settings, source, sha256) - landed_before)
            if known is not None and any(
                (one.reader, one.reading) == (fingerprint, Reading(sha256, read.reader.sheet)) for one in since
            ):
                raise _LandedMeanwhile
            origin: Origin = {
                "reader": read.fingerprint,
                "layout": read.reader.layout_name,
                "sheet": read.reader.sheet,
                "date_orders": read.reader.date_orders,
                "notes": dict(+read.notes),
                "row_identity": ROW_IDENTITY,
                "is_from_elsewhere": not _lies_in_a_drop_folder(settings, path),
                "is_sheet_named": sheet is not None,
            }
            if pointed:
                origin.update(pointing.origin(source, read.reader.layout, pointed))
            return read.batch.finish(**origin)


@contextmanager
def read_file(
    settings: Settings,
    source: str,
    file: BufferedReader,
    public: Path,
    logical_date: date,
    here: Collection[str | None] = (),
    older: bool = False,
    pointed: Pointed | None = None,
    sheet: int | None = None,
) -> Iterator[ReadFile]:
    """Read an open file into a batch, de-identified and compared with what was landed before it.

    public: what the file is called, fit for messages. pointed: its column map, in place of those of the settings.
    sheet: of a workbook, by its number. Raises as `land_file` does.
    """
    block = block_of(settings, source).of_sheet(sheet)
    if pointed:
        block = pointing.block(source, block, file, public, pointed)
        pointing.require_own_name(settings, source, block, file, public, pointed)
    with closing(cleaner_for(file)) as cleaner:
        before = _state(file)
        sha256 = hashlib.file_digest(_rewound(file), "sha256").hexdigest()
        fingerprint = _fingerprint(settings, block)
        try:
            today = datetime.now(UTC).date()
            reader = connector_of(source).Reader(public, file, block, settings.trust.code, today, cleaner.expect)
        except UnexpectedColumns as error:
            raise error.naming(shown_header) from None
        keys, direction = pseudonymiser(settings), ScoreDirection()
        with (
            undisturbed(),
            storage(settings.landing),
            Batch(settings, source, logical_date, sha256, public.name, keys, cleaner=cleaner) as batch,
        ):
            with progress(f"Reading {public.name}", reader.row_count) as advance:
                batch.take(_counted(reader, direction, advance))
            if _state(file) != before or hashlib.file_digest(_rewound(file), "sha256").hexdigest() != sha256:
                raise FileChangedWhileRead(
                    f"{public}: was written while it was read. Nothing was landed: feed it again."
                )
            reader.notes.update(direction.notes())
            reading = Reading(sha256, reader.sheet)
            read = FileRead(
                public.name, reading, fingerprint, bool(reader.layout.id), batch.former_ids, sheet is not None
            )
            reader.notes.update(_compared_with_before(settings, source, batch, reader, read, here, older))
            yield ReadFile(batch, reader, fingerprint, sha256, reader.notes)


def opened(path: Path) -> BufferedReader:
    try:
        # Checked before opening: to open a pipe is to wait for its writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileUnreadable(f"{public_path(path)}: is not a file but a folder, a pipe or a device. Name a file.")
        return path.open("rb")
    except OSError as error:
        raise FileUnreadable(f"{public_path(path)}: cannot be opened ({error.strerror}).") from error


def public_path(path: Path) -> Path:
    return path.with_name(public_name(path))


def _compared_with_before(
    settings: Settings,
    source: str,
    batch: Batch,
    reader: forms.Reader[Any],
    read: FileRead,
    here: Collection[str | None],
    older: bool,
) -> dict[str, int]:
    """Bring a batch in line with what was landed before it; return notes. Raises OlderFile and ReadOtherwise."""
    rows, notes, left = batch.rows(), dict[str, int](), set[str]()
    rereading = compare(settings, source, rows, read)
    if read.has_id:
        # Without an id nothing can be taken back: another content is another row.
        keys = pseudonymiser(settings)
        similar = [{keys.pseudonym(source, one) for one in group} for group in reader.look_alikes]
        standing = history.standing(settings, source, rows, read, set().union(*similar))
        notes |= older_files.notes(read.name, standing, here, older)
        notes |= older_files.look_alikes(standing, similar)
        if standing.landed_before_at and older_files.is_read_again(standing, here):
            left = standing.superseded_ids
            batch.date_back(left, standing.landed_before_at)
    batch.bring_over(rereading.pairs)
    if rereading.erased:
        batch.leave_out(rereading.erased)
    return notes | {warnings.READ_OTHERWISE: len(rereading.corrected - left)}


def _lies_in_a_drop_folder(settings: Settings, path: Path) -> bool:
    blocks = sources_of_tables(settings.sources).values()
    folders = {(settings.shared / block.drop_folder).resolve() for block in blocks}
    return path.absolute().parent.resolve() in folders


def _counted(reader: forms.Reader[Any], direction: ScoreDirection, advance: Any) -> Any:
    for count, item in enumerate(reader.items(), 1):
        if reader.has_scores and isinstance(item, Comment):
            direction.add(item)
        if count % _PROGRESS_EVERY == 0:
            advance(_PROGRESS_EVERY // reader.answers_per_row)
        yield item


def _rewound(file: BufferedReader) -> BufferedReader:
    file.seek(0)
    return file


def _state(file: BufferedReader) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def _fingerprint(settings: Settings, block: TableSource) -> str:
    """Return the fingerprint of the settings by which files are read: once it changes, known files are read again."""
    written = block.model_dump_json(exclude={"governance", "limits"}) + settings.trust.code + _RULES
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()[:12]
