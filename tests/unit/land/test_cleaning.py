"""Texts as they are landed: each once, in order, and whole whatever becomes of the processes that help."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from functools import cache
from pathlib import Path

import psutil
import pytest

from tests.fixtures.fft_files import write_csv
from wordround.collect import files
from wordround.deidentify import deidentify
from wordround.errors import UnexpectedColumns
from wordround.land import cleaning
from wordround.land.cleaning import Cleaned, Cleaner
from wordround.plain_text import plain
from wordround.settings import Settings
from wordround.understand.language import language_of
from wordround.worker_processes import stop

TEXTS = ["Kind staff", "Dr Okonkwo was rude", None, "ring 07700<br>900123", "Diolch yn fawr iawn", "donâ€™t wait"] * 40
TEXTS = [text and f"{text} {place // 6}" if place % 3 else text for place, text in enumerate(TEXTS)]


@cache
def right() -> list[Cleaned | None]:
    return [None if text is None else Cleaned(deidentify(plain(text)), language_of(text)) for text in TEXTS]


@pytest.fixture
def cleaner(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cleaning, "_WORTH_A_PROCESS", 20)
    monkeypatch.setattr(cleaning, "_PIECE", 7)
    monkeypatch.setattr(cleaning, "_MOST_REMEMBERED", 0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    made = Cleaner(())
    yield made
    made.close()


def _warmed(cleaner: Cleaner) -> None:
    until = time.monotonic() + 240
    cleaner.start_others()
    while not cleaner._pool.submit(cleaning._warm).result(timeout=240):
        assert time.monotonic() < until, "the process did not start"


def test_texts_come_out_in_their_order_and_each_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    one = Cleaner((), lambda text: looked_at.append(text) or deidentify(text))
    assert one.clean(TEXTS) == right()
    assert {found.language for found in right() if found} == {"en", "cy"}
    assert len(looked_at) == len({text for text in TEXTS if text is not None})


def test_without_processes_to_be_had_everything_is_cleaned_here(cleaner: Cleaner, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise FileNotFoundError("/dev/shm")

    monkeypatch.setattr(cleaning.worker_processes, "pool", refuse)
    assert cleaner.clean(TEXTS) == right()


def test_a_text_that_comes_again_in_a_later_chunk_is_not_looked_at_again() -> None:
    looked_at = []
    one = Cleaner((), lambda text: looked_at.append(text) or deidentify(text))
    assert [one.clean(TEXTS), one.clean(TEXTS[::-1])] == [right(), right()[::-1]]
    assert len(looked_at) == len({text for text in TEXTS if text is not None})


@pytest.mark.slow
def test_another_process_gives_the_same_and_its_death_loses_nothing(cleaner: Cleaner) -> None:
    _warmed(cleaner)
    assert cleaner.clean(TEXTS) == right()
    (helper,) = cleaner._pool._processes.values()
    os.kill(helper.pid, signal.SIGKILL)
    assert cleaner.clean(TEXTS) == right()
    assert cleaner.clean(TEXTS) == right()


PARENT = """
import os, time
from wordround.land import cleaning
os.sched_getaffinity = lambda _: {0, 1}
if __name__ == "__main__":
    one = cleaning.Cleaner(())
    one.start_others()
    one._pool.submit(cleaning._warm).result()
    print(next(iter(one._pool._processes)), flush=True)
    time.sleep(600)
"""


@pytest.mark.slow
def test_a_process_ends_with_the_one_that_started_it_also_where_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    parent = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        helper = psutil.Process(int(parent.stdout.readline()))
    finally:
        parent.kill()
        parent.wait()
    helper.wait(timeout=60)


@pytest.mark.slow
def test_processes_of_a_long_file_that_is_refused_end_with_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setattr(cleaning, "_SURELY_LONG", 1)
    # Of the system, not of the pool: its thread waits for the process as well, and one of two that wait is told late.
    monkeypatch.setattr(
        cleaning.worker_processes,
        "stop",
        lambda pool: started.extend(map(psutil.Process, pool._processes)) or stop(pool),
    )
    path = write_csv(tmp_path / "no columns.csv", [["1", "Kind staff"]], header=["Number", "Words"])
    with pytest.raises(UnexpectedColumns):
        files.land_file(settings, "fft", path, date(2026, 11, 21))
    (helper,) = started
    helper.wait(timeout=60)
