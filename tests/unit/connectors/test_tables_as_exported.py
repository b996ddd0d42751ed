"""Tables as trusts export them (tests/fixtures/tables): each stands for a kind of table that was once read wrongly."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from tests.fixtures.feeding import feed, quarantined, stored, texts
from wordround.cli import app
from wordround.errors import OlderFile, SettingsInvalid, UnexpectedColumns
from wordround.settings import Settings

TABLES = Path(__file__).parents[2] / "fixtures" / "tables"
LAYOUTS = """
[sources.fft.layouts.with_id]
id = "Ref"
date = "Date"
score = "Score"
locations = ["Ward"]
answer = "Comment"

[sources.fft.layouts.without_id]
date = "Date"
score = "Score"
locations = ["Ward"]
answer = "Comment"
"""


@pytest.fixture
def tables(settings_with: Callable[..., Settings]) -> Settings:
    return settings_with(added=LAYOUTS)


def take(settings: Settings, name: str) -> dict:
    return feed(settings, TABLES / name)


def test_seven_notations_of_the_same_answers_are_the_same_comments(tables: Settings) -> None:
    names = ["g1_dmy.csv", "g2_iso.csv", "g3_dmy_time.csv", "g4_dmy_secs.csv", "g5_excel.xlsx", "g6_words_score.csv"]
    accounts = [take(tables, name) for name in (*names, "g7_trailing_space.csv")]
    assert accounts[0]["rows"]["loaded"] == 8
    assert not accounts[0]["warnings"]
    for again in accounts[1:6]:
        assert again["rows"]["unchanged"] == 8
        assert again["warnings"][0].startswith("Most of this file is known already: 8 of 8")
    # Another spelling of the places is kept as it is written last.
    assert (accounts[6]["rows"]["updated"], accounts[6]["rows"]["loaded"]) == (8, 0)
    assert len(texts(tables)) == 8


def test_that_most_is_known_is_the_first_thing_that_the_command_says(tables: Settings) -> None:
    for _ in range(2):
        outcome = CliRunner().invoke(app, ["ingest", "fft", "--file", str(TABLES / "g1_dmy.csv")])
    assert outcome.exit_code == 0, outcome.output
    assert outcome.stdout.startswith("Most of this file is known already: 8 of 8 comments were there before")


def test_an_id_is_the_same_as_a_number_and_as_text_and_noughts_before_it_make_another(tables: Settings) -> None:
    assert take(tables, "a18_ids_number.xlsx")["rows"]["loaded"] == 4
    account = take(tables, "a18_ids_text.csv")
    assert (account["rows"]["loaded"], account["rows"]["unchanged"]) == (1, 3)
    assert account["notes"] == {"ids_that_differ_from_others_in_leading_noughts_alone": 1}
    assert any("ids look alike" in warning for warning in account["warnings"])


def test_ids_that_lost_their_noughts_are_noticed_too(tables: Settings) -> None:
    take(tables, "a18_ids_text.csv")
    account = take(tables, "a18_ids_number.xlsx")
    assert account["notes"] == {"ids_that_differ_from_others_in_leading_noughts_alone": 1}


def test_an_older_file_after_its_correction_is_refused_unless_it_is_told_to(tables: Settings) -> None:
    take(tables, "f01_first.csv")
    assert take(tables, "f02_corrected.csv")["rows"]["updated"] == 2
    corrected = stored(tables)
    with pytest.raises(OlderFile, match=r"f01_first.csv: is older than f02_corrected.csv.*2 rows.*--older"):
        take(tables, "f01_first.csv")
    assert stored(tables) == corrected
    command = ["ingest", "fft", "--file", str(TABLES / "f01_first.csv"), "--json"]
    refused = CliRunner().invoke(app, command)
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (1, "OlderFile")
    taken = json.loads(CliRunner().invoke(app, [*command, "--older"]).stdout)
    assert taken["rows"]["updated"] == 2
    assert "2 rows go back" in " ".join(taken["warnings"])
    # From now on this is the newest word, and the correction is the older file.
    with pytest.raises(OlderFile):
        take(tables, "f02_corrected.csv")


def test_an_older_file_is_known_also_after_it_was_saved_again(tables: Settings, tmp_path: Path) -> None:
    take(tables, "f01_first.csv")
    take(tables, "f02_corrected.csv")
    again = tmp_path / "saved again.csv"
    again.write_bytes((TABLES / "f01_first.csv").read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(OlderFile):
        feed(tables, again)
    again.write_bytes(again.read_bytes() + b"R9,17/09/2026,Alder Ward,1,Something new\r\n")
    account = feed(tables, again)
    assert account["rows"]["loaded"] == 1
    assert "2 rows go back to what an earlier file said" in " ".join(account["warnings"])


def test_a_correction_of_a_correction_is_no_older_file(tables: Settings, tmp_path: Path) -> None:
    take(tables, "f01_first.csv")
    take(tables, "f02_corrected.csv")
    third = tmp_path / "third.csv"
    third.write_text((TABLES / "f02_corrected.csv").read_text().replace("three times", "four times"))
    assert feed(tables, third)["rows"]["updated"] == 1


def test_scores_in_every_wording_keep_their_comment(tables: Settings) -> None:
    account = take(tables, "b13_scores.csv")
    assert account["rows"]["loaded"] == 32
    assert account["quarantine"] == {}
    found = dict(stored(tables, "text, rating"))
    by_row = {int(text.split()[1]): rating for text, rating in found.items()}
    assert {number for number, rating in by_row.items() if rating == 1} == {0, 1, 4, 5, 14, 15, 16, 17, 22, 23, 24}
    assert {number for number, rating in by_row.items() if rating == 6} == {6, 7, 8}
    assert {number for number, rating in by_row.items() if rating == 3} == {10, 11, 18}
    assert {number for number, rating in by_row.items() if rating == 5} == {2, 12}
    assert account["notes"] == {
        "score_before_april_2020": 3, "score_number_contradicts_its_words": 1, "score_preferred_not_to_say": 1,
        "score_undocumented_code": 1, "score_unknown": 7,
    }  # fmt: skip
    assert Counter(note for (note,) in stored(tables, "rating_note"))["preferred_not_to_say"] == 1
    assert any(line.startswith("7 cells of the score say nothing that is known") for line in account["warnings"])
    assert any(line.startswith("1 scores are numbers that the test does not have") for line in account["warnings"])


def test_a_layout_says_what_its_own_words_mean(settings_with: Callable[..., Settings]) -> None:
    words = 'score_words = { VG = 1, "excellent" = 1, satisfied = 2 }\nanswer = "Comment"'
    settings = settings_with(added=LAYOUTS.replace('answer = "Comment"', words, 1))
    assert take(settings, "b13_scores.csv")["notes"]["score_unknown"] == 4


def test_a_cell_too_long_for_a_score_means_that_cells_have_moved(tables: Settings, tmp_path: Path) -> None:
    path = tmp_path / "moved.csv"
    path.write_text(
        "Ref,Date,Ward,Score,Comment\nR1,2026-09-01,Alder Ward,The nurses were kind and the food was good,1\n"
    )
    assert feed(tables, path)["quarantine"] == {"unknown_score": 1}


def test_words_that_contradict_the_scores_of_a_whole_file_are_warned_of(tables: Settings) -> None:
    account = take(tables, "f04_reverse.csv")
    assert account["notes"]["words_contradict_the_scores"] == 12
    assert 'score_direction = "5_is_best"' in account["warnings"][0]


def test_the_direction_of_scores_is_set_in_the_layout(settings_with: Callable[..., Settings]) -> None:
    turned = LAYOUTS.replace('score = "Score"', 'score = "Score"\nscore_direction = "5_is_best"')
    settings = settings_with(added=turned)
    account = take(settings, "f04_reverse.csv")
    assert (account["warnings"], account["notes"]) == ([], {})
    assert set(stored(settings, "rating")) == {(1,)}
    with pytest.raises(SettingsInvalid, match="need `score`"):
        settings_with(added=turned.replace('score = "Score"\n', "")).sources.named("fft")


def test_a_merged_cell_holds_for_all_its_rows(tables: Settings) -> None:
    account = take(tables, "a05_merged_ward.xlsx")
    assert account["notes"] == {"cells_filled_from_merged_cells": 4}
    assert Counter(stored(tables, "location_1")) == {("Alder Ward",): 3, ("Birch Ward",): 3}


def test_error_cells_are_blank_and_counted(tables: Settings) -> None:
    account = take(tables, "a09_error_cells.xlsx")
    assert account["rows"]["in"] == 5
    assert account["quarantine"] == {"missing_date": 1, "missing_id": 1}
    assert account["notes"] == {
        "error_cell_in_place_of_an_answer": 1, "no_place_error_cell": 1, "score_error_cell": 1,
    }  # fmt: skip
    assert stored(tables, "location_1, rating, rating_note, text is null") == [
        ("Alder Ward", 1, None, True), ("Alder Ward", None, "error_cell", False), (None, 2, None, False),
    ]  # fmt: skip


def test_what_stands_in_for_a_place_is_none_and_counted_by_reason(tables: Settings) -> None:
    account = take(tables, "f05_blank_ward.csv")
    assert account["notes"] == {"no_place_blank": 1, "no_place_error_cell": 1, "no_place_placeholder": 4}
    assert set(stored(tables, "location_1")) == {(None,)}


def test_a_bare_number_is_a_day_of_the_workbooks_own_date_system(tables: Settings) -> None:
    take(tables, "a07_1904.xlsx")
    assert {day for (day,) in stored(tables, "posted_date")} == {date(2026, 9, day) for day in (1, 2, 3, 4, 6)}


def test_the_only_sheet_that_fits_is_taken(tables: Settings) -> None:
    account = take(tables, "a01_hidden_first_sheet.xlsx")
    assert account["rows"]["loaded"] == 8
    assert account["notes"]["further_sheets_not_read"] == 1


def test_hidden_rows_are_read_and_counted(tables: Settings) -> None:
    account = take(tables, "a03_hidden_rows.xlsx")
    assert (account["rows"]["loaded"], account["notes"]) == (8, {"hidden_rows_were_read": 3})


TITLED = [
    ["Friends and Family, Ward 3, Ward 4, and all others"],
    ["Made on", "28/11/2026"],
    [],
    ["Date", "Score", "Ward", "Comment", "Seen by"],
    ["01/09/2026", "1", "Ward 3", "Kind, calm staff", ""],
    ["31/02/2026", "1", "Ward 3", "No such day", ""],
    ["13/09/2026", "5", "Ward 3", "A long wait", ""],
]


def as_csv(path: Path, delimiter: str) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows(TITLED)
    return path


def as_workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in TITLED:
        book.active.append(row)
    # A title is often one cell over all columns.
    book.active.merge_cells("A1:E1")
    book.save(path)
    return path


@pytest.mark.parametrize("form", [",", ";", "\t", "workbook"])
def test_titles_above_the_header_are_passed_over_and_counted(tables: Settings, tmp_path: Path, form: str) -> None:
    file = as_workbook(tmp_path / "t.xlsx") if form == "workbook" else as_csv(tmp_path / "t.csv", form)
    account = feed(tables, file)
    assert account["notes"]["rows_above_the_header"] == 2
    assert texts(tables) == ["A long wait", "Kind, calm staff"]
    assert [(row["reason"], row["row"]) for row in quarantined(account)] == [("impossible_date", "6")]


def test_below_a_title_the_header_that_misses_a_column_is_named(tables: Settings, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Made on;28/11/2026\n\nDate;Score;Wards;Comment\n01/09/2026;1;Ward 3;Kind\n")
    with pytest.raises(UnexpectedColumns, match=r"'without_id', which misses 'Ward' .did you mean 'Wards'"):
        feed(tables, path)


def test_a_space_before_a_quote_is_no_part_of_the_cell(tables: Settings) -> None:
    assert take(tables, "b24_sp_after_comma.csv")["rows"]["loaded"] == 2
    assert texts(tables) == ["Kind, calm staff", "ok thanks"]


def test_spellings_of_a_place_are_counted(settings_with: Callable[..., Settings]) -> None:
    settings = settings_with(added=LAYOUTS.replace('["Ward"]', '["Site", "Ward"]'))
    account = take(settings, "r71_vader_wards.csv")
    assert account["rows"]["loaded"] + account["rows"]["quarantined"] == account["rows"]["in"]
    assert account["notes"]["places_written_in_several_ways"] == 2


def test_quarantine_of_an_error_cell_does_not_repeat_ids(tables: Settings) -> None:
    for row in quarantined(take(tables, "a09_error_cells.xlsx")):
        assert "Ref" not in json.loads(row["row_without_ids"])


def test_several_sheets_that_fit_behind_one_that_does_not_are_named(tables: Settings, tmp_path: Path) -> None:
    header = ["Ref", "Date", "Ward", "Score", "Comment"]
    book, path = openpyxl.Workbook(), tmp_path / "months.xlsx"
    book.active.append(["Friends and Family"])
    for name in ("May", "June"):
        book.create_sheet(name).append(header)
    book.save(path)
    with pytest.raises(UnexpectedColumns, match=r"sheet 2 \('May'\), sheet 3 \('June'\)"):
        feed(tables, path)
