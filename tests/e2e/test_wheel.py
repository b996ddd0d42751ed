"""The wheel, installed without the clone: a trust's way from `init` in an empty folder to the report, and the demo."""

import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = PROJECT / "sample_data" / "synthetic_fft" / "fernvale_synthetic_5_latest.csv"
SERVICE = (
    "heath_kestrel,RXX,Heath NHS Trust,Heath Hospital,Kestrel at the Heath,RXX01,kestrel ward|kestrel,,,2013-04-01,\n"
)

pytestmark = pytest.mark.slow


def run(*command: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    keeps = {
        name: value for name, value in os.environ.items() if not name.startswith(("WORDROUND", "PYTHON", "AIRFLOW"))
    }
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=keeps | variables, capture_output=True, text=True, timeout=540
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the built wheel, and sees the dependencies of the one that runs the tests."""
    folder, uv = tmp_path_factory.mktemp("wheel"), Path(sys.executable).with_name("uv")
    built = run(uv, "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "-o", folder, cwd=PROJECT)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    made = run(uv, "venv", "--offline", "--python", sys.executable, environment, cwd=folder)
    assert made.returncode == 0, made.stderr
    python = environment / "bin" / "python"
    done = run(uv, "pip", "install", "--offline", "--no-deps", "--python", python, wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    (packages,) = environment.glob("lib/python*/site-packages")
    # A path in a .pth file is searched, but its own .pth files are not read: the clone's src/ stays out of sight.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment


@pytest.fixture(scope="module")
def own(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `wordround init` lays in an empty folder, before anything is answered."""
    folder = tmp_path_factory.mktemp("trust")
    done = run(installed / "bin" / "wordround", "init", "own", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "own"


@pytest.fixture(scope="module")
def wordround(installed: Path, own: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    return lambda *arguments: run(installed / "bin" / "wordround", *arguments, cwd=own)


@pytest.fixture(scope="module")
def as_brought(installed: Path) -> dict[Path, tuple[int, int]]:
    return brought(installed)


def brought(installed: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of every file that the wheel brought beside its modules."""
    (project,) = installed.glob("lib/python*/site-packages/wordround/project")
    files = (path for path in project.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def test_nothing_of_the_clone_is_in_sight(installed: Path, own: Path) -> None:
    code = (
        "import json, sys, wordround; from wordround.settings import PROJECT; "
        "print(json.dumps([wordround.__file__, str(PROJECT), sys.path]))"
    )
    file, project, path = json.loads(run(installed / "bin" / "python", "-c", code, cwd=own).stdout)
    assert Path(file).is_relative_to(installed) and Path(project).is_relative_to(installed)
    assert str(PROJECT / "src") not in path


def test_from_an_empty_folder_to_the_report(
    installed: Path, own: Path, as_brought: dict[Path, tuple[int, int]], wordround: Callable
) -> None:
    refused = wordround("ingest", "fft", "--file", SAMPLE)
    assert refused.returncode == 1 and "GovernanceIncomplete" in refused.stderr
    named = re.search(r"\((\S+)#who-decides-what", refused.stderr)
    assert named is not None and Path(named[1]).is_file(), "the page lies in the package: there is no clone"
    text = (own / "wordround.toml").read_text(encoding="utf-8")
    text = re.sub(r"^#\? ", "", text, flags=re.MULTILINE).replace("trust.example", "heath.nhs.uk")
    text = re.sub(r"^name = .*$", 'name = "Heath NHS Trust"', text, flags=re.MULTILINE)
    (own / "wordround.toml").write_text(re.sub(r"^code = .*$", 'code = "RXX"', text, flags=re.MULTILINE))
    header = (own / "services.csv").read_text(encoding="utf-8").splitlines()[0]
    (own / "services.csv").write_text(f"{header}\n{SERVICE}", encoding="utf-8")

    taken = wordround("ingest", "fft", "--file", SAMPLE, "--json")
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout)["rows"]["loaded"] > 100
    ran = wordround("run", "--json")
    assert ran.returncode == 0, ran.stderr
    report = wordround("report", "--json")
    assert report.returncode == 0, report.stderr
    assert Path(json.loads(report.stdout)["folder"]).is_relative_to(own / "data" / "reports")
    with duckdb.connect(str(own / "data" / "published" / "wordround.duckdb"), read_only=True) as connection:
        services = connection.execute(
            "select service_label, comment_count from marts.dim_services where comment_count > 0"
        ).fetchall()
    assert dict(services)["Kestrel at the Heath"] > 10
    assert not any("fictional" in label for label, _ in services)
    examined = wordround("doctor", "--json")
    findings = [finding for finding in json.loads(examined.stdout)["findings"] if finding["state"] == "missing"]
    assert findings == []
    described = wordround("dictionary")
    assert described.returncode == 0, described.stderr
    assert (own / "data" / "quality" / "data_dictionary.md").is_file()
    assert brought(installed) == as_brought, "what the wheel brought is read and never written"


def test_the_demo_runs_there_too_and_keeps_out_of_the_trust_s_data(
    installed: Path, own: Path, as_brought: dict[Path, tuple[int, int]], wordround: Callable
) -> None:
    done = wordround("demo", "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    outcome = json.loads(done.stdout)
    assert Path(outcome["published"]) == own / "data" / "demo" / "published" / "wordround.duckdb"
    assert {row["source"] for row in outcome["sources"]} == {"bluesky", "mastodon", "x", "care_opinion", "feeds"}
    with duckdb.connect(outcome["published"], read_only=True) as connection:
        labels = connection.execute("select distinct trust_label from marts.dim_services").fetchall()
    assert all("Heath" not in label for (label,) in labels)
    assert brought(installed) == as_brought
