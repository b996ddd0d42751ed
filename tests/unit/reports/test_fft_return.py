"""The monthly return: every form once, small lines without their answers, and what is missing said."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.fixtures import published
from wordround.cli import app
from wordround.errors import EligibleUnusable, MonthNotThere
from wordround.published.disclosure import SmallNumbers
from wordround.reports import fft_return
from wordround.reports.fft_return.hiding import hidden_cells, hidden_lines
from wordround.settings import Settings

OCTOBER = date(2026, 10, 1)
SMALL = SmallNumbers(4)
ANSWERS = ("Very good", "Good", "Neither good nor poor", "Poor", "Very poor", "Don't know")


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    published.publish(tmp_path)
    return published.settings_for(tmp_path)


def sheets(path: Path) -> dict[str, list[dict[str, Any]]]:
    book = openpyxl.load_workbook(path)
    found = {}
    for sheet in book.worksheets:
        header, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


def test_the_return_adds_up_to_the_forms_that_were_loaded(home: Settings) -> None:
    made = fft_return.write(home, OCTOBER, is_exact=True)
    book = sheets(made.workbook)
    (trust,) = book["Trusts"]
    assert made.forms_loaded == made.responses + made.without_answer
    assert trust["Total Responses"] == made.responses == sum(trust[name] for name in ANSWERS)
    assert sum(value for name, value in trust.items() if name.startswith("Mode ")) == made.responses
    for level in ("Sites", "Wards"):
        for name in ("Total Responses", *ANSWERS):
            assert sum(line[name] for line in book[level]) == trust[name], (level, name)
    by_mode = book["Wards by mode"]
    for line in book["Wards"]:
        of_ward = [each for each in by_mode if each["Ward Name"] == line["Ward Name"]]
        assert sum(each["Total Responses"] for each in of_ward) == line["Total Responses"]
    counted = {row["What"]: row["Forms"] for row in book["Reconciliation"]}
    assert list(counted.values())[:3] == [made.forms_loaded, made.responses, made.without_answer]


def test_a_line_of_one_to_four_does_not_say_how_they_answered_and_nor_does_the_next_lowest(home: Settings) -> None:
    few = """update marts.fct_fft_months set fft_1_count = 1, fft_2_count = 0, fft_3_count = 0, fft_4_count = 0,
        fft_5_count = 1, fft_dont_know_count = 0, fft_unknown_count = 0, response_count = 2
        where service_id = 'merlin' and month_date = '2026-10-01'"""
    published.publish(home.home, few)
    made = fft_return.write(home, OCTOBER)
    wards = {line["Ward Name"]: line for line in sheets(made.workbook)["Wards"]}
    hidden = {name for name, line in wards.items() if line["Very good"] == "*"}
    merlin = next(name for name in wards if name.startswith("Merlin"))
    beside = [line for line in wards.values() if line["Site Name"] == "Fernvale Park" and line["Ward Name"] != merlin]
    lowest = min(beside, key=lambda line: line["Total Responses"])["Ward Name"]
    assert hidden == {merlin, lowest}
    for name in hidden:
        assert {wards[name][column] for column in (*ANSWERS, "Percentage Positive", "Percentage Negative")} == {"*"}
    assert wards[merlin]["Total Responses"] == 2
    assert made.lines_hidden
    page = made.page.read_text()
    row = page[page.index(f"<td>{merlin}</td>") :].partition("</tr>")[0]
    assert row.count(">*<") == 8
    exact = fft_return.write(home, OCTOBER, is_exact=True)
    assert exact.workbook != made.workbook
    assert not any("*" in line.values() for line in sheets(exact.workbook)["Wards"])


@given(st.dictionaries(st.integers(0, 8), st.integers(0, 30), min_size=1))
def test_no_hidden_line_can_be_worked_out_from_its_parent(counts: dict[int, int]) -> None:
    hidden = hidden_lines(counts, SMALL)
    assert {key for key, count in counts.items() if 0 < count < 5} <= hidden
    filled = {key for key, count in counts.items() if count}
    assert not hidden or hidden == filled or (len(hidden) > 1 and sum(counts[key] for key in hidden) > 4)


@given(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 3)), st.integers(0, 12), min_size=1))
def test_no_hidden_cell_can_be_worked_out_from_its_row_or_its_column(counts: dict[tuple[int, int], int]) -> None:
    rows, columns = Counter[int](), Counter[int]()
    for (row, column), count in counts.items():
        rows[row] += count
        columns[column] += count
    hidden_rows, hidden_columns = hidden_lines(rows, SMALL), hidden_lines(columns, SMALL)
    hidden = hidden_cells(counts, SMALL, hidden_rows, hidden_columns)
    for place, totals, without in ((0, rows, hidden_rows), (1, columns, hidden_columns)):
        for line in totals:
            cells = [cell for cell in counts if cell[place] == line and counts[cell]]
            unseen = [cell for cell in cells if cell in hidden]
            # The answers of a row that is shown, less those of its cells that are shown, are those of one cell alone.
            assert line in without or len(unseen) != 1 or len(cells) == 1
            # Nor do all cells of a hidden row add up to it.
            assert line not in without or not cells or unseen


def test_what_is_missing_is_said(home: Settings) -> None:
    made = fft_return.write(home, date(2026, 11, 1))
    said = " ".join(made.missing)
    assert "more of this month may come" in said
    assert "without a usable answer" in said and "of unknown mode" in said and "--eligible" in said
    page = made.page.read_text()
    assert all(sentence.replace("'", "&#39;") in page for sentence in made.missing)


def test_rows_that_were_set_aside_are_named_with_their_reasons(home: Settings) -> None:
    said = " ".join(fft_return.write(home, OCTOBER).missing)
    assert "14 rows of files set aside since the month began: ambiguous date: 12; future date: 2." in said


def test_a_month_without_forms_is_an_error_that_names_those_that_there_are(home: Settings) -> None:
    with pytest.raises(MonthNotThere, match=r"2024-02: no form .* 2025-09-01 to"):
        fft_return.write(home, date(2024, 2, 1))


def test_eligible_people_come_from_a_file_and_are_never_estimated(home: Settings, tmp_path: Path) -> None:
    file = tmp_path / "eligible.csv"
    file.write_text('Site,Service,Eligible\nfernvale park,KESTREL  WARD,"1,200"\n')
    made = fft_return.write(home, OCTOBER, file)
    wards = {line["Ward Name"]: line["Total Eligible"] for line in sheets(made.workbook)["Wards"]}
    assert wards["Kestrel Ward"] == 1200
    assert wards["Heron Ward"] is None
    assert sheets(made.workbook)["Trusts"][0]["Total Eligible"] is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("place,eligible\nx,1\n", "row 1: has no column site, service"),
        ("site,service,eligible\nFernvale Park,Kestrel Ward,about 90\n", "row 2, column eligible"),
        ("site,service,eligible\nFernvale Park,Kestrel Ward,1\nFernvale park,Kestrel ward,2\n", "row 3"),
        ("site,service,eligible\nOttoline,Brackenbury,1\n", "1 of its rows name a site and service"),
    ],
)
def test_a_file_of_eligible_people_that_cannot_be_meant_is_refused_by_row(
    home: Settings, tmp_path: Path, rows: str, said: str
) -> None:
    file = tmp_path / "eligible.csv"
    file.write_text(rows)
    with pytest.raises(EligibleUnusable, match=said) as refused:
        fft_return.write(home, OCTOBER, file)
    assert "Ottoline" not in str(refused.value) and "about 90" not in str(refused.value)
    assert not (home.reports / "fft-2026-10").exists()


def test_the_same_figures_give_the_same_files(home: Settings) -> None:
    made = fft_return.write(home, OCTOBER)
    before = made.workbook.read_bytes(), made.page.read_bytes()
    fft_return.write(home, OCTOBER)
    assert (made.workbook.read_bytes(), made.page.read_bytes()) == before


def test_the_verb_writes_it_and_says_what_is_missing(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORDROUND_HOME", str(home.home))
    result = CliRunner().invoke(app, ["report", "fft-return", "--month", "2026-10"])
    assert result.exit_code == 0
    assert "unknown mode" in result.stdout and "fft-return-2026-10.xlsx" in result.stdout
    assert CliRunner().invoke(app, ["report", "fft-return", "--month", "2019-10"]).exit_code == 1
