"""The five files a trust might hand over for the same survey, each with its own habits and dirt.

Comes in: forms by date. Goes out: CSV, Excel and Parquet files. Refuses nothing: what is wrong in a file
is meant to be.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

HEADER = (
    "Response ID", "Date received", "Site", "Service", "Overall experience", "What was good about your visit?",
    "What could we do better?", "Age group", "Completed by",
)  # fmt: skip
WORDING = {1: "Very good", 2: "Good", 3: "Neither good nor poor", 4: "Poor", 5: "Very poor", 6: "Don't know"}
LONG_AGO = (1980, 1, 1, 0, 0, 0)

Row = tuple[object, ...]


@dataclass(frozen=True)
class Form:
    """One filled-in form. `score` is 1 (very good) to 6 (don't know), or None where the box was left empty."""

    response_id: str
    received: date
    site: str
    service: str
    score: int | None
    good: str
    improve: str
    age_group: str
    completed_by: str

    def row(self, received: object, score: object = None) -> Row:
        """The form as a row of HEADER; the score is the code unless words are given."""
        code = "" if self.score is None else self.score
        where = (self.response_id, received, self.site, self.service)
        return (*where, code if score is None else score, self.good, self.improve, self.age_group, self.completed_by)


def write_all(folder: Path, forms: Sequence[Form], first_monday: date) -> list[Path]:
    """Write the five files; each takes the forms of its own weeks, and the last repeats two days of the fourth."""

    def weeks(start: int, end: int, overlap_days: int = 0) -> list[Form]:
        since = first_monday + timedelta(weeks=start, days=-overlap_days)
        until = first_monday + timedelta(weeks=end)
        return [form for form in forms if since <= form.received < until]

    return [
        _day_first_with_bom(folder / "fernvale_synthetic_1_to_february_2026.csv", weeks(0, 20)),
        _month_first_cp1252(folder / "fernvale_synthetic_2_to_may_2026.csv", weeks(20, 32)),
        _excel(folder / "fernvale_synthetic_3_to_august_2026.xlsx", weeks(32, 46)),
        _parquet(folder / "fernvale_synthetic_4_to_november_2026.parquet", weeks(46, 58)),
        _iso_latest(folder / "fernvale_synthetic_5_latest.csv", weeks(58, 60, overlap_days=2)),
    ]


def same_content(one: Path, other: Path) -> bool:
    """Whether two files hold the same: CSV byte by byte, Excel and Parquet by their cells.

    The writers of the last two put their own version into the file, so bytes may differ where content does not.
    """
    if not other.exists():
        return False
    if one.suffix == ".csv":
        return one.read_bytes() == other.read_bytes()
    return _cells(one) == _cells(other)


def _cells(path: Path) -> list[list[object]]:
    if path.suffix == ".parquet":
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(path)
        return [[field.name, str(field.type), table[field.name].to_pylist()] for field in table.schema]
    import openpyxl

    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def _odd(number: int, received: object, score: object, text: str = "Kind staff and a clean room") -> Row:
    """A row that has something wrong with it; its number stays clear of the ordinary ones."""
    return (f"FV-9{number:05d}", received, "Lantern House", "Crisis Team", score, text, "Nothing", "", "Patient")


def _write_csv(path: Path, encoding: str, rows: Iterable[Row]) -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(rows)
    return path


def _day_first_with_bom(path: Path, forms: Sequence[Form]) -> Path:
    """A byte-order mark, dates day first, scores in words; a 31 February, a 1970 date, a score in the old words."""
    rows = [form.row(f"{form.received:%d/%m/%Y}", "" if form.score is None else WORDING[form.score]) for form in forms]
    rows.insert(400, _odd(1, "31/02/2026", "Good"))
    rows.insert(900, _odd(2, "03/07/1970", "Very good"))
    rows.insert(1500, _odd(3, "14/01/2026", "Extremely likely"))
    rows.insert(2100, _odd(4, "not known", "Good"))
    return _write_csv(path, "utf-8-sig", rows)


def _month_first_cp1252(path: Path, forms: Sequence[Form]) -> Path:
    """Windows code page with curly quotes and pound signs, dates month first; a score of 7, a row too long."""

    def windows(text: str) -> str:
        curly = text.replace("'", "\u2019").replace(' "', " \u201c").replace('"', "\u201d")
        return curly.encode("cp1252", "ignore").decode("cp1252").strip()

    rows: list[Row] = []
    for form in forms:
        received = f"{form.received:%m/%d/%Y}"
        *ids, good, improve, age_group, completed_by = form.row(received)
        rows.append((*ids, windows(str(good)), windows(str(improve)), age_group, completed_by))
    rows.insert(300, _odd(5, "03/17/2026", 7))
    rows.insert(700, (*_odd(6, "04/02/2026", 2), "a field too many", "and another"))
    return _write_csv(path, "cp1252", rows)


def _excel(path: Path, forms: Sequence[Form]) -> Path:
    """One sheet with real dates. Cells that look like formulas are stored as text, as survey tools do."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Responses (synthetic)")
    sheet.append(HEADER)

    def cell(value: object) -> object:
        if not isinstance(value, str):
            return value
        # a bare carriage return does not survive in XML
        shown = WriteOnlyCell(sheet, value.replace("\r\n", "\n") or None)
        shown.data_type = "s" if value else "n"
        return shown

    for form in forms:
        received = datetime.combine(form.received, datetime.min.time())
        sheet.append([cell(value) for value in form.row(received)])
    stored = BytesIO()
    book.save(stored)
    _without_clock(stored, path)
    return path


def _without_clock(stored: BytesIO, path: Path) -> None:
    """Write the workbook again with fixed times, so that the same rows give the same bytes."""
    with zipfile.ZipFile(stored) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in sorted(before.namelist()):
            content = before.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"1980-01-01T00:00:00Z", content)
            after.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)


def _parquet(path: Path, forms: Sequence[Form]) -> Path:
    """Typed columns: a date, a score that may be null, text that is null where nothing was written."""
    import pyarrow
    import pyarrow.parquet

    columns = list(zip(*(form.row(form.received) for form in forms), strict=True))
    arrays = {
        name: pyarrow.array([None if value == "" else value for value in values])
        for name, values in zip(HEADER, columns, strict=True)
    }
    arrays["Overall experience"] = arrays["Overall experience"].cast(pyarrow.int8())
    pyarrow.parquet.write_table(pyarrow.table(arrays), path, compression="zstd")
    return path


def _iso_latest(path: Path, forms: Sequence[Form]) -> Path:
    """Dates year first. Begins with two days of the file before; a date in 2090, a score 'banana'."""
    rows = [form.row(form.received.isoformat()) for form in forms]
    rows.insert(50, _odd(7, "2090-01-05", 1))
    rows.insert(90, _odd(8, "2026-11-04", "banana"))
    rows.insert(130, (*_odd(9, "2026-11-05", 1), "a field too many"))
    rows.insert(170, _odd(10, "2026-11-06", 7))
    rows.insert(210, _odd(11, "", 3))
    return _write_csv(path, "utf-8", rows)
