"""The programs of `make bench` at a tiny size: that they run and measure all that they print. No time is judged."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(scope="module")
def bench() -> Any:
    sys.path.insert(0, str(BENCH))
    try:
        import bench  # noqa: I001 - understanding imports it
        import understanding
    finally:
        sys.path.remove(str(BENCH))
    bench.understanding = understanding
    return bench


@pytest.fixture(scope="module")
def answers(bench: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(bench.sample(600, tmp_path_factory.mktemp("answers")))


def test_each_part_of_understanding_is_measured_beside_the_plain_loop_and_the_recipe(bench: Any, answers: str) -> None:
    found = bench.child(bench.understanding.PARTS, answers)
    assert found["texts"] > 100 and found["characters"] > 10 and found["peak_mb"] > 0
    assert len(found["seconds"]) == 5 and all(seconds > 0 for seconds in found["seconds"].values())
    assert bench.child(bench.understanding.TWO_CORES, answers)["seconds"] > 0


@pytest.mark.parametrize("program", ["PLAIN_LOOP", "LONG_TEXTS", "COPIES"])
def test_the_plain_loop_long_texts_and_copies_are_measured(bench: Any, answers: str, program: str) -> None:
    assert all(figure > 0 for figure in bench.child(getattr(bench, program), answers).values())


def test_de_identification_is_measured_beside_presidio_and_the_plain_loop(bench: Any) -> None:
    found = bench.child(bench.DEIDENTIFY, "240")
    assert all(found[name] > 0 for name in ("ours", "presidio", "vader", "characters"))


def test_the_chain_is_measured_step_by_step(bench: Any, answers: str, tmp_path: Path) -> None:
    found = bench.child(bench.CHAIN, answers, home=tmp_path / "home")
    assert sum(found["rows"].values()) > 0
    assert {"ingest", "understand", "build", "publish"} <= set(found["steps"])


@pytest.mark.parametrize("program", ["asking.py", "reporting.py"])
def test_the_programs_that_take_a_size_end_well(program: str) -> None:
    size = {"asking.py": "300", "reporting.py": "8"}[program]
    done = subprocess.run(
        [sys.executable, str(BENCH / program), size], cwd=BENCH.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip()
