"""Sheets to fill in: workbooks with lists to choose from, or CSV. A row names its comment by sample and number.

What a sheet says is words of patients, without identifiers: nobody but its owner may read the file. A text that a
spreadsheet would take for a formula stays text.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from wordround.coding.choices import Choices, in_words
from wordround.errors import ReviewRefused
from wordround.storage import write_whole
from wordround.understand.learned import CLASSES, SENTIMENTS

MOST_THEMES: Final = 6
ROW, CODER, SENTIMENT, CANNOT_SAY, SETTLED = "row", "coder", "sentiment", "cannot say", "settled"
# How a person may write the name of a column: as here, whatever the capitals.
THEMES = tuple(f"theme {number}" for number in range(1, MOST_THEMES + 1))
POLARITIES = tuple(f"polarity {number}" for number in range(1, MOST_THEMES + 1))
TO_FILL = (SENTIMENT, *(name for pair in zip(THEMES, POLARITIES, strict=True) for name in pair), CANNOT_SAY)
FORMATS = (".xlsx", ".csv")

_OWNER_ALONE = 0o600
_WIDTHS = {"comment": 70, SENTIMENT: 15, CANNOT_SAY: 11, "asked": 18}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

HOW_TO_CODE = (
    "Code each comment by yourself; do not look at anybody else's codes.",
    "sentiment: how the whole comment sounds, one of five. The question says what an answer like 'Nothing' means.",
    "theme: what it speaks of, as many as apply, up to six; none where none applies.",
    "polarity: how this theme is spoken of, where you can tell; it may be left empty.",
    "cannot say: 'yes' where the comment cannot be understood; then leave the rest of its row empty.",
    "A row without a sentiment is not coded yet. Do not write names or notes into the file, and do not pass it on.",
)


class Line(NamedTuple):
    """A row of a sheet: cells of the columns before those that are filled in, and what stands in these already."""

    cells: Sequence[str]
    filled: dict[str, str]


def row_name(sample_id: int, item: int) -> str:
    """Return how a sheet names a comment."""
    return f"S{sample_id}-{item}"


def require_format(path: Path) -> None:
    """Raise ReviewRefused for a file of another kind than these."""
    if path.suffix.lower() not in FORMATS:
        raise ReviewRefused(f"--out: name a file that ends in {' or '.join(FORMATS)}.")


def write(path: Path, known: Sequence[str], to_fill: Sequence[str], lines: Iterable[Line], choices: Choices) -> None:
    """Write a sheet, readable by its owner alone. Raises StorageFailed."""
    found = list(lines)
    content = (
        _workbook(known, to_fill, found, choices)
        if path.suffix.lower() == ".xlsx"
        else _csv(known, to_fill, found).encode("utf-8-sig")
    )
    write_whole(path, content, mode=_OWNER_ALONE)


def _csv(known: Sequence[str], to_fill: Sequence[str], lines: Sequence[Line]) -> str:
    written = io.StringIO(newline="")
    sheet = csv.writer(written)
    sheet.writerow((*known, *to_fill))
    for cells, filled in lines:
        sheet.writerow(_as_text(cell) for cell in (*cells, *(filled.get(name, "") for name in to_fill)))
    return written.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _workbook(known: Sequence[str], to_fill: Sequence[str], lines: Sequence[Line], choices: Choices) -> bytes:
    import xlsxwriter

    written = io.BytesIO()
    # Nothing of this process goes into a temporary file, and no cell becomes a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(written, options) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("to code")
        columns = (*known, *to_fill)
        for column, name in enumerate(columns):
            sheet.set_column(column, column, _WIDTHS.get(name, 22 if name in THEMES else 10), wrapped)
            sheet.write_string(0, column, name, bold)
        sheet.freeze_panes(1, min(2, len(known)))
        for row, (cells, filled) in enumerate(lines, start=1):
            for column, cell in enumerate((*cells, *(filled.get(name, "") for name in to_fill))):
                if cell:
                    sheet.write_string(row, column, cell, wrapped)
        last = max(1, len(lines))
        for column, name in enumerate(columns):
            if name in to_fill:
                sheet.data_validation(1, column, last, column, _list_for(name, len(choices.themes)))
        _explain(book.add_worksheet("codes"), choices, bold, wrapped)
    return written.getvalue()


def _list_for(name: str, themes: int) -> dict[str, object]:
    if name in THEMES:
        source: object = f"=codes!$A$2:$A${themes + 1}"
    elif name in POLARITIES:
        source = list(CLASSES)
    else:
        source = [in_words(grade) for grade in SENTIMENTS] if name == SENTIMENT else ["yes"]
    return {
        "validate": "list", "source": source, "error_title": "Not in the list",
        "error_message": "Choose from the list, or leave the cell empty.",
    }  # fmt: skip


def _explain(sheet: object, choices: Choices, bold: object, wrapped: object) -> None:
    from xlsxwriter.worksheet import Worksheet

    assert isinstance(sheet, Worksheet)  # noqa: S101 - for the type checker
    for column, (name, width) in enumerate((("theme", 60), ("frame", 22), ("belongs to, or holds", 80), ("code", 40))):
        sheet.set_column(column, column, width, wrapped)
        sheet.write_string(0, column, name, bold)
    for row, each in enumerate(choices.themes, start=1):
        for column, cell in enumerate((each.shown, in_words(each.frame), each.belongs_to, each.code)):
            sheet.write_string(row, column, cell, wrapped)
    for row, line in enumerate(HOW_TO_CODE, start=len(choices.themes) + 3):
        sheet.write_string(row, 0, line)
