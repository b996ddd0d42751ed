"""The monthly return: every form once, small lines without their answers, and what is missing said."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.fixtures import published
from wordround.cli import app
from wordround.errors import EligibleUnusable, MonthNotThere
from wordround.published.disclosure import SmallNumbers
from wordround.published.fft_months import PublishedMonth
from wordround.published.tables import FftMonth, Publication, Service
from wordround.reports import fft_return
from wordround.reports.fft_return.eligible import Eligible
from wordround.reports.fft_return.figures import Line, TrustReturn, make
from wordround.reports.fft_return.hiding import hidden_lines
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


CODES = {"sms": "SMS", "paper_home": "Paper Home", "online": "Online", "unknown": "Unknown"}
FIELDS = ("fft_1_count", "fft_2_count", "fft_3_count", "fft_4_count", "fft_5_count", "fft_dont_know_count")


def returned(counts: dict[tuple[str, str], int], site_of: dict[str, str]) -> TrustReturn:
    """The return of forms by service and mode, all of them Very good."""
    answers = dict.fromkeys((*FIELDS, "fft_unknown_count"), 0)
    month = PublishedMonth(
        month=OCTOBER,
        publication=Publication("b1", datetime(2026, 11, 2, tzinfo=UTC), "1", None, None),
        small_numbers=SMALL,
        services=[Service(one, f"Ward {one}", site, "RX1", "Fernvale", 1, True) for one, site in site_of.items()],
        forms=[
            FftMonth(one, "RX1", mode, count, **answers | {"fft_1_count": count})
            for (one, mode), count in counts.items()
            if count
        ],
        files=[],
        last_day=date(2026, 11, 1),
        silent_weeks={},
    )
    (trust,) = make(month, Eligible()).trusts
    return trust


def given_away(trust: TrustReturn, counts: dict[tuple[str, str], int], site_of: dict[str, str]) -> list[str]:
    """Names of lines of 1 to 4 whose answers follow from all that is shown: trust, sites, wards, modes, and cells."""
    cells = [cell for cell, count in counts.items() if count]

    def about(line: Line) -> list[float]:
        site, ward, mode = (*(name for name in line.names[2:] if name != "(all)"), *(None,) * 3)[:3]
        if line.names[2:4] == ("(all)", "(all)"):
            site, mode = None, line.names[4]
        return [
            float(site in (None, site_of[one]) and ward in (None, f"Ward {one}") and mode in (None, CODES[code]))
            for one, code in cells
        ]

    lines = [trust.total, *trust.sites, *trust.services, *trust.by_mode]
    shown = np.array([about(line) for line in lines if line.answers is not None]).reshape(-1, len(cells))
    rank = np.linalg.matrix_rank(shown) if shown.size else 0
    small = [line for line in lines if 0 < line.responses < 5]
    assert all(line.answers is None for line in small)
    return [" / ".join(line.names) for line in small if np.linalg.matrix_rank(np.vstack([shown, about(line)])) == rank]


def test_a_ward_that_answers_by_one_mode_does_not_give_away_another_through_the_line_of_the_mode() -> None:
    counts = {("2", "sms"): 3, ("3", "paper_home"): 6, ("4", "sms"): 20}
    trust = returned(counts, dict.fromkeys("234", "Park"))
    shown = {line.names[3:] for line in (*trust.services, *trust.by_mode) if line.answers is not None}
    assert ("Ward 4",) in shown, "what is published of wards stays"
    assert ("(all)", "SMS") not in shown and ("(all)", "Paper Home") not in shown
    assert given_away(trust, counts, dict.fromkeys("234", "Park")) == []


def test_modes_are_shown_where_they_give_nothing_away() -> None:
    counts = {(one, mode): 9 for one in "234" for mode in ("sms", "online")}
    trust = returned(counts, dict.fromkeys("234", "Park"))
    assert all(line.answers is not None for line in trust.by_mode)


@given(st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.sampled_from(sorted(CODES))), st.integers(0, 12)))
@settings(max_examples=400)
def test_no_small_line_can_be_worked_out_from_wards_modes_and_cells_together(
    counts: dict[tuple[str, str], int],
) -> None:
    assume(any(counts.values()))
    for site_of in (dict.fromkeys("abcdef", "Park"), dict(zip("abcdef", "PPQQQR", strict=True))):
        assert given_away(returned(counts, site_of), counts, site_of) == []


def test_what_is_missing_is_said(home: Settings) -> None:
    made = fft_return.write(home, date(2026, 11, 1))
    said = " ".join(made.missing)
    assert "more of this month may come" in said
    assert "without a usable answer" in said and "of unknown mode" in said and "--eligible" in said
    page = made.page.read_text()
    assert all(sentence.replace("'", "&#39;") in page for sentence in made.missing)


def test_weeks_of_which_no_form_came_are_named(tmp_path: Path) -> None:
    gaps = ", ".join(f"('fft', 'XFV', date '{day}', '2026-10')" for day in ("2026-09-21", "2026-09-28", "2026-10-12"))
    others = "('bluesky', 'XFV', date '2026-10-05', '2026-10'), ('fft', 'OTHER', date '2026-10-05', '2026-10')"
    published.publish(tmp_path, f"insert into marts.fct_source_gaps values {gaps}, {others};")
    outcome = fft_return.write(published.settings_for(tmp_path), OCTOBER)
    told = [line for line in outcome.missing if line.startswith("No form")]
    # Of the first trust no form of the month is there at all, so that no line of the return would show it.
    assert [line.partition(", though many")[0] for line in told] == [
        "No form of OTHER was loaded of the week 5 to 11 October 2026",
        "No form of Fernvale Mental Health NHS Trust (fictional) was loaded of the weeks 28 September to 4 October "
        "2026 and 12 to 18 October 2026",
    ]
    assert all(line in outcome.page.read_text(encoding="utf-8") for line in told)


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
