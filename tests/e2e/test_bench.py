"""The programs of `make bench` at a tiny size: that they run and measure all that they print. No time is judged."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(scope="module")
def bench() -> Any:
    sys.path.insert(0, str(BENCH))
    try:
        import chain
        import measuring
        import understanding
    finally:
        sys.path.remove(str(BENCH))
    return SimpleNamespace(chain=chain, child=measuring.child, understanding=understanding)


@pytest.fixture(scope="module")
def answers(bench: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(bench.chain.sample(600, tmp_path_factory.mktemp("answers")))


def test_each_part_of_understanding_is_measured_beside_the_plain_loop_and_the_recipe(bench: Any, answers: str) -> None:
    found = bench.child(bench.understanding.PARTS, answers)
    assert found["texts"] > 100 and found["characters"] > 10 and found["peak_mb"] > 0
    assert len(found["seconds"]) == 5 and all(seconds > 0 for seconds in found["seconds"].values())
    assert bench.child(bench.understanding.TWO_CORES, answers)["seconds"] > 0


@pytest.mark.parametrize("program", ["PLAIN_LOOP", "LONG_TEXTS", "COPIES"])
def test_the_plain_loop_long_texts_and_copies_are_measured(bench: Any, answers: str, program: str) -> None:
    assert all(figure > 0 for figure in bench.child(getattr(bench.chain, program), answers).values())


def test_how_much_all_cores_do_at_once_is_measured(bench: Any, answers: str) -> None:
    assert bench.chain.cores_at_once(Path(answers)) > 0


def test_de_identification_is_measured_beside_presidio_and_the_plain_loop(bench: Any) -> None:
    found = bench.child(bench.chain.DEIDENTIFY, "240")
    assert all(found[name] > 0 for name in ("ours", "presidio", "vader", "characters"))


def test_the_chain_is_measured_step_by_step(bench: Any, answers: str, tmp_path: Path) -> None:
    found = bench.child(bench.chain.CHAIN, answers, home=tmp_path / "home")
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


def run(*arguments: object) -> str:
    command = [sys.executable, BENCH / "run.py", *arguments]
    done = subprocess.run(list(map(str, command)), cwd=BENCH.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_figures_are_kept_and_stand_beside_the_last_ones(tmp_path: Path) -> None:
    kept = tmp_path / "results.jsonl"
    first = run("--only", "conversation", "--posts", 400, "--results", kept)
    run("--only", "settings", "--results", kept)
    again = run("--only", "settings", "--results", kept)
    runs = [json.loads(line) for line in kept.read_text().splitlines()]
    assert "conversation of 400 posts: summarised, s" in first and "now / last" in again
    assert [set(each["figures"]) for each in runs[1:]] == 2 * [{"settings, s of CPU", "wordround --help, s"}]
    assert all(each["commit"] and each["machine"]["cores"] and each["versions"]["duckdb"] for each in runs)
    ratio = runs[2]["figures"]["settings, s of CPU"] / runs[1]["figures"]["settings, s of CPU"]
    assert f"{ratio:.2f}" in again
