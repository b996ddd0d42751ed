"""Column maps: which layout of the settings a file follows, and what is wrong where it follows none."""

import difflib
from collections import Counter
from collections.abc import Mapping

from wordround.connectors.files.cells import Table
from wordround.connectors.files.headers import ROWS_SEARCHED
from wordround.connectors.files.settings import LayoutType, TableLayout
from wordround.errors import FileUnreadable, UnexpectedColumns
from wordround.plain_text import one_line

_MOST_NAMES = 40
_LONGEST_NAME = 80


def choose_layout(
    source: str, file_name: str, table: Table, layouts: Mapping[str, LayoutType]
) -> tuple[str, LayoutType]:
    """Return the first layout whose columns are all in the header.

    Raises UnexpectedColumns naming what is missing from the closest layout, with the nearest match of each, and a
    column of the layout that stands twice or holds lists or records.
    """
    present = Counter(name.casefold() for name in table.header)
    missing = {
        name: [column for column in layout.columns if one_line(column).casefold() not in present]
        for name, layout in layouts.items()
    }
    for name, layout in layouts.items():
        if not missing[name]:
            _refuse_what_cannot_be_read(file_name, layout, present, table.nested)
            return name, layout
    if all(len(missing[name]) == len(layout.columns) for name, layout in layouts.items()):
        # A first row that is no header may hold a patient's words, so none of it is repeated.
        raise UnexpectedColumns(
            f"{file_name}: no layout fits, nothing was read. None of its first {ROWS_SEARCHED} rows is a header with "
            f"columns of a layout ({', '.join(layouts)}). Delete what stands above the header, or name the file's "
            f"columns in wordround.toml under [sources.{source}.layouts]."
        )
    closest = min(layouts, key=lambda name: len(missing[name]) / len(layouts[name].columns))
    misses, names = _what_it_misses(missing[closest], table.header)
    raise UnexpectedColumns(
        f"{file_name}: no layout fits, nothing was read. The closest is '{closest}', which {misses}. "
        f"Rename the column in the file, or set it under [sources.{source}.layouts.{closest}] in wordround.toml.",
        names,
    )


def _what_it_misses(missing: list[str], header: list[str]) -> tuple[str, list[str]]:
    """Return what is missing, in words, and the names of the file that belong into them."""
    hints, names = [], list[str]()
    for column in missing:
        near = difflib.get_close_matches(one_line(column), header, n=1, cutoff=0.5)
        names += near
        hints.append(
            f"'{column}'" + (f" (did you mean '{UnexpectedColumns.NAME}'?)" if near else " (nothing like it is there)")
        )
    named = [name[:_LONGEST_NAME] for name in header if name]
    more = f" and {len(named) - _MOST_NAMES} more" if len(named) > _MOST_NAMES else ""
    there = ", ".join(f"'{UnexpectedColumns.NAME}'" for _ in named[:_MOST_NAMES])
    return f"misses {', '.join(hints)}. The file has: {there}{more}", names + named[:_MOST_NAMES]


def _refuse_what_cannot_be_read(
    file_name: str, layout: TableLayout, present: Counter[str], nested: frozenset[str]
) -> None:
    for column in layout.columns:
        key = one_line(column).casefold()
        if present[key] > 1:
            raise UnexpectedColumns(f"{file_name}: column '{column}' stands in the header more than once. Rename one.")
        if key in nested:
            raise FileUnreadable(
                f"{file_name}: column '{column}' holds lists or records. Write it as text, or leave it out of the "
                "layout."
            )
