"""What the command line imports before it knows what is wanted: whoever asks for help waits for nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SLOW = ("pydantic", "wordround.settings", "wordround.pipeline", "duckdb", "pyarrow", "numpy", "sqlalchemy", "httpx")


def imported(code: str, home: Path) -> set[str]:
    """Return which slow modules a program of its own has imported."""
    told = f"import sys, json\n{code}\nsys.stderr.write(json.dumps(sorted(sys.modules)))"
    environment = {**os.environ, "WORDROUND_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, env=environment, check=True)
    return set(json.loads(done.stderr)).intersection(SLOW)


def asking(*words: str) -> str:
    return f"from wordround.cli import app\ntry:\n    app({list(words)!r})\nexcept SystemExit:\n    pass"


@pytest.mark.parametrize("words", [("--help",), ("load", "--help"), ("alerts", "--help"), ("--version",)])
def test_help_waits_for_nothing_that_takes_long_to_import(words: tuple[str, ...], tmp_path: Path) -> None:
    # Of a verb that takes anything typer itself looks at the types by pydantic.
    assert imported(asking(*words), tmp_path) - ({"pydantic"} if len(words) > 1 else set()) == set()


def test_the_verbs_of_sources_are_there_once_they_are_asked_for(tmp_path: Path) -> None:
    made = "from wordround.cli import app, ingest\nassert 'fft' in ingest._verbs() and 'x' in ingest._verbs()"
    assert "pydantic" in imported(made, tmp_path)


def test_the_doctor_imports_nothing_that_reads_comments(tmp_path: Path) -> None:
    assert imported(asking("doctor"), tmp_path).isdisjoint({"pyarrow", "numpy", "httpx"})
