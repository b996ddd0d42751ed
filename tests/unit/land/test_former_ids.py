"""Rows that an earlier version landed under other ids: they keep them until they come again, and then have one id."""

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.fixtures.feeding import TODAY, feed, stored, texts
from tests.fixtures.fft_files import csv_text, row
from wordround import erasing
from wordround.collect import files
from wordround.connectors.files import formats, reading, row_keys, workbooks
from wordround.connectors.files.cells import Row, as_cell, written
from wordround.erasing import key_rotation
from wordround.land import former_ids
from wordround.settings import Settings
from wordround.warehouse import load

TABLES = Path(__file__).parents[2] / "fixtures" / "tables"
LAYOUT = """
[sources.fft.layouts.without_id]
date = "Date"
score = "Score"
locations = ["Ward"]
answer = "Comment"
"""
HEADER = ["Date", "Ward", "Score", "Comment"]
ANSWERS = [
    ["2026-09-14", "Birch Ward", "1", "The staff were patient with me and my mum"],
    ["2026-09-15", "Alder Ward", "2", "Waited three hours and nobody said why"],
    ["2026-09-15", "Alder Ward", "2", "Waited three hours and nobody said why"],
]


def answers(path: Path, dated: str = "{2}/{1}/{0}") -> Path:
    """The same answers in a notation of their dates."""
    rows = [[dated.format(*day.split("-")), *rest] for day, *rest in ANSWERS]
    path.write_text(csv_text(rows, HEADER), encoding="utf-8")
    return path


@pytest.fixture
def before() -> Iterator[Callable[[], None]]:
    """The rule of before: the cells of a row as they are written. Call what is returned to end it."""

    def by_cells(keys: row_keys.RowKeys, row: row_keys.Row, *_: object) -> row_keys.RowKey:
        cells = (written(keys._columns.as_written(row.cells, column)) for column in keys._layout.columns)
        return row_keys.RowKey(keys._numbered(*cells))

    def by_id(keys: row_keys.RowKeys, row: row_keys.Row, trust: str) -> row_keys.RowKey:
        return row_keys.RowKey(keys._within(trust, written(keys._columns.cell(row.cells, keys._layout.id)).strip()))

    with pytest.MonkeyPatch.context() as rule:
        rule.setattr(row_keys.RowKeys, "by_meaning", by_cells)
        rule.setattr(row_keys.RowKeys, "by_id", by_id)
        rule.setattr(files, "ROW_IDENTITY", None)
        yield rule.undo


def ids(settings: Settings) -> list[str]:
    return [one for (one,) in stored(settings, "comment_id")]


def landed_ids(settings: Settings) -> set[str]:
    tables = [pq.read_table(path, columns=["comment_id"]) for path in settings.landing.glob("*/*/*.parquet")]
    return {one for table in tables for one in table["comment_id"].to_pylist()}


def test_rows_of_before_are_known_again_and_what_stood_there_twice_is_one(
    settings_with: Callable[..., Settings],
    tmp_path: Path,
    before: Callable[[], None],
) -> None:
    settings = settings_with(added=LAYOUT)
    british, american = answers(tmp_path / "a.csv"), answers(tmp_path / "b.csv", "{0}-{1}-{2}")
    feed(settings, british)
    feed(settings, american)
    former = set(ids(settings))
    assert len(former) == 6
    before()
    account = feed(settings, british)
    assert (account["rows"]["loaded"], account["rows"]["updated"]) == (0, 3)
    assert len(ids(settings)) == 6
    account = feed(settings, american)
    assert account["rows"]["loaded"] == 0
    assert len(ids(settings)) == 3
    assert former.isdisjoint(ids(settings))
    # Nothing is left under a former id, in no file: an erasure finds each row under one id.
    assert landed_ids(settings) == set(ids(settings))
    assert not list(settings.landing.rglob("*.former.parquet"))
    # A warehouse that is made again from landing is the same.
    settings.warehouse_file.unlink()
    load.load(settings)
    assert set(ids(settings)) == landed_ids(settings)
    assert feed(settings, british)["rows"]["unchanged"] == 3


def test_a_row_that_was_erased_under_its_former_id_stays_erased(
    settings_with: Callable[..., Settings], tmp_path: Path, before: Callable[[], None]
) -> None:
    settings = settings_with(added=LAYOUT)
    path = answers(tmp_path / "a.csv")
    feed(settings, path)
    (one,) = {comment_id for comment_id, text in stored(settings, "comment_id, text") if text.startswith("The staff")}
    erasing.erase(settings, erasing.Request("comment", None, (one,)))
    before()
    assert feed(settings, path)["rows"]["erased"] == 1
    assert len(ids(settings)) == 2


def test_a_rotation_of_the_key_between_landing_and_loading_takes_the_pairs_along(
    settings_with: Callable[..., Settings], tmp_path: Path, before: Callable[[], None]
) -> None:
    settings = settings_with(added=LAYOUT)
    path = answers(tmp_path / "a.csv")
    feed(settings, path)
    before()
    manifest = files.land_file(settings, "fft", path, TODAY)
    assert manifest and former_ids.read_pairs(settings, manifest).num_rows == 3
    key_rotation.rotate(settings)
    load.load(settings)
    assert len(ids(settings)) == 3
    assert landed_ids(settings) == set(ids(settings))


@pytest.mark.parametrize("named", ["former", "today", "batch"])
def test_what_is_erased_while_its_new_id_waits_for_loading_does_not_come_back_under_it(
    settings_with: Callable[..., Settings], tmp_path: Path, before: Callable[[], None], named: str
) -> None:
    settings = settings_with(added=LAYOUT)
    path = answers(tmp_path / "a.csv")
    feed(settings, path)
    feed(settings, answers(tmp_path / "b.csv", "{0}-{1}-{2}"))
    former = {text: comment_id for comment_id, text in stored(settings, "comment_id, text")}
    before()
    manifest = files.land_file(settings, "fft", path, TODAY)
    assert manifest
    # The same answers in the other notation wait too: one row of today, two former ids.
    files.land_file(settings, "fft", tmp_path / "b.csv", TODAY)
    today = {row["text"]: row["comment_id"] for row in pq.read_table(settings.home / manifest.parquet).to_pylist()}
    gone = ANSWERS[0][3]
    request = {
        "former": erasing.Request("comment", None, (former[gone],)),
        "today": erasing.Request("comment", None, (today[gone],)),
        "batch": erasing.Request("file", "fft", (manifest.batch_id,)),
    }[named]
    erasing.erase(settings, request, lambda _: True)
    left = 0 if named == "batch" else 2
    for _ in range(2):
        load.load(settings)
        assert gone not in texts(settings)
        assert len(ids(settings)) == left
        settings.warehouse_file.unlink()


def test_an_id_that_was_written_as_a_fraction_is_brought_under_the_whole_number(
    settings: Settings, tmp_path: Path, before: Callable[[], None]
) -> None:
    path = tmp_path / "f.csv"
    path.write_text(csv_text([["101.0", *row()[1:]]]), encoding="utf-8")
    feed(settings, path)
    before()
    path.write_text(csv_text([["101", *row()[1:]]]), encoding="utf-8")
    account = feed(settings, path)
    assert (account["rows"]["loaded"], len(ids(settings))) == (0, 2)
    erased = erasing.erase(settings, erasing.Request("comment", "fft", ("101",)), lambda _: True)
    assert erased["comments"] == 2
    path.write_text(csv_text([["101.0", *row()[1:]]]), encoding="utf-8")
    assert feed(settings, path)["rows"]["erased"] == 2


def test_a_home_without_earlier_rows_has_nothing_to_bring_over(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with(added=LAYOUT)
    for _ in range(2):
        manifest = files.land_file(settings, "fft", answers(tmp_path / "a.csv"), TODAY)
        assert manifest and former_ids.read_pairs(settings, manifest) is None


def test_rows_of_merged_and_of_error_cells_are_known_again(
    settings_with: Callable[..., Settings], tmp_path: Path, before: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_it_was_read(chosen: workbooks._Sheet, *_: object) -> Iterator[Row]:
        for number, line in enumerate(list(chosen.sheet.iter_rows())[1:], 2):
            yield Row(number, [as_cell(cell) if cell != "" else None for cell in line])

    settings = settings_with(added=LAYOUT)
    names = ("a05_merged_ward.xlsx", "a09_error_cells.xlsx")
    with monkeypatch.context() as reader:
        # Not in a process of its own, where no rule of before holds.
        reader.setattr(reading, "_read_in_child", formats.read_table)
        reader.setattr(workbooks, "_rows", as_it_was_read)
        for name in names:
            feed(settings, TABLES / name)
    before()
    for name in names:
        # Saved again, so that its bytes say nothing.
        openpyxl.load_workbook(TABLES / name).save(tmp_path / name)
        feed(settings, tmp_path / name)
    assert len(ids(settings)) == 6 + 4
