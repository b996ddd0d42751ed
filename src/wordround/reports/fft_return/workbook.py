"""The return as a workbook: a sheet a level, in the columns in which NHS England publishes the test.

A cell is a number, text or `*`, where it is hidden; none is a formula or a link. One that is not known is empty.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wordround.published.disclosure import HIDDEN
from wordround.published.figures import SCORES
from wordround.reports.fft_return.figures import MODES, Line, Return
from wordround.reports.fft_return.wording import notes, reconciliation

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

_ANSWERS = ("Total Responses", "Percentage Positive", "Percentage Negative", *SCORES)
_TRUST = ("Trust Code", "Trust Name")
_WIDE = {"Trust Name": 44, "Site Name": 30, "Ward Name": 44, "What": 60, "Note": 110}

Cell = str | int | float | None


def written(made: Return) -> bytes:
    """Return the content of the file."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        # The same figures give the same bytes.
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC), "title": _title(made)})
        for name, columns, lines in _sheets(made):
            _write(book, name, columns, lines)
    return content.getvalue()


def _title(made: Return) -> str:
    return f"Friends and Family Test, {made.month:%B %Y}"


def _sheets(made: Return) -> Iterable[tuple[str, Sequence[str], list[list[Cell]]]]:
    trusts = made.trusts
    modes = tuple(f"Mode {label}" for label in MODES.values())
    counts, shares = ("Total Responses", "Total Eligible"), _ANSWERS[1:]
    yield (
        "Trusts",
        (*_TRUST, *counts, *shares, *modes),
        [[*_cells(trust.total, True), *trust.modes] for trust in trusts],
    )
    yield (
        "Sites",
        (*_TRUST, "Site Name", *_ANSWERS),
        [_cells(line, False) for trust in trusts for line in trust.sites],
    )
    yield (
        "Wards",
        (*_TRUST, "Site Name", "Ward Name", *counts, *shares),
        [_cells(line, True) for trust in trusts for line in trust.services],
    )
    yield (
        "Wards by mode",
        (*_TRUST, "Site Name", "Ward Name", "Mode", *_ANSWERS),
        [_cells(line, False) for trust in trusts for line in trust.by_mode],
    )
    yield "Reconciliation", ("Trust Code", "What", "Forms"), [list(each) for each in reconciliation(made)]
    yield "Notes", ("Note",), [[note] for note in notes(made)]


def _cells(line: Line, has_eligible: bool) -> list[Cell]:
    """The cells of a line; shares with one decimal, as they are published."""
    answers: Sequence[Cell] = line.answers if line.answers is not None else (HIDDEN,) * len(SCORES)
    is_hidden = line.answers is None
    shares: list[Cell] = [HIDDEN if is_hidden else share for share in (line.positive, line.negative)]
    return [*line.names, line.responses, *([line.eligible] if has_eligible else []), *shares, *answers]


def _write(book: "Workbook", name: str, columns: Sequence[str], lines: list[list[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    share = book.add_format({"num_format": "0%"})
    right = book.add_format({"align": "right"})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDE.get(column, 13))
        sheet.write_string(0, place, column, bold)
    sheet.freeze_panes(1, 0)
    for row, cells in enumerate(lines, start=1):
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, place, cell, right if cell == HIDDEN else wrapped)
            elif cell is not None:
                _number(sheet, row, place, cell, share if isinstance(cell, float) else None)


def _number(sheet: object, row: int, place: int, cell: float, form: "Format | None") -> None:
    from xlsxwriter.worksheet import Worksheet

    assert isinstance(sheet, Worksheet)  # noqa: S101 - for the type checker
    sheet.write_number(row, place, cell, form)
