"""Exports that trusts have are read by their usual names of columns, and what names a person in them is not read."""

import json
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as rounds
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.fixtures.feeding import feed, quarantined, stored, texts
from tests.fixtures.fft_files import write_csv
from tests.fixtures.legible import Search, files_below, legible
from tests.fixtures.ready_exports import (
    DATIX_HEADER,
    IWGC_HEADER,
    PEOPLE,
    SETTINGS,
    datix,
    datix_complaints,
    healthwatch,
    iwantgreatcare,
    pals,
    sectioned,
)
from wordround import credentials, erasing, pipeline
from wordround.cli import app
from wordround.connectors.file import ready, unread
from wordround.erasing import Request, withdrawals
from wordround.errors import SettingsInvalid, UnexpectedColumns
from wordround.settings import Settings

EXPORTS = {
    "datix_complaints": (datix_complaints, "complaints.xlsx"),
    "datix_pals": (pals, "pals.csv"),
    "healthwatch": (healthwatch, "feedback.csv"),
    "iwantgreatcare": (iwantgreatcare, "reviews.csv"),
}


@pytest.fixture
def settings(settings_with: Callable[..., Settings]) -> Settings:
    return settings_with(added=SETTINGS)


def only(settings_with: Callable[..., Settings], *names: str) -> Settings:
    """Settings in which these ready layouts are in use."""
    every = SETTINGS.partition("ready_layouts = ")[2].partition("\n")[0]
    return settings_with(added=SETTINGS.replace(every, json.dumps(names)))


def rows(outcome: dict) -> dict[str, int]:
    return {name: count for name, count in outcome["rows"].items() if count}


def test_a_listing_of_complaints_is_read_and_every_row_is_accounted_for(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, datix_complaints(tmp_path / "complaints.xlsx"), "file")
    assert outcome["layout"] == "datix_complaints"
    assert rows(outcome) == {"in": 10, "loaded": 5, "unchanged": 1, "no_answer": 1, "quarantined": 3}
    assert outcome["quarantine"] == {"future_date": 1, "missing_id": 1, "unreadable_date": 1}
    found = {text: rest for text, *rest in stored(settings, "text, posted_date, kind, rating, author_role, location_3")}
    assert found["The ward was filthy and nobody came"] == [date(2026, 9, 15), "story", None, "patient", "Heron Ward"]
    assert found["Rude receptionist"] == [date(2026, 10, 2), "story", None, "staff", "Heron Ward"]
    assert {role for _, _, _, role, _ in found.values()} == {"carer", "patient", "staff", None}
    assert {place for *_, place in found.values()} == {"Heron Ward", None}, "an unknown ward is none"
    assert set(stored(settings, "location_1, location_2")) == {("Fernvale Hospital", "Orthopaedics")}


def test_a_grade_and_a_severity_are_no_rating(settings: Settings, tmp_path: Path) -> None:
    feed(settings, datix_complaints(tmp_path / "complaints.xlsx"), "file")
    assert set(stored(settings, "rating, rating_max, rating_note")) == {(None, None, None)}


def test_the_account_says_which_kinds_of_columns_were_not_read(settings: Settings, tmp_path: Path) -> None:
    notes = feed(settings, datix_complaints(tmp_path / "complaints.xlsx"), "file")["notes"]
    left = {name.removeprefix("columns_not_read_"): count for name, count in notes.items() if "columns_not" in name}
    assert left == {
        "address": 2,
        "contact": 1,
        "date_of_birth": 1,
        "grade": 2,
        "name": 2,
        "nhs_number": 1,
        "person": 1,
        "staff": 1,
        "subject": 2,
    }
    assert notes["rows_above_the_header"] == 1


@pytest.mark.parametrize("name", EXPORTS)
def test_nothing_of_a_column_about_a_person_is_anywhere(name: str, settings: Settings, tmp_path: Path) -> None:
    write, file = EXPORTS[name]
    outcome = feed(settings, write(tmp_path / file), "file")
    assert outcome["layout"] == name
    pipeline.understand(settings)
    search = Search({kind: (value,) for kind, value in PEOPLE.items()} | {"mail": ("zq@example", "zqbrackenbury@")})
    left = {path.name: found for path in files_below(settings.home) if (found := search.names_in(legible(path)))}
    assert left == {}
    assert search.names_in(json.dumps(outcome).encode()) == set()


def test_the_command_reads_an_export_and_names_what_it_left(settings: Settings, tmp_path: Path) -> None:
    path = datix_complaints(tmp_path / "complaints.xlsx")
    outcome = CliRunner().invoke(app, ["ingest", "file", "--file", str(path)])
    assert outcome.exit_code == 0, outcome.output
    assert "5 + 0 + 1 + 0 + 1 + 3 + 0 = 10" in outcome.stdout or "= 10" in outcome.stdout
    assert "note, columns not read nhs number: 1" in outcome.stdout
    assert PEOPLE["name"] not in outcome.output


def test_an_export_repeated_with_another_stage_changes_nothing_and_a_new_text_updates(
    settings: Settings, tmp_path: Path
) -> None:
    first = [datix(1), datix(2, description="The food was cold")]
    feed(settings, write_csv(tmp_path / "a.csv", first, DATIX_HEADER), "file")
    closed = [datix(1, stage="Closed", subject="Staff"), datix(2, description="The food was cold", stage="Closed")]
    again = feed(settings, write_csv(tmp_path / "b.csv", closed, DATIX_HEADER), "file")
    assert rows(again) == {"in": 2, "unchanged": 2}
    corrected = feed(settings, write_csv(tmp_path / "c.csv", [datix(2, description="Cold food")], DATIX_HEADER), "file")
    assert rows(corrected) == {"in": 1, "updated": 1}
    assert sorted(texts(settings)) == ["Cold food", "Nobody told my mother why the operation was put off"]


def test_a_row_stays_itself_when_the_next_export_calls_its_columns_otherwise(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = only(settings_with, "datix_complaints", "iwantgreatcare")
    feed(
        settings,
        write_csv(tmp_path / "a.csv", [["7", "14/09/2026", "Cold"]], ["ID", "Received", "Description"]),
        "file",
    )
    header = ["Complaint ID", "Date received", "Complaint details"]
    again = feed(settings, write_csv(tmp_path / "b.csv", [["7.0", "2026-09-14", "Cold"]], header), "file")
    assert rows(again) == {"in": 1, "unchanged": 1}
    renamed = (
        "Review ID",
        "Date of review",
        "Ward",
        "Consultant",
        "Stars",
        *IWGC_HEADER[5:7],
        "How could we improve?",
        "",
    )
    feed(settings, iwantgreatcare(tmp_path / "c.csv"), "file")
    assert rows(feed(settings, iwantgreatcare(tmp_path / "d.csv", renamed), "file"))["unchanged"] == 5


def test_headings_of_sections_are_read_by_the_field_within(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, sectioned(tmp_path / "s.csv"), "file")
    assert outcome["layout"] == "datix_complaints"
    assert sorted(stored(settings, "text, location_1, location_2, location_3")) == [
        ("Cold", "Fernvale Hospital", "Surgery", "Kestrel Ward"),
        ("Rude", "Fernvale Hospital", "Surgery", "Heron Ward"),
    ]
    assert outcome["notes"]["columns_not_read_person"] == 1


def test_the_same_number_of_a_complaint_and_an_enquiry_are_two_comments(settings: Settings, tmp_path: Path) -> None:
    feed(settings, datix_complaints(tmp_path / "complaints.xlsx"), "file")
    outcome = feed(settings, pals(tmp_path / "pals.csv"), "file")
    assert (outcome["layout"], rows(outcome)) == ("datix_pals", {"in": 3, "loaded": 2, "no_answer": 1})
    assert ("Where can I park?", "carer") in stored(settings, "text, author_role")


def test_stars_count_upwards_in_every_notation(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, healthwatch(tmp_path / "feedback.csv"), "file")
    stars = {text: (rating, most) for text, rating, most in stored(settings, "text, rating, rating_max")}
    assert stars == {
        "Wonderful nurses": (5, 5),
        "Left in pain all night": (1, 5),
        "Not bad": (3, 5),
        "Nearly perfect": (None, None),
        "No stars from me": (None, None),
    }
    assert outcome["notes"]["rating_unknown"] == 1
    assert set(stored(settings, "kind, site_code")) == {("review", "XFV01")}


def test_a_score_that_runs_the_other_way_is_not_taken_for_stars(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, iwantgreatcare(tmp_path / "reviews.csv"), "file")
    assert rows(outcome) == {"in": 6, "loaded": 5, "no_answer": 1}
    found = {(text, asked): rating for text, asked, rating in stored(settings, "text, question_type, rating") if text}
    assert found == {
        ("Everybody was kind", "what_good"): 5,
        ("Nothing", "could_improve"): 5,
        ("The view", "what_good"): 1,
        ("Answer the bell", "could_improve"): 1,
        ("Quick", "what_good"): 4,
    }


def test_a_file_that_could_come_from_several_systems_is_refused_with_what_to_do(
    settings: Settings, settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [["1", "2026-09-14", "Cold"]], ["ID", "First received", "Description"])
    with pytest.raises(UnexpectedColumns, match=r"'Complaint ID' \(datix_complaints\) or 'PALS ID' \(datix_pals\)"):
        feed(settings, path, "file")
    assert feed(only(settings_with, "datix_pals"), path, "file")["layout"] == "datix_pals"


def test_a_column_map_of_the_trusts_own_comes_first(settings_with: Callable[..., Settings], tmp_path: Path) -> None:
    own = '\n[sources.file.layouts.ours]\nid = "ID"\ndate = "Closed"\ntext = "Description"\nkind = "story"\n'
    settings = settings_with(added=SETTINGS + own)
    row = datix(1)
    row[DATIX_HEADER.index("Closed")] = "2026-10-01"
    outcome = feed(settings, write_csv(tmp_path / "a.csv", [row], DATIX_HEADER), "file")
    assert outcome["layout"] == "ours"
    assert stored(settings, "posted_date") == [(date(2026, 10, 1),)]


def test_a_file_that_misses_a_column_is_refused_by_its_name(settings: Settings, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [["1", "2026-09-14", "x"]], ["Complaint ID", "First received", "Outcome"])
    with pytest.raises(
        UnexpectedColumns, match=r"closest is 'datix_complaints', which misses 'Description of complaint'"
    ):
        feed(settings, path, "file")
    assert stored(settings) == []


def test_a_row_is_erased_by_its_number_and_by_a_list_under_any_name_of_its_column(
    settings: Settings, tmp_path: Path
) -> None:
    feed(settings, write_csv(tmp_path / "a.csv", [datix(1), datix(2), datix(3)], DATIX_HEADER), "file")
    assert erasing.erase(settings, Request("comment", "file", ("datix_complaints:1",)))["comments"] == 1
    write_csv(settings.home / "inbox/file/withdrawn/gone.csv", [["2"]], ["Ref"])
    assert withdrawals.honour(settings, "file", credentials.of)["comments"] == 1
    assert len(texts(settings)) == 1
    feed(settings, iwantgreatcare(tmp_path / "r.csv"), "file")
    both = Request("comment", "file", ("iwantgreatcare:R-2",))
    assert erasing.erase(settings, both, lambda _: True)["comments"] == 2, "both answers"


def test_a_row_that_is_set_aside_keeps_no_column_about_a_person(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, write_csv(tmp_path / "a.csv", [datix(1, "31/02/2026")], DATIX_HEADER), "file")
    (bad,) = quarantined(outcome)
    assert bad["reason"] == "impossible_date"
    assert not any(value in cell for cell, value in product(map(str, bad.values()), PEOPLE.values()))


def test_without_a_layout_of_either_sort_the_block_is_not_finished(settings_with: Callable[..., Settings]) -> None:
    with pytest.raises(SettingsInvalid, match="ready_layouts"):
        only(settings_with).sources.named("file")
    wrong = only(settings_with, "datix_incidents")
    with pytest.raises(SettingsInvalid, match="datix_complaints"):
        wrong.sources.named("file")


@pytest.mark.parametrize("name", ready.LAYOUTS)
def test_no_name_of_a_column_that_is_read_is_one_of_a_person(name: ready.ReadyName) -> None:
    layout = ready.LAYOUTS[name]
    read = [*layout.id, *layout.date, *layout.title, *layout.rating, *layout.site_code]
    read += [one for names in (*layout.locations, *(answer.names for answer in layout.answers)) for one in names]
    kinds = {column: set(unread.notes([column], ())) for column in read}
    assert {column: found for column, found in kinds.items() if found} == {}
    assert len({one.casefold() for one in read}) == len(read), "one name, one meaning"


@rounds(max_examples=60, deadline=None)
@given(st.permutations(DATIX_HEADER), st.lists(st.text(min_size=1, max_size=30), max_size=4))
def test_the_order_of_columns_and_further_ones_change_nothing(header: list[str], further: list[str]) -> None:
    layout = ready.LAYOUTS["datix_complaints"].fitted(list(DATIX_HEADER))
    known = {one.casefold() for names in (ready.LAYOUTS["datix_complaints"].headers()) for one in names}
    extra = [one for one in further if one.casefold() not in known and "(" not in one]
    assert ready.LAYOUTS["datix_complaints"].fitted([*header, *extra]).columns == layout.columns
