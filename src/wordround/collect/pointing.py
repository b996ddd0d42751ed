"""A column map that somebody makes by pointing: this column is the date, that one is what people wrote.

Where the file has a header whose names are clear, the map names its columns, and can be kept in the settings for the
next file. Else columns go by their letters, for this file alone.
"""

import json
import re
from collections.abc import Callable, Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from wordround.collect.column_shapes import ColumnShape, Shapes, holds, is_filled, shapes
from wordround.collect.words import shown_header
from wordround.connectors.fft import Layout as FftLayout
from wordround.connectors.file.column_maps import Layout as FileLayout
from wordround.connectors.file.ready import LAYOUTS as READY_LAYOUTS
from wordround.connectors.files.cells import Cell, Sheet, Table
from wordround.connectors.files.forms import again
from wordround.connectors.files.layouts import choose_layout
from wordround.connectors.files.lettered import letters, place_of
from wordround.connectors.files.pointed import COMMENTS, FFT_BEST, PLACES, Pointed, checked
from wordround.connectors.files.reading import read_table
from wordround.connectors.files.settings import TableLayout, TableSource
from wordround.errors import ColumnMapUnusable, FileUnreadable, UnexpectedColumns
from wordround.land.manifests import landed
from wordround.settings import Settings

_LAYOUTS: dict[str, type[TableLayout]] = {"fft": FftLayout, "file": FileLayout}
_READY: dict[str, tuple[str, ...]] = {"fft": (), "file": tuple(READY_LAYOUTS)}
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


def require_own_name(settings: Settings, source: str, block: TableSource, input_sha256: str) -> None:
    """Refuse a map by whose name files of another form were landed: rows of both would have the same ids.

    Only where the name is part of an id. Of one form are maps that find ids, days and an answer in the same columns;
    the same bytes may be read by any. Raises ColumnMapUnusable.
    """
    ((name, layout),) = block.layouts.items()
    if source != "file" or not layout.id:
        return
    before = [one for one in landed(settings, source) if one.layout == name]
    known = [FileLayout.model_validate_json(one.pointed) for one in before if one.pointed]
    is_same_file = any(one.input_sha256 == input_sha256 for one in before)
    if before and not is_same_file and not any(_is_same_form(layout, each) for each in known):
        raise ColumnMapUnusable(
            f"--layout: files with other columns were taken in as '{name}', and ids would be taken for theirs. Give "
            "another name, or point at the columns as before."
        )


def _is_same_form(one: TableLayout, other: TableLayout) -> bool:
    answers, others = ({each.column.casefold() for each in layout.text_columns} for layout in (one, other))
    return (
        (one.id or "").casefold() == (other.id or "").casefold()
        and one.date.casefold() == other.date.casefold()
        and not answers.isdisjoint(others)
    )


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
