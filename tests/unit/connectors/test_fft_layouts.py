"""Column maps of Friends and Family files: any column names, and what is said when they do not fit."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fixtures.feeding import feed, texts
from tests.fixtures.fft_files import HEADER, row, write_csv
from wordround.errors import FileUnreadable, UnexpectedColumns
from wordround.settings import Settings


def test_a_renamed_column_stops_before_any_row_and_names_the_nearest(settings: Settings, tmp_path: Path) -> None:
    header = [name.replace("Date received", "Date recieved") for name in HEADER]
    with pytest.raises(UnexpectedColumns, match=r"'Date received' \(did you mean 'Date recieved'\?\)"):
        feed(settings, write_csv(tmp_path / "f.csv", [row()], header))
    assert not list(settings.home.glob("landing/**/*.parquet"))


def test_a_missing_column_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UnexpectedColumns, match="'Overall experience'"):
        feed(settings, write_csv(tmp_path / "f.csv", [[*row()[:4], *row()[5:]]], [*HEADER[:4], *HEADER[5:]]))


def test_a_column_that_stands_twice_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UnexpectedColumns, match="'Service' stands in the header more than once"):
        feed(settings, write_csv(tmp_path / "f.csv", [[*row(), "x"]], [*HEADER, "Service"]))


def test_case_spaces_and_order_of_columns_do_not_matter(settings: Settings, tmp_path: Path) -> None:
    header = [f" {name.upper()}\u00a0" for name in HEADER]
    feed(settings, write_csv(tmp_path / "f.csv", [row()[::-1]], header[::-1]))
    assert "Kind nurses on the ward" in texts(settings)


def test_columns_that_no_layout_names_stop_at_the_door(settings: Settings, tmp_path: Path) -> None:
    feed(settings, write_csv(tmp_path / "f.csv", [[*row(), "CANARY-AGE"]], [*HEADER, "Age group"]))
    assert all(b"CANARY-AGE" not in path.read_bytes() for path in settings.home.rglob("*") if path.is_file())


@pytest.mark.parametrize("said", ["Nurse Joy was rude to me", "x" * 100_000])
def test_a_file_without_a_header_is_refused_and_its_first_row_not_repeated(
    settings: Settings, tmp_path: Path, said: str
) -> None:
    with pytest.raises(UnexpectedColumns, match="None of its first 30 rows is a header") as refused:
        feed(settings, write_csv(tmp_path / "f.csv", [row(2)], row(1, good=said)))
    assert said not in str(refused.value)


def test_a_message_about_columns_stays_short(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UnexpectedColumns) as refused:
        feed(settings, write_csv(tmp_path / "f.csv", [row()], [*HEADER[1:], "L" * 9_000, *map(str, range(300))]))
    assert len(str(refused.value)) < 2_000


def test_blank_columns_at_the_end_of_a_header_or_a_row_do_not_matter(settings: Settings, tmp_path: Path) -> None:
    rows = [[*row(1), "", "", ""], row(2), [*row(3), ""], [*row(4), "a note"]]
    assert feed(settings, write_csv(tmp_path / "f.csv", rows, [*HEADER, "", "", ""]))["rows"]["loaded"] == 8


def test_a_trust_whose_rows_all_have_blank_cells_too_many_is_read(settings: Settings, tmp_path: Path) -> None:
    header = ("Comment ID,Respondent ID,Trust,Date,FFT categorical answer,Service type 1,Service type 2,"
              "FFT question,FFT answer").split(",")  # fmt: skip
    path = write_csv(tmp_path / "f.csv", [["1", "1", "XAA", "2026-04-30", "1", "S", "W", "", "Kind", ""]], header)
    assert feed(settings, path)["rows"]["loaded"] == 1


def test_rows_with_too_many_or_too_few_cells_are_quarantined(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [[*row(1), "x"], row(2)[:-2], row(3), [*row(4), "", ""]]))
    assert outcome["quarantine"] == {"wrong_number_of_cells": 4}
    assert outcome["rows"]["loaded"] == 4


def test_lists_in_a_parquet_file_are_refused(settings: Settings, tmp_path: Path) -> None:
    table = pa.table({name: [cell] for name, cell in zip(HEADER, row(), strict=True)})
    pq.write_table(table.set_column(3, "Service", pa.array([["W"]])), tmp_path / "f.parquet")
    with pytest.raises(FileUnreadable, match="'Service' holds lists"):
        feed(settings, tmp_path / "f.parquet")
