"""Fixtures that every test may use: a throwaway data home, settings that point to it, and what is made once a run.

Also in which order tests come and which of them one process keeps. Every process imports every file of tests before the
first runs: what takes long to import (a source's own SDK) is imported by the tests that use it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck
from hypothesis import settings as property_settings

from tests.fixtures import postgres
from wordround.settings import PROJECT, Settings, load_settings

# A machine that is busy makes examples slowly; that says nothing about the code.
property_settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_settings.register_profile("fast", property_settings.get_profile("busy machine"), max_examples=10)
property_settings.load_profile("busy machine")

# What fails cheaply fails first.
ORDER = ("unit", "docs", "dbt", "expectations", "dags", "e2e")
# Long files whose tests share nothing, or only what `once` made: any process may run each of their tests.
SPREAD = {
    "tests/dbt/test_marts.py",
    "tests/dbt/test_rules.py",
    "tests/dbt/test_sources.py",
    "tests/e2e/test_erasure.py",
}
# Left out of `make test-fast` besides what is marked `slow`: they feed files, build, render, or measure a model.
SLOW = (
    "tests/docs/test_dictionary", "tests/docs/test_lineage", "tests/unit/alerts/", "tests/unit/cli/",
    "tests/unit/collect/", "tests/unit/connectors/test_f", "tests/unit/connectors/test_json_lines",
    "tests/unit/deidentify/test_deidentify.py", "tests/unit/demo/", "tests/unit/doctor/", "tests/unit/erasing/",
    "tests/unit/evaluate/", "tests/unit/gates/",
    "tests/unit/publish/test_publishing", "tests/unit/published/test_published_rules", "tests/unit/quotes/",
    "tests/unit/records/", "tests/unit/reports/", "tests/unit/review/", "tests/unit/score/",
    "tests/unit/test_getting_help", "tests/unit/test_set_up", "tests/unit/train/test_own_codes",
    "tests/unit/understand/test_danger", "tests/unit/warehouse/test_lake", "tests/unit/warehouse/test_loading",
    "tests/unit/warehouse/test_merging", "tests/unit/warehouse/test_migrating", "tests/unit/web/",
)  # fmt: skip
ROOM_IN_MEMORY = 10 * 2**30
# Files that look at what one fixture of their folder made go to the process that made it.
WITH = {
    "tests/e2e/test_demo_posts.py": "tests/e2e/test_demo.py",
    "tests/e2e/test_wheel.py": "tests/e2e/test_demo.py",
    "tests/dags/test_timetable.py": "tests/dags/test_policy.py",
}


def pytest_configure(config: pytest.Config) -> None:
    """Throwaway homes lie in memory where there is room: the databases in them wait for the disk at every step."""
    with suppress(FileNotFoundError):
        if shutil.disk_usage("/dev/shm").free > ROOM_IN_MEMORY:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What is left out is not even imported: that takes as long as many tests."""
    if config.getoption("markexpr") != "not slow":
        return None
    return f"{collection_path.relative_to(config.rootpath)}/".startswith(SLOW) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within a folder, what may be spread comes last: no process waits at the end for one with a long file left."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[int, bool]:
    folder, file = item.nodeid.split("/")[1], item.nodeid.partition("::")[0]
    return ORDER.index(folder) if folder in ORDER else len(ORDER), file in SPREAD


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Which tests one process gets: a file, since its tests share what they are tried on."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return nodeid if file in SPREAD else WITH.get(file, file)

    return ByFile(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the run, for all its processes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def once(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """A folder of that name, filled once a run by the process that first asks. Nobody may change what is in it."""

    def folder(name: str, fill: Callable[[Path], None]) -> Path:
        place, draft = shared / f"once-{name}", tmp_path_factory.mktemp(f"draft-{name}") / "home"
        with FileLock(f"{place}.lock"):
            if not place.exists():
                fill(draft)
                draft.rename(place)
        return place

    return folder


@pytest.fixture(scope="session")
def builds(shared: Path) -> Path:
    """Where builds by dbt are kept to be replayed (tests/fixtures/replayed.py); scripts are given it too."""
    return shared / "builds"


@pytest.fixture(scope="module")
def replayed_builds(builds: Path) -> Iterator[None]:
    """For tests that build and are not about dbt itself."""
    from tests.fixtures.replayed import replayed

    with replayed(builds):
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data home of the test's own, with nothing of the caller's environment in it."""
    names = "KEY CONFIG SMTP_HOST SMTP_PORT SMTP_USER SMTP_PASSWORD WAIT_SECONDS RECORDS_URL TRUSTS TRUST CATALOGUE_URL"
    of_workers = "BROKER_URL AIRFLOW_DATABASE_URL AIRFLOW_ADDRESS"
    for name in (*names.split(), *of_workers.split()):
        monkeypatch.delenv(f"WORDROUND_{name}", raising=False)
    folder = tmp_path / "home"
    monkeypatch.setenv("WORDROUND_HOME", str(folder))
    return folder


@pytest.fixture
def settings(home: Path) -> Settings:
    """The project's own settings over the throwaway home."""
    return load_settings()


@pytest.fixture
def settings_with(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Settings with something replaced in the text of `wordround.toml` or added below it."""

    def make(*replacements: tuple[str, str], added: str = "") -> Settings:
        written = (PROJECT / "wordround.toml").read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in written, f"{old!r} no longer stands in wordround.toml"
            written = written.replace(old, new)
        path = tmp_path / "wordround.toml"
        path.write_text(written + "\n" + added, encoding="utf-8")
        monkeypatch.setenv("WORDROUND_CONFIG", str(path))
        return load_settings()

    return make


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports without their pictures, for tests of their words: drawing takes most of the time."""
    from markupsafe import Markup

    from wordround.charts import bars, control_chart

    monkeypatch.setattr(control_chart, "control_chart", lambda *_: Markup("<svg></svg>"))
    for name in ("share_bars", "theme_bars", "coverage_strips"):
        monkeypatch.setattr(bars, name, lambda *_: Markup("<svg></svg>"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A Postgres server of the tests' own; skips what asks for it where none is installed."""
    folder = postgres.programs()
    if folder is None:
        pytest.skip(postgres.NOT_THERE)
    with postgres.running(folder) as server:
        yield server
