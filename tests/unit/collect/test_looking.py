"""A look at a file says what taking it then does, and leaves nothing behind."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.fixtures.feeding import stored
from tests.fixtures.fft_files import row, write_csv
from wordround import pipeline
from wordround.errors import UnexpectedColumns
from wordround.settings import Settings

TODAY = date(2026, 11, 21)
PARTS = ("landing", "quarantine", "erasure", "vault")


def kept(settings: Settings) -> list[Path]:
    return [path for part in PARTS for path in (settings.home / part).rglob("*") if path.is_file()]


def look(settings: Settings, path: Path, called: str | None = None) -> dict[str, object]:
    return pipeline.look(settings, "fft", TODAY, path, called)


def test_it_says_what_taking_the_file_does_and_leaves_nothing(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with()
    rows = [row(1, good="Kind staff"), row(2), row(3, date="31/02/2026"), row(1, good="Kind staff")]
    path = write_csv(tmp_path / "November.csv", rows)
    looked = look(settings, path)
    assert kept(settings) == [] and not settings.warehouse_file.exists()
    assert (looked["known"], looked["file"], looked["layout"]) == (0, "November.csv", "fernvale")
    taken = pipeline.ingest(settings, "fft", TODAY, path)
    rows_taken = taken["rows"]
    would, quarantined = looked["rows"], looked["quarantine"]
    assert (would["landed"] + would["no_answer"], would["quarantined"], would["repeated"]) == (
        rows_taken["loaded"] + rows_taken["no_answer"], rows_taken["quarantined"], rows_taken["unchanged"],
    )  # fmt: skip
    assert quarantined == taken["quarantine"]
    before, content = kept(settings), stored(settings)
    again = look(settings, path)
    assert again["known"] == again["comments"] and again["comments"] == looked["comments"]
    assert (kept(settings), stored(settings)) == (before, content)


def test_it_names_columns_places_and_days(settings_with: Callable[..., Settings], tmp_path: Path) -> None:
    looked = look(settings_with(), write_csv(tmp_path / "a.csv", [row(1, good="Kind"), row(2, good="Fine")]))
    read_as = {each["name"]: each["read_as"] for each in looked["columns"]}
    assert read_as["Date received"] == "date" and read_as["Site"] == "place 1"
    assert read_as["What could we do better?"] == "answer (could_improve)"
    assert sum(each["comments"] for each in looked["places"]) == looked["comments"]
    assert looked["first_date"] and looked["first_date"] <= looked["last_date"]


def test_a_file_that_cannot_be_taken_is_refused_as_if_it_were(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with()
    path = tmp_path / "holiday.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UnexpectedColumns, match=r"holiday\.csv"):
        look(settings, path)
    with pytest.raises(UnexpectedColumns, match=r"other\.csv"):
        look(settings, path, "other.csv")
    assert kept(settings) == []
