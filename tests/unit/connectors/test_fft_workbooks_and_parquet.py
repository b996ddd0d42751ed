"""Friends and Family files in typed formats: the same value is the same cell, whichever format it came in."""

import os
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fixtures.feeding import feed, stored, texts
from tests.fixtures.fft_files import HEADER, row, write_csv
from wordround.errors import FileUnreadable
from wordround.settings import Settings


def test_excel_dates_numbers_and_empty_cells_are_read(settings: Settings, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["F1", datetime(2026, 4, 3), "Fernvale", "Heron Ward", 1, "Kind", None])
    book.active.append(["F2", 46115, "Fernvale", "Heron Ward", "Very good", "=1+1", "Nothing"])
    book.create_sheet("Notes").append(["ignore me"])
    book.save(tmp_path / "f.xlsx")
    outcome = feed(settings, tmp_path / "f.xlsx")
    assert outcome["rows"]["no_answer"] == 1 or outcome["rows"]["no_answer"] == 2
    assert outcome["notes"]["further_sheets_not_read"] == 1
    assert {day for (day,) in stored(settings, "posted_date")} == {date(2026, 4, 3)}


def test_parquet_dates_and_nulls_are_read(settings: Settings, tmp_path: Path) -> None:
    cells = [["F1"], [date(2026, 4, 3)], ["Fernvale"], [None], [1], ["None"], [None]]
    pq.write_table(pa.table(dict(zip(HEADER, cells, strict=True))), tmp_path / "f.parquet")
    assert feed(settings, tmp_path / "f.parquet")["rows"]["no_answer"] == 1
    assert texts(settings) == ["None"]


def test_a_stray_cell_in_the_far_corner_of_a_sheet_is_refused(settings: Settings, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(row())
    book.active.cell(1_048_576, 16_384).value = "x"
    book.save(tmp_path / "f.xlsx")
    with pytest.raises(FileUnreadable, match="row 1048576 and column 16384"):
        feed(settings, tmp_path / "f.xlsx")
    book.active.cell(1_048_576, 16_384).value = None
    book.active.cell(1_048_576, 16_384).number_format = "0.00"
    book.save(tmp_path / "f.xlsx")
    assert feed(settings, tmp_path / "f.xlsx")["rows"]["loaded"] == 2


def test_a_zero_is_an_answer_and_a_time_is_no_date(settings: Settings, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["F1", "2026-04-03", "Fernvale", "Heron Ward", 1, 0, None])
    book.active.append(["F2", time(9, 30), "Fernvale", "Heron Ward", 1, "Kind", None])
    book.save(tmp_path / "f.xlsx")
    assert feed(settings, tmp_path / "f.xlsx")["quarantine"] == {"unreadable_date": 2}
    assert texts(settings) == ["0"]


@pytest.mark.parametrize(
    ("column", "cells", "outcome"),
    [
        ("Date received", pa.array([2**40], pa.timestamp("s")), "unreadable_date"),
        ("Date received", pa.array([2**30], pa.date32()), "unreadable_date"),
        ("Date received", pa.array([time(9)]), "unreadable_date"),
        ("Date received", pa.array([5], pa.duration("s")), "unreadable_date"),
        ("Date received", pa.array([float("nan")]), "missing_date"),
        ("Date received", pa.array([float("inf")]), "missing_date"),
        ("Response ID", pa.array([float("nan")]), "missing_id"),
        ("Date received", pa.array([b"2026-04-30"]), None),
        ("Service", pa.array([b"\xff\xfe"]).view(pa.string()), None),
        ("Overall experience", pa.array([float("nan")]), None),
        ("Overall experience", pa.array([True]), None),
        ("Site", pa.array(["Fernvale"]).dictionary_encode(), None),
    ],
)
def test_whatever_a_parquet_column_holds_costs_its_own_rows_at_most(
    settings: Settings, tmp_path: Path, column: str, cells: pa.Array, outcome: str | None
) -> None:
    table = pa.table({name: [cell] for name, cell in zip(HEADER, row(), strict=True)})
    pq.write_table(table.set_column(HEADER.index(column), column, cells), tmp_path / "f.parquet")
    assert feed(settings, tmp_path / "f.parquet")["quarantine"] == ({outcome: 2} if outcome else {})


def test_whole_numbers_name_the_same_row_in_every_format(settings: Settings, tmp_path: Path) -> None:
    cells = [["7", *row()[1:]], ["8", *row()[1:]]]
    feed(settings, write_csv(tmp_path / "f.csv", cells))
    columns = dict(zip(HEADER, map(list, zip(*cells, strict=True)), strict=True)) | {"Response ID": [7.0, 8.0]}
    pq.write_table(pa.table(columns), tmp_path / "f.parquet")
    assert feed(settings, tmp_path / "f.parquet")["rows"]["unchanged"] == 4


def test_a_parquet_file_damaged_in_its_middle_or_foot_is_named(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    rows = [row(i, date="2026-04-30", good=os.urandom(40).hex()) for i in range(9_000)]
    pq.write_table(pa.table(dict(zip(HEADER, map(list, zip(*rows, strict=True)), strict=True))), path)
    whole = path.read_bytes()
    middle, foot = len(whole) // 2, len(whole) - 200
    for place in (middle, foot):
        path.write_bytes(
            whole[:place] + bytes(byte ^ 0x5A for byte in whole[place : place + 150]) + whole[place + 150 :]
        )
        with pytest.raises(FileUnreadable, match="damaged"):
            feed(settings, path)
    assert not [path for path in settings.landing.rglob("*") if path.is_file()]
