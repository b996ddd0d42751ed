"""Rows of Friends and Family files: which comment each is, however often and in whatever state it is fed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.fixtures.feeding import TODAY, feed, stored, texts
from tests.fixtures.fft_files import csv_text, row, write_csv
from wordround.connectors.fft import connector as fft
from wordround.connectors.files import forms
from wordround.settings import Settings

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def test_a_file_fed_twice_adds_nothing(settings: Settings, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [row(1), row(2)])
    feed(settings, path)
    before = stored(settings, "*")
    assert feed(settings, path)["rows"] == {
        "in": 4, "loaded": 0, "updated": 0, "unchanged": 4, "no_answer": 0, "quarantined": 0, "erased": 0,
        "reshared": 0, "refused": 0,
    }  # fmt: skip
    assert stored(settings, "*") == before


def test_a_file_that_is_too_long_to_be_kept_reads_the_same(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(n, date=f"{n:02}/09/2026") for n in range(1, 21)]
    path = write_csv(tmp_path / "f.csv", [*rows, ["F1", "cut short"], [*row(21), "", ""], row(3)])

    def read() -> tuple[list[object], dict[str, int], dict[str, str]]:
        with path.open("rb") as file:
            reader = fft.Reader(path, file, settings.sources.fft, "XFV", TODAY)
            return list(reader.items()), dict(reader.notes), reader.date_orders

    kept = read()
    assert len(kept[0]) == 45
    monkeypatch.setattr(forms, "_MOST_CELLS_KEPT", 50)
    assert read() == kept
    monkeypatch.setattr(forms, "_MOST_CELLS_KEPT", 10_000)
    monkeypatch.setattr(forms, "_MOST_CHARACTERS_KEPT", 900)
    assert read() == kept


def test_a_corrected_file_updates_its_rows_and_only_those(settings: Settings, tmp_path: Path) -> None:
    feed(settings, write_csv(tmp_path / "f.csv", [row(1), row(2)]))
    outcome = feed(settings, write_csv(tmp_path / "g.csv", [row(1, better="More parking"), row(2)]))
    assert (outcome["rows"]["updated"], outcome["rows"]["unchanged"]) == (1, 3)
    assert "More parking" in texts(settings)
    assert len(texts(settings)) == 4


def test_without_an_id_column_equal_rows_all_count_and_a_grown_file_adds_only_what_is_new(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with(('id = "Response ID"\n', ""))
    same = row(1, good="Good", better="Nothing")
    feed(settings, write_csv(tmp_path / "f.csv", [same, same]))
    outcome = feed(settings, write_csv(tmp_path / "g.csv", [same, same, same, row(2)]))
    assert (outcome["rows"]["loaded"], outcome["rows"]["unchanged"]) == (4, 4)
    assert outcome["notes"] == {"no_id_column_so_corrections_are_new_rows": 1}


def test_a_place_that_is_not_there_is_no_place(settings: Settings, tmp_path: Path) -> None:
    feed(settings, write_csv(tmp_path / "f.csv", [row(1, site="NaN", service="NULL"), row(2, service="N/A")]))
    assert {places[1] for places in stored(settings, "location_1, location_2")} == {None}


def test_two_answers_that_ask_for_the_same_are_two_comments(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    for without_ids in ((), (('id = "Response ID"\n', ""),)):
        settings = settings_with(('question_type = "could_improve"', 'question_type = "what_good"'), *without_ids)
        path = write_csv(tmp_path / "f.csv", [row(1), row(1 if without_ids else 2)])
        before = len(stored(settings))
        assert feed(settings, path)["rows"]["loaded"] == 4
        assert feed(settings, path)["rows"]["unchanged"] == 4
        assert len({comment for (comment,) in stored(settings, "comment_id")}) == before + 4


def test_an_id_given_twice_with_other_words_is_quarantined_and_a_repetition_is_unchanged(
    settings: Settings, tmp_path: Path
) -> None:
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(1), row(1), row(1, better="Other words")]))
    assert outcome["rows"] == {
        "in": 6,
        "loaded": 2,
        "updated": 0,
        "unchanged": 3,
        "no_answer": 0,
        "quarantined": 1,
        "erased": 0,
        "reshared": 0,
        "refused": 0,
    }


def test_no_native_id_is_written_anywhere(settings: Settings, tmp_path: Path) -> None:
    bad = row(2, date="31/02/2026")
    feed(settings, write_csv(tmp_path / "f.csv", [row(1), bad]))
    for path in settings.home.rglob("*"):
        assert path.is_dir() or b"F000" not in path.read_bytes(), path


def test_a_file_written_while_it_is_read_lands_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wordround.connectors.fft.connector import Reader
    from wordround.errors import FileChangedWhileRead

    path = write_csv(tmp_path / "f.csv", [row(1)])
    items = Reader.items

    def write_meanwhile(reader: Reader):
        yield from items(reader)
        with path.open("ab") as file:
            file.write(csv_text([row(2)]).splitlines(True)[1].encode())

    monkeypatch.setattr(Reader, "items", write_meanwhile)
    with pytest.raises(FileChangedWhileRead):
        feed(settings, path)
    assert not [path for path in settings.landing.rglob("*") if path.is_file()]


def test_a_file_replaced_while_it_is_read_is_read_as_it_was(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wordround.connectors.fft.connector import Reader

    path = write_csv(tmp_path / "f.csv", [row(1)])
    items = Reader.items

    def replace_meanwhile(reader: Reader):
        write_csv(tmp_path / "new.csv", [row(9, good="Another file")])
        (tmp_path / "new.csv").replace(path)
        yield from items(reader)

    monkeypatch.setattr(Reader, "items", replace_meanwhile)
    feed(settings, path)
    assert "Another file" not in texts(settings)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]))
@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_cells_hold_the_rows_reconcile(
    settings: Settings, tmp_path: Path, cells: list, line_end: str
) -> None:
    rows = [row(i, good=good, better=better, service=service, date=day or "2026-01-01")
            for i, (good, better, service, day) in enumerate(cells)]  # fmt: skip
    path = tmp_path / "wild.csv"
    path.write_bytes(csv_text(rows).replace("\r\n", line_end).encode())
    # The examples share a home: one may be older than another.
    assert feed(settings, path, older=True)["rows"]["in"] == 2 * len(rows)
