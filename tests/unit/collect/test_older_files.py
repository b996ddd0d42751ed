"""A drop folder whose files correct each other, read once and read again."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from tests.fixtures.feeding import feed, stored
from tests.fixtures.fft_files import row, write_csv
from tests.fixtures.manifests import without_checksum
from wordround import erasing
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


def test_what_a_file_from_elsewhere_has_corrected_stays_when_settings_change_and_nothing_is_refused(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with()
    drop(settings, "first.csv", row(1, good="Old words"), row(2, good="nil"))
    collect(settings)
    feed(settings, write_csv(tmp_path / "corrected.csv", [row(1, good="New words")]))
    settings = settings_with(("no_answer = []", 'no_answer = ["nil"]'))
    again = collect(settings)
    assert again.refused == ()
    assert again.warnings == (
        "first.csv: 1 comments read otherwise after the settings changed (or Wordround was updated): they were "
        "corrected in place and count once.",
        "first.csv: 1 rows were left as a later file has them, which is not in the drop folder and was read by "
        "earlier settings. Feed that file again, so that the settings of today hold for them too.",
    )
    assert "New words" in texts(settings) and not {"Old words", "nil"} & texts(settings)
    assert collect(settings).batches == (), "once, and not every day"
    # A warehouse that is made again from landing is the same.
    settings.warehouse_file.unlink()
    load.load(settings)
    assert "New words" in texts(settings) and "Old words" not in texts(settings)


ID = 'id = "Response ID"'


TURNED = (ID, 'score_direction = "5_is_best"')


def ratings(settings: Settings) -> list[tuple]:
    return stored(settings, "text, rating")


def test_rows_without_an_id_are_corrected_in_place_where_settings_change_what_they_mean(
    settings_with: Callable[..., Settings],
) -> None:
    settings = settings_with((ID, ""))
    # Short answers that are equal but for their scores: turned around, each is what another was.
    rows = [row(n, good="Good", better="", score=score) for n, score in enumerate("5542111")]
    drop(settings, "turned.csv", *rows, row(8, good="Kind staff", better="", score="4"))
    collect(settings)
    before = len(stored(settings))
    again = collect(settings_with(TURNED))
    assert again.refused == ()
    assert len(stored(settings)) == before
    scores = sorted(rating for text, rating in ratings(settings) if text == "Good")
    assert scores == [1, 1, 2, 4, 5, 5, 5]
    assert ("Kind staff", 2) in ratings(settings)
    assert "comments read otherwise after the settings changed" in again.warnings[0]
    collect(settings_with((ID, "")))
    assert sorted(rating for text, rating in ratings(settings) if text == "Good") == [1, 1, 1, 2, 4, 5, 5]
    settings.warehouse_file.unlink()
    load.load(settings)
    assert len(stored(settings)) == before


def test_files_without_an_id_that_overlap_are_corrected_together_and_a_later_one_is_known(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with((ID, ""))
    rows = [row(n, good=f"Kind staff {n}", better="", score="5") for n in range(4)]
    drop(settings, "a.csv", *rows[:3])
    drop(settings, "b.csv", *rows)
    collect(settings)
    settings = settings_with(TURNED)
    assert collect(settings).refused == ()
    assert ratings(settings).count(("Kind staff 3", 1)) == 1
    assert sorted(text for (text,) in stored(settings) if text) == [f"Kind staff {n}" for n in range(4)]
    rows.append(row(9, good="Something new", better="", score="1"))
    account = feed(settings, write_csv(tmp_path / "c.csv", rows))
    assert (account["rows"]["loaded"], account["rows"]["unchanged"]) == (1, 4)


def landed_without_numbers(settings: Settings) -> None:
    """As versions before numbers of rows landed them."""
    for path in settings.landing.glob("*/*/*.parquet"):
        table = pq.read_table(path)
        pq.write_table(table.drop_columns("row_number").replace_schema_metadata(table.schema.metadata), path)
        without_checksum(path)


def test_rows_that_were_landed_without_their_numbers_are_paired_in_order_or_refused(
    settings_with: Callable[..., Settings],
) -> None:
    settings = settings_with((ID, ""))
    rows = [row(n, good=f"Kind staff {n}", better="", score="5") for n in range(3)]
    drop(settings, "whole.csv", *rows)
    drop(settings, "part.csv", row(5, good="Fine", score="1"), row(6, date="03/04/2026", good="Unclear day", score="1"))
    collect(settings)
    landed_without_numbers(settings)
    settings.warehouse_file.unlink()
    load.load(settings)
    before = len(stored(settings))
    again = collect(settings_with(TURNED, ('date_order = "evidence"', 'date_order = "day_first"')))
    assert [refusal[:24] for refusal in again.refused] == ["ReadOtherwise: part.csv:"]
    assert len(stored(settings)) == before
    assert ("Kind staff 2", 1) in ratings(settings) and ("Fine", 1) in ratings(settings)


def test_an_id_column_that_is_named_later_makes_no_second_comments(settings_with: Callable[..., Settings]) -> None:
    settings = settings_with((ID, ""))
    drop(settings, "a.csv", *[row(n, good=f"Kind staff {n}") for n in range(3)])
    collect(settings)
    before = len(stored(settings))
    assert collect(settings_with()).refused == ()
    assert len(stored(settings)) == before


def test_what_was_erased_stays_away_where_settings_change_what_rows_mean(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with((ID, ""))
    rows = [row(n, good=f"Kind staff {n}", better="", score="5") for n in range(3)]
    rows.append(row(8, date="03/04/2026", good="Unclear day", better="", score="5"))
    path = write_csv(tmp_path / "from elsewhere.csv", rows)
    feed(settings, path)
    (one,) = {comment_id for comment_id, text in stored(settings, "comment_id, text") if text == "Kind staff 1"}
    erasing.erase(settings, erasing.Request("comment", None, (one,)))
    settings = settings_with(TURNED, ('date_order = "evidence"', 'date_order = "day_first"'))
    account = feed(settings, path)
    assert account["rows"]["erased"] == 1
    assert texts(settings) == {"Kind staff 0", "Kind staff 2", "Unclear day"}
    # In another notation too, from now on.
    feed(
        settings,
        write_csv(
            tmp_path / "b.csv", [[*one[:1], one[1].replace("2026-09-14", "14/09/2026"), *one[2:]] for one in rows]
        ),
    )
    assert texts(settings) == {"Kind staff 0", "Kind staff 2", "Unclear day"}


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


def test_an_erasure_names_files_that_came_from_elsewhere(settings: Settings, tmp_path: Path) -> None:
    drop(settings, "here.csv", row(1, good="From the folder"))
    collect(settings)
    feed(settings, write_csv(tmp_path / "Derek Ogglesby May.csv", [row(2, good="From elsewhere")]))
    by_text = {text: comment_id for comment_id, text in stored(settings, "comment_id, text")}
    erased = erasing.erase(settings, erasing.Request("comment", None, (by_text["From elsewhere"],)))
    (named,) = erased["may_lie_elsewhere"]
    assert "was fed from outside the drop folders" in named and "SHA-256" in named
    assert "Ogglesby" not in named
    erased = erasing.erase(settings, erasing.Request("comment", None, (by_text["From the folder"],)))
    assert "may_lie_elsewhere" not in erased
    assert erased["drop_folder_files_removed"] == ["here.csv"]
