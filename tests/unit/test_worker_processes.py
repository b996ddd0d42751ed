"""Called from any program, Wordround's processes do not run that program again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.fft_files import row, write_csv
from wordround import pipeline
from wordround.folders import PROJECT

# What somebody writes who has read the documentation: no main guard. The first lines let a small file be worth
# processes, and wait until one has begun.
PROGRAM = """
import os
os.write(int(os.environ["RUNS"]), b"run ")
os.sched_getaffinity = lambda _: {0, 1}
from wordround import worker_processes
from wordround.land import batch, cleaning
batch._ROWS_PER_BATCH, cleaning._WORTH_A_PROCESS = 40, 20
start = worker_processes.pool
def pool(*arguments):
    executor = start(*arguments)
    os.write(int(os.environ["RUNS"]), b"helper " if executor.submit(os.getppid).result() == os.getpid() else b"other ")
    return executor

worker_processes.pool = pool
from datetime import date
from pathlib import Path
from wordround import pipeline
from wordround.settings import load_settings
outcome = pipeline.ingest(load_settings(), "fft", date(2026, 11, 21))
print("in:", outcome["rows"]["in"])
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["script", "module", "standard input", "interactive"])
def test_a_program_without_a_main_guard_is_run_once_and_lands_its_file_once(how, settings, tmp_path: Path) -> None:
    write_csv(settings.home / "inbox" / "fft" / "answers.csv", [row(n, good=f"Kind nurse {n}") for n in range(100)])
    (tmp_path / "own_program.py").write_text(PROGRAM)
    arguments, typed = {
        "script": (["own_program.py"], None),
        "module": (["-m", "own_program"], None),
        "standard input": (["-"], PROGRAM),
        "interactive": (["-i"], PROGRAM),
    }[how]
    with (tmp_path / "runs").open("w+b") as runs:
        variables = {**os.environ, "WORDROUND_HOME": str(settings.home), "RUNS": str(runs.fileno())}
        variables["WORDROUND_CONFIG"] = str(PROJECT / "wordround.toml")
        done = subprocess.run(
            [sys.executable, *arguments],
            input=typed, cwd=tmp_path, env=variables, pass_fds=[runs.fileno()],
            capture_output=True, text=True, timeout=1200, check=False,
        )  # fmt: skip
        assert "in: 200" in done.stdout, done.stderr
        runs.seek(0)
        assert runs.read() == b"run helper "
    assert len(list(settings.landing.rglob("*.json"))) == 1
    assert pipeline.load(settings)["batches"] == []
