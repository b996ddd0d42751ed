"""Two runs at once, by hand and on schedule: nothing is landed twice, and a source that costs is asked once."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.fixtures.fft_files import row, write_csv
from tests.fixtures.social import SECRETS, asking_bluesky
from wordround import pipeline
from wordround.collect import files, queries
from wordround.collect.locking import source_lock
from wordround.demo.standins.bluesky import Bluesky
from wordround.demo.standins.world import posts
from wordround.errors import AlreadyCollected
from wordround.land.manifests import landed
from wordround.settings import Settings

TODAY = date(2026, 11, 21)
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)

# Begins only once the other one is ready too.
COLLECTING = """
import sys, time
from datetime import date
from pathlib import Path
from wordround import pipeline
from wordround.settings import load_settings
ready = Path(sys.argv[1])
ready.touch()
while len(list(ready.parent.iterdir())) < 2:
    time.sleep(0.01)
outcome = pipeline.collect(load_settings(), "fft", date(2026, 11, 21))
print(len(outcome["batches"]), outcome["files_already_landed"])
"""

HOLDING = """
import sys, time
from wordround.collect.locking import source_lock
from wordround.settings import load_settings
with source_lock(load_settings(), "fft"):
    print("held", flush=True)
    time.sleep(600)
"""


def program(text: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", text, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def impatient(settings: Settings) -> Settings:
    return settings.model_copy(update={"environment": settings.environment.model_copy(update={"wait_seconds": 1})})


def drop(settings: Settings, name: str, first: int) -> None:
    write_csv(
        settings.home / "inbox" / "fft" / name, [row(n, good=f"Kind nurse {n}") for n in range(first, first + 50)]
    )


def test_two_programs_that_collect_files_at_once_land_each_file_once(settings: Settings, tmp_path: Path) -> None:
    for number in range(6):
        drop(settings, f"week-{number}.csv", 100 * number)
    (tmp_path / "ready").mkdir()
    runs = [program(COLLECTING, str(tmp_path / "ready" / name)) for name in "ab"]
    said = sorted(run.communicate(timeout=1200) for run in runs)
    assert [out.split() for out, _ in said] == [["0", "6"], ["6", "0"]], said
    assert len(list(landed(settings))) == 6
    assert pipeline.load(settings)["rows"]["in"] == 6 * 50 * 2


def test_two_runs_at_once_ask_a_source_once(settings_with, monkeypatch: pytest.MonkeyPatch) -> None:
    with Bluesky(posts(140, until=NOW, every=timedelta(hours=1))) as standin:
        trust = asking_bluesky(standin, settings_with, monkeypatch, (NOW - timedelta(days=6)).date())
        together = threading.Barrier(2)

        def collect(_: int) -> queries.AnswersCollected:
            together.wait()
            return queries.collect(trust, "bluesky", NOW.date(), SECRETS)

        with ThreadPoolExecutor(2) as two:
            outcomes = sorted(two.map(collect, range(2)), key=lambda outcome: outcome.queries["tag"].rows)
    again, first = (outcome.queries["tag"] for outcome in outcomes)
    assert first.rows >= 140
    (window,) = again.windows
    (covered,) = first.windows
    assert window.asked_from > covered.asked_from + timedelta(days=3), "only the latest stretch, as every run does"
    assert again.rows < first.rows / 2


def test_by_hand_waits_for_its_turn_and_says_which_source_it_waited_for(settings: Settings) -> None:
    drop(settings, "week.csv", 0)
    is_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with source_lock(settings, "fft"):
            is_held.set()
            may_end.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait()
    for collect in (
        lambda: pipeline.collect(impatient(settings), "fft", TODAY),
        lambda: pipeline.ingest(impatient(settings), "fft", TODAY, settings.home / "inbox" / "fft" / "week.csv"),
    ):
        with pytest.raises(AlreadyCollected, match=r"fft: another run .* 1 seconds \(WORDROUND_WAIT_SECONDS\)"):
            collect()
    assert list(landed(settings)) == []
    threading.Timer(0.5, may_end.set).start()
    assert len(pipeline.collect(settings, "fft", TODAY)["batches"]) == 1
    holder.join()


def test_a_run_that_is_killed_leaves_no_lock(settings: Settings) -> None:
    drop(settings, "week.csv", 0)
    holder = program(HOLDING)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(AlreadyCollected):
        pipeline.collect(impatient(settings), "fft", TODAY)
    holder.kill()
    holder.wait()
    began = time.monotonic()
    assert len(pipeline.collect(impatient(settings), "fft", TODAY)["batches"]) == 1
    assert time.monotonic() - began < 60


def test_a_file_that_another_machine_has_landed_meanwhile_is_not_landed_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk hides the locks of other machines."""
    drop(settings, "week.csv", 0)
    monkeypatch.setattr(files, "source_lock", lambda *_: nullcontext())
    direction, others = files.ScoreDirection, []

    def meanwhile() -> files.ScoreDirection:
        monkeypatch.setattr(files, "ScoreDirection", direction)
        others.append(files.collect(settings, "fft", TODAY))
        return direction()

    monkeypatch.setattr(files, "ScoreDirection", meanwhile)
    outcome = files.collect(settings, "fft", TODAY)
    assert (outcome.batches, outcome.files_already_landed) == ((), 1)
    assert [one.batch_id for one in landed(settings)] == list(others[0].batches)
    assert not list(settings.landing.rglob(".draft-*"))
