"""A column map that somebody makes by pointing: this column is the date, that one is what people wrote.

Where the file has a header whose names are clear, the map names its columns, and can be kept in the settings for the
next file. Else columns go by their letters, for this file alone.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Self

from pydantic import TypeAdapter, ValidationError

from wordround.collect.column_shapes import ColumnShape, Shapes, holds, is_filled, shapes
from wordround.collect.words import shown_header
from wordround.connectors.fft import Layout as FftLayout
from wordround.connectors.file.column_maps import Layout as FileLayout
from wordround.connectors.file.ready import LAYOUTS as READY_LAYOUTS
from wordround.connectors.files.cells import Cell, Row, Sheet, Table, written
from wordround.connectors.files.forms import again
from wordround.connectors.files.layouts import choose_layout
from wordround.connectors.files.lettered import all_rows, letters, place_of
from wordround.connectors.files.pointed import COMMENTS, FFT_BEST, PLACES, Pointed, checked
from wordround.connectors.files.reading import read_table
from wordround.connectors.files.settings import TableLayout, TableSource
from wordround.errors import ColumnMapUnusable, FileUnreadable, UnexpectedColumns
from wordround.land.manifests import Origin, Reading, landed
from wordround.plain_text import one_line
from wordround.settings import Settings

_LAYOUTS: dict[str, type[TableLayout]] = {"fft": FftLayout, "file": FileLayout}
_READY: dict[str, tuple[str, ...]] = {"fft": (), "file": tuple(READY_LAYOUTS)}
# Rows among which a header stands.
_LOOKED_AT = 100
_NAME = re.compile(r"[\w-]{1,40}")


def block(source: str, given: TableSource, file: BufferedReader, path: Path, pointed: Pointed) -> TableSource:
    """Return the settings of a source with this map in place of its layouts.

    It is read of the sheet that its columns were shown of. Raises ColumnMapUnusable, and what reading the file raises.
    """
    if pointed.called in (*given.layouts, *_READY[source]):
        raise ColumnMapUnusable(f"--layout: the settings have a layout '{pointed.called}' already. Give another name.")
    if not _NAME.fullmatch(pointed.called):
        raise ColumnMapUnusable("--layout: letters, digits, - and _ only, at most 40.")
    if shown_header(words := re.sub(r"[-_]", " ", pointed.called)) != words:
        raise ColumnMapUnusable("--layout: the name may be somebody's. Give another one, of plain words.")
    by_letter = checked(source, pointed)
    date_place = next(place_of(letter) for letter, role in by_letter.items() if role == "date")
    answers = {place_of(letter) for letter, role in by_letter.items() if role in COMMENTS}
    table, _ = table_and_layout(source, given, file, path)
    found = shapes(table, date_place, answers)
    for letter in by_letter:
        if place_of(letter) >= len(found.names):
            raise ColumnMapUnusable(f"column {letter}: the file has columns A to {letters(len(found.names) - 1)} only.")
    names = {letter: found.names[place_of(letter)] for letter in by_letter}
    is_named = all(names.values())
    called = {letter: name if is_named and name else letter for letter, name in names.items()}
    layout = _layout(source, {called[letter]: role for letter, role in by_letter.items()}, pointed.best)
    made = given.model_copy(update={"layouts": {pointed.called: layout}, **_nothing_ready(source)})
    made = made.of_sheet(table.sheet)
    if is_named:
        return made
    # In letters a table is read from its first row on, wherever a layout of the settings sees its header.
    whole = read_table(path, again(file), (), given.limits, table.sheet)
    return made.in_letters(shapes(whole, date_place, answers).rows_above)


def origin(source: str, layout: TableLayout, pointed: Pointed) -> Origin:
    """Return what the manifest of a file keeps of the map by which it was read."""
    return {"pointed": layout.model_dump_json(exclude_unset=True), "pointed_letters": checked(source, pointed)}


def require_own_name(
    settings: Settings, source: str, block: TableSource, file: BufferedReader, path: Path, pointed: Pointed
) -> None:
    """Refuse a map by whose name files of another form were landed: rows of both would have the same ids.

    Only where the name is part of an id. Of one form are maps that find ids, days and an answer in the same columns,
    by their letters where one of the two names none; the same sheet of the same bytes may be read by any. Raises
    ColumnMapUnusable.
    """
    ((name, layout),) = block.layouts.items()
    if source != "file" or not layout.id:
        return
    before = [one for one in landed(settings, source) if one.layout == name]
    form = _form(layout, checked(source, pointed))
    known = [_form(FileLayout.model_validate_json(one.pointed), one.pointed_letters) for one in before if one.pointed]
    reading = Reading(hashlib.file_digest(again(file), "sha256").hexdigest(), block.sheet)
    if not before or any(one.reading == reading for one in before):
        return
    rows = list(islice(all_rows(read_table(path, again(file), (), block.limits, block.sheet)), _LOOKED_AT))
    if not any(_is_same_form(form, each, rows) for each in known):
        raise ColumnMapUnusable(
            f"--layout: files with other columns were taken in as '{name}', and ids would be taken for theirs. Give "
            "another name, or point at the columns as before."
        )


class _Found(NamedTuple):
    """Where ids (empty: nowhere), days and answers are found."""

    id: str
    date: str
    answers: frozenset[str]

    def is_as(self, other: Self) -> bool:
        return (self.id, self.date) == (other.id, other.date) and not self.answers.isdisjoint(other.answers)


class _Form(NamedTuple):
    """The same by the names that a map has for columns, and by letters: its own names where these were not kept."""

    names: _Found
    letters: _Found

    @property
    def is_in_letters(self) -> bool:
        return self.names == self.letters


def _form(layout: TableLayout, roles: Mapping[str, str]) -> _Form:
    answers = frozenset(each.column.casefold() for each in layout.text_columns)
    names = _Found((layout.id or "").casefold(), layout.date.casefold(), answers)
    if not roles:
        return _Form(names, names)
    letter_of = {role: letter.casefold() for letter, role in roles.items()}
    answers = frozenset(letter.casefold() for letter, role in roles.items() if role in COMMENTS)
    return _Form(names, _Found(letter_of.get("id", ""), letter_of["date"], answers))


def _is_same_form(one: _Form, known: _Form, rows: Sequence[Row]) -> bool:
    """Whether both find the same; whether a map names columns or has letters for them depends on the rows of a file.

    rows: the first ones of the file of `one`. Where letters are all that it has, names that are known stand in them.
    """
    if one.names.is_as(known.names):
        return True
    if not one.letters.is_as(known.letters):
        return False
    return known.is_in_letters or (one.is_in_letters and any(_names_in(row, known).is_as(known.names) for row in rows))


def _names_in(row: Row, known: _Form) -> _Found:
    cells = {letters(place).casefold(): one_line(written(cell)).casefold() for place, cell in enumerate(row.cells)}
    answers = frozenset(cells.get(letter, "") for letter in known.letters.answers)
    return _Found(cells.get(known.letters.id, ""), cells.get(known.letters.date, ""), answers)


def table_and_layout(
    source: str, given: TableSource, file: BufferedReader, path: Path
) -> tuple[Table, TableLayout | None]:
    """Return a file's table and the layout that it follows; where it follows none, the table from its first row on."""
    try:
        table = read_table(path, again(file), given.wanted, given.limits, given.sheet)
        _, layout = choose_layout(source, path.name, table, given.layouts_for(table.header, path.name))
    except (UnexpectedColumns, FileUnreadable):
        return read_table(path, again(file), (), given.limits, given.sheet), None
    return table, layout


class Columns(NamedTuple):
    """What stands in each column of a file, with what it was recognised as, and how many rows were looked at.

    sheet: the number of the sheet that they are of, among the `sheets` of a workbook.
    """

    shown: list[ColumnShape]
    rows: int
    sheet: int | None
    sheets: tuple[Sheet, ...]


def columns(
    source: str, given: TableSource, file: BufferedReader, path: Path, is_score: Callable[[Cell], bool]
) -> Columns:
    """Return what stands in each column of a file."""
    table, layout = table_and_layout(source, given, file, path)
    found = shapes(table)
    kinds = [holds(values, is_score) for values in found.values]
    roles = _recognised(layout, kinds, found)
    shown = [
        ColumnShape(
            column=letters(place),
            name=found.names[place],
            holds=kind,
            filled=sum(map(is_filled, found.values[place])),
            read_as=roles.get(place, ""),
        )
        for place, kind in enumerate(kinds)
    ]
    return Columns(shown, found.rows, table.sheet, table.sheets)


def settings_lines(source: str, block: TableSource) -> str | None:
    """Return the map of a block as lines for wordround.toml; None for a file without a header, which has no names.

    Where the names of a header could not be shown, somebody who sees the file writes them in.
    """
    if block.is_in_letters and not block.has_a_header:
        return None
    ((name, layout),) = block.layouts.items()

    def named(value: str) -> str:
        is_letter = block.is_in_letters and value in layout.columns
        return _toml(f"<the name above column {value}>" if is_letter else value)

    lines = [f"[sources.{source}.layouts.{name}]"]
    for key, value in layout.model_dump(exclude_defaults=True, exclude_none=True, mode="json").items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = [", ".join(f"{part} = {named(one)}" for part, one in each.items()) for each in value]
            lines += [f"{key} = [", *(f"    {{ {each} }}," for each in inner), "]"]
        elif isinstance(value, list):
            lines.append(f"{key} = [{', '.join(map(named, value))}]")
        else:
            lines.append(f"{key} = {named(value) if isinstance(value, str) else _toml(value)}")
    return "\n".join(lines)


def of_manifests(settings: Settings, source: str, given: TableSource) -> list[TableSource]:
    """Return the settings of a source with each map that somebody pointed for a file which was landed."""
    kept = {(one.layout or "", one.pointed) for one in landed(settings, source) if one.pointed}
    return [
        given.model_copy(
            update={"layouts": {name: _LAYOUTS[source].model_validate_json(written)}, **_nothing_ready(source)}
        )
        for name, written in sorted(kept, key=str)
        if written
    ]


def _layout(source: str, roles: Mapping[str, str], best: int | None) -> TableLayout:
    """Return the layout of a map: the role of each column by its name. Raises ColumnMapUnusable."""
    of_role = {role: name for name, role in roles.items()}
    texts = [(name, COMMENTS[role]) for name, role in roles.items() if role in COMMENTS]
    answers = [{"column": name, "question_type": asked} for name, asked in texts]
    given: dict[str, Any] = {
        "date": of_role["date"],
        "locations": [of_role[role] for role in PLACES if role in of_role],
        "id": of_role.get("id"),
    }
    score = of_role.get("score")
    if source == "fft":
        given |= {"score": score} if score else {}
        given |= {"score_direction": "5_is_best"} if score and best == FFT_BEST[1] else {}
        question = of_role.get("question")
        if question:
            given |= {"question": question, "answer": texts[0][0]}
        else:
            given |= {"answers": answers}
    else:
        given |= {"rating": score, "rating_max": best} if score else {}
        given |= {"texts": answers}
    try:
        return TypeAdapter(_LAYOUTS[source]).validate_python(given)
    except ValidationError as error:
        raise ColumnMapUnusable(f"These columns make no map: {error.errors(include_input=False)[0]['msg']}.") from None


def _recognised(fitting: TableLayout | None, kinds: list[str], found: Shapes) -> dict[int, str]:
    """Return the role of each place: by the layout that the file follows, else where only one column can be meant."""
    if fitting is None:
        sure = {"date": "dates", "score": "scores"}
        return {kinds.index(kind): role for role, kind in sure.items() if kinds.count(kind) == 1}
    asked = {type_: role for role, type_ in COMMENTS.items()}
    by_name = dict[str, str]()
    for role, name in (
        ("date", fitting.date), ("id", fitting.id), ("question", fitting.question),
        ("score", getattr(fitting, "score", None) or getattr(fitting, "rating", None)),
        *zip(PLACES if len(fitting.locations) != 1 else ("service",), fitting.locations, strict=False),
        *((asked.get(each.question_type or "", "comment"), each.column) for each in fitting.text_columns),
    ):  # fmt: skip
        if name:
            by_name[name.casefold()] = role
    return {
        place: by_name[name.casefold()] for place, name in enumerate(found.names) if name and name.casefold() in by_name
    }


def _nothing_ready(source: str) -> dict[str, object]:
    return {"ready_layouts": ()} if source == "file" else {}


def _toml(value: object) -> str:
    # What JSON writes for texts, numbers and lists of them is TOML too.
    return json.dumps(value, ensure_ascii=False)
