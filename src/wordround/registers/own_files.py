"""The registers and code frames of the trust's own folder: read as spreadsheets save them, and held to their columns.

A file there takes the place of the seed of the same name in `dbt/seeds/reference/` (`folders.reference`).
"""

import csv
import io
from collections.abc import Collection
from pathlib import Path

from wordround.errors import RegistryInvalid
from wordround.folders import OWN_REFERENCE, REFERENCE, reference
from wordround.governance import is_fictional

Row = dict[str, str]

# Ten times what the largest that is known has; a row takes a hundred times the memory that it takes of a file.
_MOST_BYTES, _MOST_ROWS = 30_000_000, 200_000
# Columns that a file of a trust need not have.
_OPTIONAL = {
    "organisation_accounts.csv": {"organisation_kind"},
    "services.csv": {"kind_label", "area_label"},
}


def rows(path: Path, needed: Collection[str] | None = None) -> list[Row]:
    """Return the rows of a register by column; cells that are not there are empty.

    `needed`: the columns that must be there; without it the one that names a row. Raises RegistryInvalid.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _too_long(path, f"{_MOST_BYTES // 1_000_000} megabytes")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8: save it as CSV UTF-8"
        raise RegistryInvalid(f"{path}: cannot be read ({reason}).") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    brought = _columns(path.name)
    wanted = brought[:1] if needed is None else needed
    try:
        columns = reader.fieldnames or ()
    except csv.Error as error:
        raise _uncut(path, 1) from error
    if lacking := [name for name in wanted if name not in columns]:
        raise RegistryInvalid(
            f"{path}: row 1: has no column {', '.join(lacking)}. Its first row must be: {','.join(brought or wanted)}"
        )
    found: list[Row] = []
    try:
        for number, row in enumerate(reader, start=2):
            if None in row:
                raise RegistryInvalid(
                    f"{path}: row {number}: has more cells than columns. Quote a cell that holds a comma."
                )
            if len(found) == _MOST_ROWS:
                raise _too_long(path, f"{_MOST_ROWS:,} rows")
            found.append(row)
    except csv.Error as error:
        raise _uncut(path, len(found) + 2) from error
    return found


def _too_long(path: Path, what: str) -> RegistryInvalid:
    return RegistryInvalid(f"{path}: has more than {what}, which no register has. Take out what is none of its rows.")


def _uncut(path: Path, row: int) -> RegistryInvalid:
    return RegistryInvalid(f"{path}: row {row}: cannot be cut into cells. Look for a quote that is never closed.")


def own_files() -> dict[str, Path]:
    """Return the files of the trust's folder that take the place of a seed, by its name."""
    found = {name: reference(name) for name in OWN_REFERENCE}
    return {name: path for name, path in found.items() if path.parent != REFERENCE}


def lay_over(seeds: Path) -> None:
    """Put the trust's own files over those of a copied folder of seeds, as dbt reads them. Raises RegistryInvalid."""
    for name, path in own_files().items():
        columns = _columns(name)
        found = rows(path, _needed(name))
        with (seeds / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)


def problem(name: str) -> str | None:
    """Return what is wrong with the file in force, None where dbt can read it."""
    try:
        rows(reference(name), _needed(name))
    except RegistryInvalid as error:
        return str(error)
    return None


def fictional_rows(name: str) -> list[int]:
    """Return the numbers of the rows that say of themselves that they are invented, in the file in force."""
    found = enumerate(rows(reference(name)), start=2)
    return [number for number, row in found if any(is_fictional(cell) for cell in row.values())]


def _needed(name: str) -> list[str]:
    return [column for column in _columns(name) if column not in _OPTIONAL.get(name, ())]


def _columns(name: str) -> list[str]:
    """Return the columns of the seed of this name, none where there is no such seed."""
    seed = REFERENCE / name
    if not seed.is_file():
        return []
    with seed.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))
