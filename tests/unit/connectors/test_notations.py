"""One meaning in every notation that programs and people write: each cell is read as what it means, or set aside."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.fixtures.feeding import feed, stored
from tests.fixtures.fft_files import csv_text
from wordround.connectors.fft.answers import read_score
from wordround.connectors.files.dates import read_date
from wordround.connectors.files.meaning import row_id
from wordround.connectors.files.places import read_place
from wordround.settings import Settings

HEADER = ["Ref", "Date", "Ward", "Score", "Comment"]
LAYOUT = """
[sources.fft.layouts.with_id]
id = "Ref"
date = "Date"
score = "Score"
locations = ["Ward"]
answer = "Comment"
"""
PLAIN = ["101", "03/09/2026", "Ward 4", "1", "Kind staff"]
NOTATIONS = [
    [f'="{cell}"' for cell in PLAIN],
    [*(f"'{cell}" for cell in PLAIN[:4]), PLAIN[4]],
    ["101.0", "20260903", "Ward 4", "1,0", "Kind staff"],
    ["１０１", "０３／０９／２０２６", "Ward\xa04", "１", "Kind\xa0staff"],
    ["101'", "2026-09-02T23:30:00Z", "WARD 4.", "1.0", "Kind staff"],
]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_every_notation_of_a_row_is_the_same_row(settings_with: Callable[..., Settings], tmp_path, name: str) -> None:
    settings = settings_with(('date_order = "evidence"', 'date_order = "day_first"'), added=LAYOUT)
    loaded = 0
    for number, cells in enumerate([PLAIN, *NOTATIONS]):
        path: Path = tmp_path / f"{number}{name}"
        if name.endswith(".csv"):
            path.write_text(csv_text([cells], HEADER), encoding="utf-8")
        else:
            book = openpyxl.Workbook()
            book.active.append(HEADER)
            book.active.append(cells)
            for cell in book.active[2]:
                cell.data_type = "s"
            book.save(path)
        loaded += feed(settings, path)["rows"]["loaded"]
    assert loaded == 1
    assert stored(settings, "text, rating, posted_date") == [("Kind staff", 1, date(2026, 9, 3))]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (20260903, date(2026, 9, 3)),
        ("20260903T2330Z", date(2026, 9, 4)),
        ("20260903233000", date(2026, 9, 3)),
        ("03/09/2026 23:30 UTC", date(2026, 9, 4)),
        ("3 Sep 2026 11:30 pm GMT", date(2026, 9, 4)),
        ("2026-09-03T23:30:00+01", date(2026, 9, 3)),
        ("2026-09-03 00:30 BST", date(2026, 9, 3)),
        ("2026-09-03 13:00-14:00", date(2026, 9, 3)),
        ("20261345", "impossible_date"),
        ("03092026", "unreadable_date"),
        ("1788393600", "unreadable_date"),
        ('="03/04/2026"', "ambiguous_date"),
    ],
)
def test_days_are_read_in_every_notation_and_what_is_unclear_stays_so(cell, meant) -> None:
    assert read_date(cell, "evidence" if meant == "ambiguous_date" else "day_first") == meant


def test_what_only_looks_like_another_notation_is_left_alone() -> None:
    assert [row_id(one) for one in ("00100", '="00100"', "1,000", "A'1")] == ["00100", "00100", "1,000", "A'1"]
    assert [read_score(one).score for one in ("1,5", "11", "'", '="6"')] == [None, None, None, 6]
    names = [read_place(one).name for one in ("'A' Ward", "St Thomas'", "'Ward 4'", "Queen's Ward")]
    assert names == ["'A' Ward", "St Thomas'", "Ward 4", "Queen's Ward"]


@pytest.mark.parametrize(
    "cell",
    [
        "03/Sep/2026 00:00", "Sept 3rd, 2026", "September 3, 2026", "Thu, 3 Sep 2026", "2026-Sep-03",
        "3rd of September 2026", "3.Sept.26", "Sep-03-2026", "Thursday 3 September, 2026 at nine",
    ],
)  # fmt: skip
def test_a_day_whose_month_is_a_word_is_read_in_every_order(cell: str) -> None:
    assert read_date(cell, "evidence") == date(2026, 9, 3)


@pytest.mark.parametrize("cell", ["Mayhem 3 2026", "3 foo 2026", "Sep 2026", "Sep 3 26"])
def test_a_word_that_is_no_month_makes_no_day(cell: str) -> None:
    assert read_date(cell, "evidence") == "unreadable_date"


@pytest.mark.parametrize(
    "cell", ["Test", "test ward", "<name>", "<Select a ward>", "{{ward}}", "[select]", "«Ward»", "#REF!"]
)
def test_junk_names_no_place(cell: str) -> None:
    assert read_place(cell).name is None


def test_junk_names_no_trust_and_a_person_or_an_address_no_service(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with(
        added=LAYOUT.replace("[sources.fft.layouts.with_id]", '[sources.fft.layouts.with_id]\ntrust = "Trust"')
    )
    junk = ["<name>", "#REF!", "test", "Derek Ogglesby", "14 Brambling Road", "RXX", "RXX", "RXX", "RXX"]
    wards = [*["Ward 4"] * 5, "Mr Ogglesby", "14 Brambling Close, Fernvale", "Ward 4", "Kestrel Ward, ask 07700 900123"]
    rows = [
        [str(n), "2026-09-03", ward, "1", f"Kind staff {n}", trust]
        for n, (trust, ward) in enumerate(zip(junk, wards, strict=True))
    ]
    path = tmp_path / "a.csv"
    path.write_text(csv_text(rows, [*HEADER, "Trust"]), encoding="utf-8")
    account = feed(settings, path)
    assert account["quarantine"] == {"missing_trust": 3, "unknown_trust": 2}
    assert account["notes"] == {"no_place_identifier": 2, "place_without_its_identifier": 1}
    assert "2 rows have a person, a number or an address where their place should stand" in account["warnings"][0]
    assert stored(settings, "trust_code, location_1") == [
        ("RXX", "Kestrel Ward, ask <phone number>"), ("RXX", "Ward 4"), ("RXX", None), ("RXX", None),
    ]  # fmt: skip


def test_ids_that_a_spreadsheet_has_rounded_make_no_two_people_one(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with(added=LAYOUT)
    rows = [
        ["1.18E+11", "2026-09-13", "Ward 4", "2", "Kind staff"],
        ["1,18e+11", "2026-09-14", "Ward 4", "5", "A long wait"],
        ["118E", "2026-09-14", "Ward 4", "5", "Another wait"],
    ]
    (tmp_path / "a.csv").write_text(csv_text(rows, HEADER), encoding="utf-8")
    account = feed(settings, tmp_path / "a.csv")
    assert account["quarantine"] == {"rounded_id": 2}
    assert stored(settings) == [("Another wait",)]
