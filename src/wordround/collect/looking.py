"""A look at a file before it is taken: what would become of its rows. Nothing of it is kept.

The file is read, de-identified and compared as it is when it is taken, and then the batch is dropped.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from wordround.collect import permission, pointing, warnings
from wordround.collect.column_shapes import ColumnShape
from wordround.collect.files import block_of, connector_of, opened, public_path, read_file
from wordround.collect.locking import source_lock
from wordround.collect.words import shown_header
from wordround.connectors.files.pointed import Pointed
from wordround.outcomes import Outcome
from wordround.settings import Settings

_MOST_PLACES = 100


class Column(Outcome):
    """A column of the file that is read, and as what."""

    name: str
    read_as: str


class Place(Outcome):
    """A place as the file names it, widest first, and how many of its comments are about it."""

    place: str
    comments: int


class FileLook(Outcome):
    """What would become of a file: its rows by outcome, its days and places, and how its columns were read.

    `sheet`: of a workbook, the number of the one that is read. `rows`: as they would be landed. `comment_ids`: those
    that would be landed, to be compared with what is known.
    """

    file: str
    layout: str
    sheet: int | None
    columns: tuple[Column, ...]
    rows: Mapping[str, int]
    first_date: date | None
    last_date: date | None
    date_orders: Mapping[str, str]
    places: tuple[Place, ...]
    more_places: int
    quarantine: Mapping[str, int]
    identifiers_removed: Mapping[str, int]
    warnings: tuple[str, ...]
    comment_ids: tuple[str, ...]
    settings_lines: str | None


class SheetNamed(Outcome):
    """A sheet of a workbook by its number, from 1; `name` where it may be shown."""

    number: int
    name: str | None
    is_hidden: bool


class FileColumns(Outcome):
    """What stands in the columns of a file, by how many of its first rows; no cell of it.

    `sheet`: of a workbook, the number of the sheet that they are of; `sheets`: all that hold anything.
    """

    file: str
    rows_looked_at: int
    columns: tuple[ColumnShape, ...]
    sheet: int | None
    sheets: tuple[SheetNamed, ...]


class _OnlyLooked(Exception):
    """Drops the batch."""


def columns(
    settings: Settings, source: str, path: Path, called: str | None = None, sheet: int | None = None
) -> FileColumns:
    """Return what stands in the columns of a file, also of one that follows no layout. Raises FileUnreadable.

    sheet: of a workbook, by its number, in place of the one that fits.
    """
    permission.require(settings, source)
    public, is_score = public_path(Path(called) if called else path), connector_of(source).is_score
    with opened(path) as file:
        found = pointing.columns(source, block_of(settings, source).of_sheet(sheet), file, public, is_score)
    sheets = tuple(
        SheetNamed(
            number=each.number,
            name=each.name if shown_header(each.name) == each.name else None,
            is_hidden=not each.is_visible,
        )
        for each in found.sheets
    )
    return FileColumns(
        file=public.name, rows_looked_at=found.rows, columns=tuple(found.shown), sheet=found.sheet, sheets=sheets
    )


def look(
    settings: Settings,
    source: str,
    path: Path,
    logical_date: date,
    called: str | None = None,
    pointed: Pointed | None = None,
    sheet: int | None = None,
) -> FileLook:
    """Return what would become of a file if it were taken.

    called: its name, where the path does not have it. pointed: its column map, in place of those of the settings; in
    the settings it would be `settings_lines`. sheet: of a workbook, by its number. Raises as `files.land_file` does.
    """
    permission.require(settings, source)
    found: list[FileLook] = []
    public = public_path(Path(called) if called else path)
    with (
        source_lock(settings, source),
        opened(path) as file,
        suppress(_OnlyLooked),
        read_file(settings, source, file, public, logical_date, older=True, pointed=pointed, sheet=sheet) as read,
    ):
        batch, layout = read.batch, read.reader.layout
        ids = batch.rows()["comment_id"].to_pylist()
        places = _places(batch.places().to_pylist())
        first, last = batch.days
        found.append(
            FileLook(
                file=public.name,
                layout=read.reader.layout_name,
                sheet=read.reader.sheet,
                columns=tuple(_columns(layout.model_dump(exclude_none=True))),
                rows={"in": batch.account.rows_in, **batch.account.by_outcome()},
                first_date=first,
                last_date=last,
                date_orders=read.reader.date_orders,
                places=places[:_MOST_PLACES],
                more_places=max(0, len(places) - _MOST_PLACES),
                quarantine=batch.rejected,
                identifiers_removed=batch.identifiers,
                warnings=tuple(warnings.of_notes(+read.notes)),
                comment_ids=tuple(ids),
                settings_lines=pointing.settings_lines(source, read.reader.source) if pointed else None,
            )
        )
        raise _OnlyLooked
    return found[0]


def _places(rows: list[dict[str, object]]) -> tuple[Place, ...]:
    levels = ("location_1", "location_2", "location_3")
    named = [
        Place(
            place=", ".join(str(row[level]) for level in levels if row[level]) or "no place",
            comments=int(str(row["comment_id_count"])),
        )
        for row in rows
    ]
    return tuple(sorted(named, key=lambda each: (-each.comments, each.place)))


def _columns(layout: Mapping[str, object]) -> list[Column]:
    """The columns that a layout names: a name alone, a list of names, or tables with a `column` each."""
    found = []
    for role, named in layout.items():
        words = role.replace("_", " ")
        if role == "answers" and isinstance(named, list | tuple):
            found += [
                Column(name=str(each["column"]), read_as=f"answer ({each.get('question_type') or 'nothing asked'})")
                for each in named
            ]
        elif role == "locations" and isinstance(named, list | tuple):
            found += [Column(name=str(each), read_as=f"place {number}") for number, each in enumerate(named, start=1)]
        elif isinstance(named, str) and role in _NAMES_A_COLUMN:
            found.append(Column(name=named, read_as=words))
    return found


_NAMES_A_COLUMN = frozenset({"id", "respondent", "trust", "date", "score", "rating", "question", "answer", "mode"})
