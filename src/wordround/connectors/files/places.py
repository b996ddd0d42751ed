"""Places in tables: which cells name one, and what stands in the others.

An error of a spreadsheet, a blank cell and a word that stands in for a place that nobody knows are no places. Rows
without a place are counted by what stood there.
"""

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import Literal, NamedTuple

from wordround.connectors.files.cells import Cell, is_error, name_in
from wordround.connectors.files.columns import Columns
from wordround.connectors.files.meaning import place_key, whole_number
from wordround.connectors.files.no_answer import bare_words, is_no_answer

_MOST_REMEMBERED = 10_000
Absence = Literal["error_cell", "placeholder", "blank"]

# Compared as `bare_words`. "Other" and "Community" are not here: trusts have services of that name.
_PLACEHOLDERS = frozenset(
    (
        "unknown notknown unknownward wardunknown unknownlocation locationunknown unknownsite unknownservice nk unk "
        "tbc tba tbd tobeconfirmed tobeadvised notstated notspecified unspecified notgiven notprovided notrecorded "
        "notentered notset notavailable unavailable unassigned notassigned unallocated notallocated unmapped notmapped "
        "nowardgiven noward nolocation nosite noservice none nil missing pleaseselect selectone selectward "
        "pleasechoose dontknow donotknow notsure unsure undefined nodata novalue nowardspecified "
        "nolocationgiven wardnotknown wardnotstated wardnotgiven sitenotknown prefernottosay "
        "test testing tests testtest testward wardtest testsite testservice testlocation testtrust testdata dummy "
        "dummyward dummydata example sample asdf qwerty xx xxx xxxx zzz"
    ).split()
)
# What a form or a mail merge was to fill in: <name>, {{ward}}, ${site}, %WARD%, [select].
_TEMPLATE = re.compile(r"<[^<>]*>|\{+[^{}]*\}+|\$\{[^{}]*\}|%\w+%|\[+[^\[\]]*\]+|\u00ab[^\u00bb]*\u00bb")


class Place(NamedTuple):
    """What one cell says of a place: its name, or why there is none."""

    name: str | None
    absence: Absence | None = None


class Places:
    """Reads the places of the rows of one file, and counts in `notes` what is missing or has several spellings."""

    def __init__(self, columns: Columns, locations: tuple[str, ...], notes: Counter[str]) -> None:
        self._columns, self._locations, self._notes = columns, locations, notes
        # By the cells as they stand in the file: many rows have the same, unless cells have moved.
        self._known: dict[tuple[Cell, ...], tuple[tuple[str | None, ...], str | None]] = {}
        self._spellings: defaultdict[tuple[str, ...], set[tuple[str | None, ...]]] = defaultdict(set)

    def read(self, cells: list[Cell]) -> tuple[str | None, ...]:
        """Return the names of a row's levels, None for each that has none."""
        written = tuple([self._columns.as_written(cells, column) for column in self._locations])
        known = self._known.get(written)
        if known is None:
            known = self._read(cells)
            if len(self._known) < _MOST_REMEMBERED:
                self._known[written] = known
        names, note = known
        if note:
            self._notes[note] += 1
        return names

    def _read(self, cells: list[Cell]) -> tuple[tuple[str | None, ...], str | None]:
        """Return the names of a row's levels and the note on them; remember how they are spelt."""
        places = tuple([read_place(self._columns.with_error(cells, column)) for column in self._locations])
        names = tuple([place.name for place in places])
        self._spellings[tuple([key_of_place(name) for name in names])].add(names)
        return names, _what_is_missing(places)

    def count_spellings(self) -> None:
        """Note how many places the file writes in more than one way."""
        if several := sum(len(spellings) > 1 for spellings in self._spellings.values()):
            self._notes["places_written_in_several_ways"] = several


@lru_cache(_MOST_REMEMBERED)
def key_of_place(name: str | None) -> str:
    """Return the form in which places are compared; empty where there is none."""
    return place_key(name or "")


@lru_cache(_MOST_REMEMBERED)
def read_place(cell: Cell) -> Place:
    """Return the place that a cell names, or what stands there instead of one."""
    if is_error(cell):
        return Place(None, "error_cell")
    name = whole_number(name_in(cell))
    if not name:
        return Place(None, "blank")
    if is_no_answer(name) or bare_words(name) in _PLACEHOLDERS or _TEMPLATE.fullmatch(name):
        return Place(None, "placeholder")
    return Place(name)


def _what_is_missing(places: tuple[Place, ...]) -> str | None:
    """Return the note for a row in whose places something is missing that should be there; None where nothing is.

    A blank level beside a named one is how tables leave out what does not apply.
    """
    absences = {place.absence for place in places}
    beside = "part_of_the_place_is" if any(place.name for place in places) else "no_place"
    for absence in ("error_cell", "placeholder"):
        if absence in absences:
            return f"{beside}_{absence}"
    return "no_place_blank" if beside == "no_place" and places else None
