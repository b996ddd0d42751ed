"""What an erasure finds outside the data home, and in files of other programs: removed, or named every time."""

import gzip
import json
import os
from datetime import date
from pathlib import Path

import pytest

from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.several_trusts import lay
from wordround import erasing, pipeline, trusts
from wordround.doctor import sources
from wordround.erasing import Request, drop_folders, tool_files
from wordround.settings import Settings, load_settings

TODAY = date(2026, 11, 21)
TEXT = "The consultant on the late shift took half an hour to explain everything"
ROW = Request("comment", "fft", ("RX0001-of-the-form",))


def yes(_: int) -> bool:
    return True


def feed(settings: Settings, folder: Path) -> Path:
    path = write_csv(folder / "first.csv", [["RX0001-of-the-form", *form(1, good=TEXT)[1:]]])
    pipeline.collect(settings, "fft", TODAY)
    pipeline.load(settings)
    return path


@pytest.fixture
def fed(settings: Settings) -> Settings:
    feed(settings, settings.home / "inbox" / "fft")
    return settings


def test_a_file_in_a_drop_folder_outside_the_home_is_named_until_it_is_gone(settings_with, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere"
    settings = settings_with(('drop_folder = "inbox/fft"', f'drop_folder = "{outside}"'))
    path = feed(settings, outside)
    (problem,) = erasing.erase(settings, ROW, yes)["refused"]
    assert problem.startswith(f"{outside}/first.csv: brought a comment that was erased")
    assert "outside WORDROUND_HOME" in problem
    assert path.exists()
    assert erasing.erase(settings, ROW, yes)["refused"] == [problem], "it is still there"
    path.unlink()
    assert "refused" not in erasing.erase(settings, ROW, yes)


def test_a_folder_that_is_a_link_out_of_the_home_is_outside(settings: Settings, tmp_path: Path) -> None:
    outside = tmp_path / "share"
    outside.mkdir()
    (settings.home / "inbox").mkdir(parents=True)
    (settings.home / "inbox" / "fft").symlink_to(outside)
    path = feed(settings, outside)
    assert "outside WORDROUND_HOME" in erasing.erase(settings, ROW, yes)["refused"][0]
    assert path.exists()
    (finding,) = [one for one in sources.sources(settings) if "inbox/fft" in one.subject]
    assert finding.state == "attention"


def test_a_link_to_a_file_goes_and_what_it_leads_to_is_named(settings: Settings, tmp_path: Path) -> None:
    original = write_csv(tmp_path / "original.csv", [["RX0001-of-the-form", *form(1, good=TEXT)[1:]]])
    link = settings.home / "inbox" / "fft" / "first.csv"
    link.parent.mkdir(parents=True)
    link.symlink_to(original)
    pipeline.collect(settings, "fft", TODAY)
    outcome = erasing.erase(settings, ROW, yes)
    assert (os.path.lexists(link), original.exists()) == (False, True)
    assert "what it leads to stays" in outcome["refused"][0]


def test_a_file_with_a_second_name_is_named(fed: Settings, tmp_path: Path) -> None:
    os.link(fed.home / "inbox/fft/first.csv", tmp_path / "second.csv")
    assert "hard link" in erasing.erase(fed, ROW, yes)["refused"][0]


def test_a_share_within_the_home_is_named_for_what_it_may_keep(fed: Settings, monkeypatch) -> None:
    share = "is a share or a file system of its own, which may keep snapshots or a recycle bin"
    monkeypatch.setattr(drop_folders, "beyond", lambda *_: share)
    outcome = erasing.erase(fed, ROW, yes)
    assert outcome["where"]["drop_folder_files"] == 1
    assert share in outcome["refused"][0]


def test_the_file_system_of_a_folder_is_compared_with_that_of_the_home(fed: Settings) -> None:
    folder = fed.home / "inbox" / "fft"
    assert drop_folders.beyond(fed, folder) is None
    elsewhere = Path("/dev/shm")
    if elsewhere.is_dir() and elsewhere.stat().st_dev != fed.home.stat().st_dev:
        at_home = fed.model_copy(update={"environment": fed.environment.model_copy(update={"home": Path("/")})})
        assert "file system of its own" in str(drop_folders.beyond(at_home, elsewhere))


def plant(home: Path, place: str, content: bytes) -> Path:
    path = home / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


SAID = f"asked to erase {ROW.values[0]}".encode()


@pytest.mark.parametrize(
    ("place", "content"),
    [
        ("dbt/target/run_results.json", json.dumps({"args": f"erase {ROW.values[0]}"}).encode()),
        ("dbt/logs/dbt.log", b"x" * (1 << 20) + SAID),
        ("dbt/logs/dbt.log.1", b"x" * ((1 << 20) - 9) + SAID),
        ("quality/data_docs/page.html", TEXT.encode()),
        ("dbt/spill-of-old/duckdb_temp_block-1.block", TEXT.encode()),
        ("moved-away.duckdb.wal", TEXT.encode()),
        ("airflow/logs/dag_id=x/task.log", SAID),
        ("airflow/logs/old.log.gz", gzip.compress(SAID, mtime=0)),
        ("dbt/logs/wide.log", ROW.values[0].encode("utf-16-le")),
    ],
)
def test_a_file_of_a_tool_that_holds_what_was_erased_goes(fed: Settings, place: str, content: bytes) -> None:
    planted = plant(fed.home, place, content)
    other = plant(fed.home, f"{Path(place).parent}/other.json", b"nothing of it")
    outcome = erasing.erase(fed, ROW, yes)
    assert (planted.exists(), other.exists()) == (False, True)
    assert outcome["where"]["tool_files"] == 1
    assert "refused" not in outcome


@pytest.mark.parametrize("place", ["airflow/airflow.db", "notes of somebody.txt", "airflow/logs/broken.log.gz"])
def test_a_file_that_nothing_writes_anew_stays_and_is_named(fed: Settings, place: str) -> None:
    planted = plant(fed.home, place, SAID)
    outcome = erasing.erase(fed, ROW, yes)
    assert planted.exists()
    assert outcome["refused"][0].startswith(f"{place}: holds what was erased, or may hold it")
    assert ROW.values[0] not in outcome["refused"][0]


def test_after_a_rebuild_the_files_of_tools_are_searched_once_more(fed: Settings, monkeypatch) -> None:
    target = fed.home / "dbt" / "target" / "run_results.json"
    monkeypatch.setattr(pipeline, "rebuild", lambda _: plant(fed.home, "dbt/target/run_results.json", SAID) and {})
    outcome = pipeline.erase(fed, ROW, yes)
    assert (target.exists(), outcome["where"]["tool_files"]) == (False, 1)


def test_no_link_is_followed_and_short_words_are_not_sought(settings: Settings, tmp_path: Path) -> None:
    outside = tmp_path / "log.txt"
    outside.write_bytes(SAID)
    (settings.home / "dbt").mkdir(parents=True)
    (settings.home / "dbt" / "log.txt").symlink_to(outside)
    assert tool_files.search(settings, ROW.values) == (0, [])
    plant(settings.home, "dbt/target/manifest.json", b"101")
    assert tool_files.search(settings, ["101"]) == (0, [])
    plant(settings.home, "dbt/target/manifest.json", b"Communication, Nothing at all")
    assert tool_files.search(settings, [], ["Communication", "Nothing at all"]) == (0, [])
    assert outside.exists()


def test_of_several_trusts_the_airflow_of_all_is_searched_too_and_no_other_trusts_home(
    tmp_path: Path, monkeypatch
) -> None:
    for name in [name for name in os.environ if name.startswith("WORDROUND_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WORDROUND_TRUSTS", str(tmp_path))
    before = dict(os.environ)
    for name in ("rab", "rcd"):
        lay(tmp_path, name)
    log = plant(tmp_path, ".airflow/logs/dag_id=ingest_daily__rab/task.log", SAID)
    database = plant(tmp_path, ".airflow/airflow.db", SAID)
    of_another = plant(tmp_path, "rcd/data/dbt/logs/dbt.log", SAID)
    try:
        trusts.enter("rab")
        removed, left = tool_files.search(load_settings(), ROW.values)
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert (removed, log.exists(), database.exists(), of_another.exists()) == (1, False, True, True)
    (problem,) = left
    assert problem.startswith(".airflow/airflow.db: holds what was erased, or may hold it")
