"""Results of `make bench`: one table beside the runs before, and a line of bench/results.jsonl for each run.

A line holds the machine, the versions, the commit and every figure by its name, which ends in its unit. The file is
this machine's own and is not committed: seconds of two machines say nothing of each other, and ratios little.
"""

import json
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from measuring import PROJECT, out
from rich.table import Table

Figures = dict[str, float]

# A figure of chain.py: ratios of two machines can be compared where it is the same.
CORES_AT_ONCE = "all cores at once, plain loops in the time of one"
SIZES = (10_000, 100_000, 1_000_000)
FILE = PROJECT / "bench" / "results.jsonl"
_PACKAGES = (
    "apache-airflow", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "numpy", "presidio-analyzer", "pyarrow",
)  # fmt: skip


class Last(NamedTuple):
    """The last figure of each name on this machine; when, at which commit and with what the newest was measured."""

    figures: Figures
    at: str
    commit: str
    machine: Mapping[str, int | str]
    versions: Mapping[str, str]
    load: float


def last(file: Path = FILE) -> Last:
    """Return what was kept last. Raises ValueError where nothing was."""
    runs = _runs(file, _where()["machine"])
    if not runs:
        raise ValueError(f"{file}: holds nothing of this machine. make bench measures it.")
    figures = {name: figure for run in runs for name, figure in run["figures"].items()}
    return Last(figures, *(runs[-1][name] for name in Last._fields[1:]))


def keep(figures: Figures, file: Path = FILE) -> None:
    """Print figures beside the last ones of their names on the same machine, and add them to the file."""
    run = {"at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", **_where(), "figures": figures}
    table = Table(title="Wordround, measured", title_justify="left")
    for heading in ("figure", "now", "last", "now / last", "last at"):
        table.add_column(heading, justify="left" if heading.startswith("f") else "right")
    before = _before(file, run["machine"])
    for name, figure in figures.items():
        beside = ("", "", "")
        if name in before:
            last, commit = before[name]
            beside = (_written(last), f"{figure / last:.2f}" if last else "", commit)
        table.add_row(name, _written(figure), *beside)
    out.print(table)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(run) + "\n")


def _written(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.2f}"


def _where() -> dict[str, object]:
    changed = "+" if _git("status", "--porcelain", "--untracked-files=no") else ""
    return {
        "commit": _git("rev-parse", "--short", "HEAD") + changed,
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": psutil.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 2**30),
        },
        # Other programs take of the machine meanwhile: seconds of a busy one are not to be compared.
        "load": psutil.getloadavg()[2],
        "versions": {"python": platform.python_version()} | {name: version(name) for name in _PACKAGES},
    }


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False).stdout.strip()


def _before(file: Path, machine: object) -> dict[str, tuple[float, str]]:
    """The last figure of each name and the commit that it was measured at."""
    return {name: (figure, run["commit"]) for run in _runs(file, machine) for name, figure in run["figures"].items()}


def _runs(file: Path, machine: object) -> list[dict[str, Any]]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    runs = []
    for number, line in enumerate(lines, start=1):
        try:
            runs.append(json.loads(line))
        except ValueError:
            out.print(f"{file}: line {number} was cut short and is left out", highlight=False)
    return [run for run in runs if run["machine"] == machine]
