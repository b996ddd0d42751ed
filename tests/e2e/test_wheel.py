"""The wheel, installed without the clone: a trust's way from `init` in an empty folder to the report, and the demo."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.fixtures.wheel import answer, brought, lay, run

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = PROJECT / "sample_data" / "synthetic_fft" / "fernvale_synthetic_5_latest.csv"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def own(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay(installed, tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="module")
def wordround(installed: Path, own: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    return lambda *arguments: run(installed / "bin" / "wordround", *arguments, cwd=own)


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
    answer(own)
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


def test_the_demo_kept_out_of_the_trust_s_data_and_wrote_nothing_into_what_the_wheel_brought(
    installed: Path, as_brought: dict[Path, tuple[int, int]], demo: tuple
) -> None:
    outcome, home, _ = demo
    assert Path(outcome["published"]) == home / "published" / "wordround.duckdb"
    assert [path.name for path in home.parent.iterdir()] == ["demo"]
    assert {row["source"] for row in outcome["sources"]} == {"bluesky", "mastodon", "x", "care_opinion", "feeds"}
    with duckdb.connect(outcome["published"], read_only=True) as connection:
        labels = connection.execute("select distinct trust_label from marts.dim_services").fetchall()
    assert all("Heath" not in label for (label,) in labels)
    assert brought(installed) == as_brought
