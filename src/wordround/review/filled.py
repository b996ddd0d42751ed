"""Reading filled sheets, by whoever saved them and however: rows of codes, and what is wrong with the others.

Rows come in any order, cells with any capitals and spaces, labels or codes, columns in any place. A row that cannot be
used is refused with file, row, column and what to do, never with what stands in it: people write what they like into
cells. Everything else goes on.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from wordround.coding import choices
from wordround.coding.choices import Choices
from wordround.connectors.files.cells import Cell
from wordround.connectors.files.headers import names_of
from wordround.connectors.files.reading import read_table
from wordround.errors import FileUnreadable, ReviewRefused
from wordround.records.reviews import Code, ThemeCode
from wordround.review import sheets
from wordround.storage import storage

NEEDED = (sheets.ROW, sheets.CODER, sheets.SENTIMENT)
_ROW_NAME = re.compile(r"\s*s\s*(\d{1,9})\s*-\s*(\d{1,9})\s*", re.IGNORECASE)


class Refused(NamedTuple):
    """A row that cannot be used. `says`: row, column and what to do."""

    number: int
    says: str


class FilledRow(NamedTuple):
    """A row that can be used: `code` is None where nothing was filled in yet."""

    number: int
    sample_id: int
    item: int
    coder: str
    code: Code | None
    is_settled: bool


class _Unusable(Exception):
    """A cell cannot be used."""


def read(path: Path, known: Choices) -> Iterator[FilledRow | Refused]:
    """Yield the rows of a filled sheet, in its order. Raises FileUnreadable, ReviewRefused, StorageFailed."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileUnreadable(f"{path.name}: cannot be read ({error.strerror}). Name a file that is there.") from error
    with file, storage(path):
        table = read_table(path, file, [NEEDED])
        places: dict[str, int] = {}
        for place, cell in enumerate(table.header):
            for name in names_of(cell):
                places.setdefault(name, place)
        if missing := [name for name in NEEDED if name not in places]:
            raise ReviewRefused(
                f"{path.name}: column {missing[0]!r} is missing. Send the sheet back as `wordround review sample` or "
                "`wordround review disagreements` wrote it; only its rows may be sorted."
            )
        for row in table.rows:
            cells = _cells(row.cells, places)
            if any(cells.values()) or row.problem:
                yield _row(row.number, cells, row.problem, known)


def _cells(row: list[Cell], places: Mapping[str, int]) -> dict[str, str]:
    names = (*NEEDED, *sheets.TO_FILL, sheets.SETTLED)
    found = ((name, row[place] if (place := places.get(name, -1)) in range(len(row)) else None) for name in names)
    return {name: "" if cell is None else str(cell).strip() for name, cell in found}


def _row(number: int, cells: Mapping[str, str], problem: str | None, known: Choices) -> FilledRow | Refused:
    if problem:
        return Refused(
            number, f"row {number}: cannot be cut into cells. Save the file as a workbook and send it again."
        )
    try:
        named = _ROW_NAME.fullmatch(cells[sheets.ROW])
        if named is None:
            raise _Unusable(f"column {sheets.ROW}: names no comment; it must stay as it was, such as S1-17.")
        if not cells[sheets.CODER]:
            raise _Unusable(f"column {sheets.CODER}: is empty; it must stay as it was.")
        is_settled = _ticked(cells, sheets.SETTLED)
        return FilledRow(number, int(named[1]), int(named[2]), cells[sheets.CODER], _code(cells, known), is_settled)
    except _Unusable as error:
        return Refused(number, f"row {number}: {error}")


def _code(cells: Mapping[str, str], known: Choices) -> Code | None:
    themes = _themes(cells, known)
    sentiment = cells[sheets.SENTIMENT]
    if _ticked(cells, sheets.CANNOT_SAY):
        if sentiment or themes:
            raise _Unusable(f"column {sheets.CANNOT_SAY}: is ticked beside codes; leave one of the two.")
        return Code(None)
    if not sentiment:
        if themes:
            raise _Unusable(f"column {sheets.SENTIMENT}: is empty beside a theme; choose a sentiment too.")
        return None
    if (grade := choices.grade(sentiment)) is None:
        raise _Unusable(f"column {sheets.SENTIMENT}: is none of the five; choose one from the list.")
    return Code(grade, themes)


def _themes(cells: Mapping[str, str], known: Choices) -> tuple[ThemeCode, ...]:
    found: dict[tuple[str, str], ThemeCode] = {}
    for column, beside in zip(sheets.THEMES, sheets.POLARITIES, strict=True):
        theme, spoken = cells[column], cells[beside]
        if not theme:
            if spoken:
                raise _Unusable(f"column {beside}: stands beside no theme; choose the theme or empty it.")
            continue
        if (choice := known.theme(theme)) is None:
            raise _Unusable(f"column {column}: is no theme of the frames in force; choose one from the list.")
        polarity = choices.polarity(spoken) if spoken else None
        if spoken and polarity is None:
            raise _Unusable(f"column {beside}: is none of positive, neutral, negative; choose one from the list.")
        code = ThemeCode(choice.frame, choice.label, polarity)
        if found.setdefault((choice.frame, choice.label), code) != code:
            raise _Unusable(f"column {column}: names a theme again with another polarity; leave one.")
    return tuple(sorted(found.values(), key=lambda theme: (theme.frame, theme.label)))


def _ticked(cells: Mapping[str, str], column: str) -> bool:
    if (ticked := choices.is_ticked(cells[column])) is None:
        raise _Unusable(f"column {column}: write yes, or leave it empty.")
    return ticked
