"""The code frames in force: those that Wordround brings, as the trust has changed them, and the trust's own.

The trust's own frame is in use as soon as its two files have rows.
"""

from collections.abc import Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from wordround.errors import RegistryInvalid
from wordround.folders import reference
from wordround.registers.own_files import Row, rows
from wordround.understand.frames import CUE_COLUMNS, HEADING_COLUMNS, Frame, FrameInvalid

PATIENT_EXPERIENCE: Final = "patient_experience"
LIVED_EXPERIENCE: Final = "lived_experience"
OWN: Final = "own"
# By code: the file of headings and the file of cues.
FILES: Final = {
    PATIENT_EXPERIENCE: ("patient_experience_headings.csv", "patient_experience_cues.csv"),
    LIVED_EXPERIENCE: ("lived_experience_headings.csv", "lived_experience_cues.csv"),
    OWN: ("own_frame_headings.csv", "own_frame_cues.csv"),
}
# What a row cannot do without; a heading may be its theme, and the other cells of a cue may be left empty.
_NEEDED = {
    PATIENT_EXPERIENCE: (HEADING_COLUMNS, CUE_COLUMNS[:2]),
    LIVED_EXPERIENCE: (HEADING_COLUMNS[:3], CUE_COLUMNS[:2]),
    OWN: (HEADING_COLUMNS[:3], CUE_COLUMNS[:2]),
}


class Tables(NamedTuple):
    """The two files of a frame and their rows."""

    headings_file: Path
    cues_file: Path
    headings: list[Row]
    cues: list[Row]


def tables(code: str, folder: Path | None = None) -> Tables:
    """Return the files of a frame, those in force or those of a folder. Raises RegistryInvalid for one unreadable."""
    headings_file, cues_file = _files(code, folder)
    needs_of_headings, needs_of_cues = _NEEDED[code]
    return Tables(headings_file, cues_file, rows(headings_file, needs_of_headings), rows(cues_file, needs_of_cues))


def frame(code: str, folder: Path | None = None) -> Frame | None:
    """Return a frame, compiled once a process; None where it is the trust's own and has no rows.

    folder: holds its files; else those in force are read. Raises RegistryInvalid where a file or one of its rows cannot
    be used, naming file, row and column.
    """
    return _compiled(code, *_files(code, folder), folder)


def frames(folder: Path | None = None) -> dict[str, Frame]:
    """Return the frames that are in use, or were when their files were put into a folder, by code.

    Raises RegistryInvalid.
    """
    found = {code: frame(code, folder) for code in FILES}
    return {code: each for code, each in found.items() if each is not None}


def theme_code(frame: str, code: str) -> str:
    """Return the code of a theme that no other frame has: with its frame, but for patient experience."""
    return code if frame == PATIENT_EXPERIENCE else f"{frame}.{code}"


def themes(found: Mapping[str, Frame]) -> list[dict[str, str | int]]:
    """Return a row for each theme of these frames, as `understanding.themes` has them, in the order of their files."""
    rows: list[dict[str, str | int]] = []
    for frame_code, each in found.items():
        majors = {heading.theme_code: heading.theme_label for heading in each.headings.values()}
        codes = [(code, label, "major", code) for code, label in majors.items()]
        codes += [
            (heading.code, heading.label, "minor", heading.theme_code)
            for heading in each.headings.values()
            if heading.code not in majors
        ]
        places = {"major": count(1), "minor": count(1)}
        rows += [
            {
                "theme_code": theme_code(frame_code, code), "frame_code": frame_code, "theme_label": label,
                "level": level, "major_code": theme_code(frame_code, major), "sort_order": next(places[level]),
            }
            for code, label, level, major in codes
        ]  # fmt: skip
    return rows


def _files(code: str, folder: Path | None) -> tuple[Path, Path]:
    headings, cues = FILES[code]
    return (folder / headings, folder / cues) if folder else (reference(headings), reference(cues))


@cache
def _compiled(code: str, _headings: Path, _cues: Path, folder: Path | None) -> Frame | None:
    files = tables(code, folder)
    if code == OWN and not files.headings and not files.cues:
        return None
    if code == PATIENT_EXPERIENCE:
        _refuse_ambiguous(files)
    try:
        return Frame(code, files.headings, files.cues, (str(files.headings_file), str(files.cues_file)))
    except FrameInvalid as error:
        raise RegistryInvalid(str(error)) from error


def _refuse_ambiguous(files: Tables) -> None:
    """Raise RegistryInvalid for a minor theme whose code a major one has: its comments would be counted as neither."""
    majors = {row["theme_code"] for row in files.headings}
    for number, row in enumerate(files.headings, start=2):
        if row["heading_code"] in majors:
            place = f"{files.headings_file}: row {number}: column heading_code"
            raise RegistryInvalid(f"{place}: {row['heading_code']!r} is a theme's code too; give the heading another.")
