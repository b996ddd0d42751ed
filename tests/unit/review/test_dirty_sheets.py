"""Filled sheets as people send them back: each row is accounted for, and no message repeats what stands in a cell."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as property_settings
from hypothesis import strategies as st

from wordround.errors import FileUnreadable, ReviewRefused
from wordround.records import reviews
from wordround.records.reviews import Code, Item, Stratum, ThemeCode
from wordround.review import importing, sheets
from wordround.review.importing import Imported
from wordround.settings import Settings

ITEMS = 6
CANARY = "Ottoline Brackenbury"
COLUMNS = ("row", "coder", "comment", *sheets.TO_FILL, "settled")
MANNER = ThemeCode("patient_experience", "Staff manner & personal attributes")


@pytest.fixture
def sample(settings: Settings) -> Settings:
    items = [Item(number, f"{number:032x}", "k", 0, 1.0) for number in range(1, ITEMS + 1)]
    reviews.add_sample(settings, None, 1, ["AB", "CD"], [Stratum(None, None, None, None, 60, ITEMS)], items)
    return settings


def take(settings: Settings, folder: Path, *rows: dict[str, str], name: str = "codes.csv") -> Imported:
    """Take a sheet with these rows in; each is of coder AB unless it says otherwise."""
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows({"coder": "AB", "comment": CANARY} | row for row in rows)
    return importing.take(settings, [folder / name])


def codes(settings: Settings) -> dict[int, Code]:
    return {each.item.item: each.codes["AB"] for each in reviews.coded(settings)}


@pytest.mark.parametrize("theme", [
    "Staff manner & personal attributes", " staff manner  and... ", "staff_manner_personal_attributes",
    "STAFF MANNER & PERSONAL ATTRIBUTES ", "Staff manner/personal attributes",
])  # fmt: skip
def test_labels_and_codes_are_read_however_they_are_written(sample: Settings, tmp_path: Path, theme: str) -> None:
    outcome = take(
        sample, tmp_path, {"row": " s1 - 2 ", "coder": " a.b ", "sentiment": " Very_Negative ", "theme 1": theme}
    )
    if "and" in theme:
        assert outcome.files[0].refused == 1
    else:
        assert codes(sample) == {2: Code("very_negative", (MANNER,))}


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ({"row": "17"}, "row", "must stay as it was"),
        ({"row": "S1-99"}, "row", "no comment of a sample here"),
        ({"row": "S9-1"}, "row", "no comment of a sample here"),
        ({"coder": CANARY}, "coder", "no coder of this sample"),
        ({"coder": ""}, "coder", "is empty"),
        ({"sentiment": CANARY}, "sentiment", "choose one from the list"),
        ({"sentiment": "3"}, "sentiment", "choose one from the list"),
        ({"sentiment": ""}, "sentiment", "choose a sentiment too"),
        ({"theme 1": CANARY}, "theme 1", "choose one from the list"),
        ({"polarity 1": "bad"}, "polarity 1", "choose one from the list"),
        ({"theme 1": "", "polarity 1": "negative"}, "polarity 1", "choose the theme or empty it"),
        ({"theme 2": "parking", "polarity 2": "positive"}, "theme 2", "leave one"),
        ({"cannot say": "yes"}, "cannot say", "leave one of the two"),
        ({"cannot say": CANARY}, "cannot say", "write yes"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_others_go_on(
    sample: Settings, tmp_path: Path, row: dict[str, str], column: str, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = {"row": "S1-1", "sentiment": "neutral", "theme 1": "Parking"}
    outcome = take(sample, tmp_path, good, {"row": "S1-2", "sentiment": "neutral", "theme 1": "Parking"} | row)
    (refused,) = outcome.refused
    assert refused.startswith(f"codes.csv: row 3: column {column}: ") and what in refused
    assert CANARY not in outcome.model_dump_json() + caplog.text
    assert (outcome.files[0].new, outcome.files[0].refused) == (1, 1)
    assert list(codes(sample)) == [1]


def test_a_row_that_stands_there_twice_counts_once_and_not_at_all_where_it_says_two_things(
    sample: Settings, tmp_path: Path
) -> None:
    same = {"row": "S1-1", "sentiment": "neutral"}
    outcome = take(
        sample, tmp_path, same, same, {"row": "S1-2", "sentiment": "neutral"}, {"row": "S1-2", "sentiment": "positive"}
    )
    (file,) = outcome.files
    assert (file.new, file.repeated, file.refused) == (1, 1, 2)
    assert all("several times with different codes" in refused for refused in outcome.refused)
    assert list(codes(sample)) == [1]


def test_a_file_that_cannot_be_used_is_named_and_the_others_are_taken(sample: Settings, tmp_path: Path) -> None:
    take(sample, tmp_path, {"row": "S1-1", "sentiment": "neutral"})
    other = tmp_path / "other.csv"
    other.write_text("comment,sentiment\nx,neutral\n", encoding="utf-8")
    outcome = importing.take(sample, [tmp_path / "codes.csv", other, tmp_path / "gone.xlsx"])
    assert [file.unchanged for file in outcome.files] == [1]
    assert [refused.partition(":")[0] for refused in outcome.refused] == ["other.csv", "gone.xlsx"]
    with pytest.raises(ReviewRefused, match="column 'row' is missing"):
        importing.take(sample, [other])
    with pytest.raises(FileUnreadable, match=r"gone\.xlsx"):
        importing.take(sample, [tmp_path / "gone.xlsx"])


def test_what_was_refused_leaves_the_code_that_there_was(sample: Settings, tmp_path: Path) -> None:
    take(sample, tmp_path, {"row": "S1-1", "sentiment": "neutral"})
    take(sample, tmp_path, {"row": "S1-1", "sentiment": "gut"})
    assert codes(sample) == {1: Code("neutral")}


words = st.sampled_from(
    ["", "", "neutral", "Very Positive", "parking", "Parking", "yes", "no", "x", "negative", "AB", "S1-1", " s1-2",
     "S2-1", "=1+1", CANARY, "\u00a0", "positive;", "ＮＥＵＴＲＡＬ", "settled"]
) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)  # fmt: skip
rows = st.fixed_dictionaries(
    {"row": st.sampled_from(["S1-1", "S1-2", "S1-3", "S1-4"]) | words},
    optional=dict.fromkeys(COLUMNS[1:], words),
)  # fmt: skip


@property_settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows, min_size=1, max_size=12))
def test_whatever_stands_in_a_sheet_every_row_is_accounted_for(
    sample: Settings, tmp_path: Path, dirty: list[dict[str, str]]
) -> None:
    try:
        outcome = take(sample, tmp_path, *dirty)
    except (FileUnreadable, ReviewRefused) as error:
        assert "codes.csv" in str(error) and CANARY not in str(error)
        return
    (file,) = outcome.files
    parts = file.new + file.changed + file.unchanged + file.withdrawn + file.empty + file.repeated + file.refused
    assert parts == file.rows
    assert file.refused == len(outcome.refused)
    assert CANARY not in outcome.model_dump_json()
    for each in reviews.coded(sample):
        for code in each.codes.values():
            assert code.sentiment in (None, *sheets.SENTIMENTS)
