"""A drop folder whose files correct each other, read once and read again."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from tests.fixtures.feeding import stored
from tests.fixtures.fft_files import row, write_csv
from wordround.collect import files
from wordround.settings import Settings
from wordround.warehouse import load

TODAY = date(2026, 11, 21)


def drop(settings: Settings, name: str, *rows: list[str]) -> Path:
    return write_csv(settings.home / "inbox" / "fft" / name, rows)


def collect(settings: Settings) -> files.FilesCollected:
    collected = files.collect(settings, "fft", TODAY)
    load.load(settings)
    return collected


def texts(settings: Settings) -> set[str]:
    return {text for (text,) in stored(settings) if text}


def test_corrections_are_made_again_where_the_settings_have_changed(settings_with: Callable[..., Settings]) -> None:
    settings = settings_with()
    drop(settings, "z first.csv", row(1, good="Old words"), row(2))
    collect(settings)
    drop(settings, "a corrected.csv", row(1, good="New words"))
    collect(settings)
    settings = settings_with(("no_answer = []", 'no_answer = ["nil"]'))
    again = collect(settings)
    assert (len(again.batches), again.refused) == (2, ())
    assert "New words" in texts(settings) and "Old words" not in texts(settings)


def test_an_older_file_whose_correction_is_gone_from_the_folder_is_named_and_left(
    settings_with: Callable[..., Settings],
) -> None:
    settings = settings_with()
    drop(settings, "first.csv", row(1, good="Old words"), row(2))
    collect(settings)
    corrected = drop(settings, "corrected.csv", row(1, good="New words"))
    collect(settings)
    corrected.unlink()
    again = collect(settings_with(("no_answer = []", 'no_answer = ["nil"]')))
    assert [refusal.split(":")[0] for refusal in again.refused] == ["OlderFile"]
    assert "New words" in texts(settings) and "Old words" not in texts(settings)


ID = 'id = "Response ID"'


def test_rows_without_an_id_that_other_settings_make_others_are_refused_and_never_count_twice(
    settings_with: Callable[..., Settings],
) -> None:
    settings = settings_with((ID, ""))
    drop(settings, "turned.csv", *[row(n, good=f"Kind staff {n}", better="", score="5") for n in range(6)])
    collect(settings)
    again = collect(settings_with((ID, 'score_direction = "5_is_best"')))
    assert [refusal.split(":")[0] for refusal in again.refused] == ["ReadOtherwise"]
    assert "12 of its rows" in again.refused[0]
    assert len(texts(settings)) == len([text for (text,) in stored(settings) if text]) == 6


def test_rows_without_an_id_that_could_not_be_read_come_once_the_settings_say_how(
    settings_with: Callable[..., Settings],
) -> None:
    settings = settings_with((ID, ""))
    drop(
        settings,
        "mixed.csv",
        row(1, good="Kind staff", better=""),
        row(2, good="Cold food", better="", date="03/04/2026"),
    )
    collect(settings)
    assert texts(settings) == {"Kind staff"}
    again = collect(settings_with((ID, ""), ('date_order = "evidence"', 'date_order = "day_first"')))
    assert again.refused == ()
    assert texts(settings) == {"Kind staff", "Cold food"}


def test_warnings_name_their_file(settings: Settings) -> None:
    drop(settings, "turned.csv", *[row(n, good=f"Wonderful kind staff, thank you {n}", score="5") for n in range(12)])
    (warning,) = collect(settings).warnings
    assert warning.startswith("turned.csv: Words and scores contradict each other")
