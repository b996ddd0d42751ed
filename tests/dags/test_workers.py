"""Tasks on workers (Celery): two homes, one Postgres, one lake in a bucket, one shared folder; workers are killed.

The day is fed in the shared folder and collected in the second home, which has nothing but what it collects with. What
is published is what an undisturbed run of one process publishes.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import httpx
import psutil
import pytest

from tests.e2e.test_engines_agree import FIRST, FORMS, OF_THE_RUN, hashes
from tests.fixtures import buckets
from tests.fixtures.legible import places_of
from tests.fixtures.postgres import Server
from tests.fixtures.social import SECRETS, block
from wordround import pipeline
from wordround.demo.standins.__main__ import posts_in
from wordround.demo.standins.bluesky import Bluesky
from wordround.errors import AirflowFailed
from wordround.folders import DAGS, SAMPLE_DATA
from wordround.local_airflow import processes, stack, workers
from wordround.local_airflow.api import Api
from wordround.local_airflow.environment import airflow_home
from wordround.settings import Settings, load_settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("redis-server") is None, reason="no redis-server (Debian: apt-get install redis-server)"
    ),
]
ROWS = 200
# The last bit of a single-precision number depends on which texts the model read beside one; they come in any order.
LAST_BIT = "sentiment_probability"
CHAIN = ("ingest_daily", "build_marts", "watch_trends")
# Of the chain all that a worker takes more than a moment for: every one is killed with WORDROUND_TEST_KILLS=all. Else
# the four that end otherwise: in another home, within a transaction, within dbt, and before a rename.
EVERY_KIND = {
    "ingest_daily": ("collect", "load"),
    "build_marts": ("understand", "gate_loaded", "build", "gate_publishable", "publish", "edition"),
    "watch_trends": ("watch",),
}
SOME = ("collect", "load", "build", "publish")
KILLED = {
    dag_id: tuple(task for task in tasks if task in SOME or os.environ.get("WORDROUND_TEST_KILLS") == "all")
    for dag_id, tasks in EVERY_KIND.items()
}
# A killed task is noticed, and tried again, sooner than on a trust's machine: the rest is as it is there.
IMPATIENT = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "2",
}
PAUSE = re.compile(r'"retry_delay": timedelta\(\w+=\d+\)')


@dataclass
class Worker:
    """The worker of the second home."""

    variables: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def start(self) -> None:
        program = Path(sys.executable).with_name("wordround")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [program, "worker"], env=self.variables, stdout=log, stderr=log, start_new_session=True
            )

    def stop(self) -> None:
        if self.process:
            for process in family(self.process.pid):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self.process.wait()


def family(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return []


@pytest.fixture(scope="module")
def tried(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Both homes after a day in which workers were killed, and an undisturbed home of the same day."""
    place = tmp_path_factory.mktemp("workers")
    with (
        pytest.MonkeyPatch.context() as patch,
        Bluesky(posts_in(SAMPLE_DATA / "synthetic_social" / "bluesky.jsonl")) as standin,
        buckets.served_bucket() as bucket,
    ):
        for name in [name for name in os.environ if name.startswith("WORDROUND_")]:
            patch.delenv(name)
        # The machine's proxy is not asked for what is on this machine.
        for name in ("HTTP_PROXY", "http_proxy"):
            patch.delenv(name, raising=False)
        for name, value in {
            **{f"BLUESKY_{name.upper()}": secret for name, secret in SECRETS.items()},
            "KEY": "5a" * 32,
            "VAULT_KEY": "7b" * 32,
            **{name.upper(): value for name, value in buckets.LOGIN.items()},
        }.items():
            patch.setenv(f"WORDROUND_{name}", value)
        undisturbed = home_of(place, "undisturbed", "", standin, patch)
        feed(undisturbed)
        pipeline.run(undisturbed)

        for name in ("RECORDS", "CATALOGUE", "AIRFLOW_DATABASE"):
            patch.setenv(f"WORDROUND_{name}_URL", postgres_server.new_database())
        engine = f"""
            [engine]
            executor = "celery"
            queues = ["warehouse"]
            shared = "{place / "shared"}"
            warehouse = "ducklake"
        """ + "\n".join(f"{name} = {json.dumps(value)}" for name, value in buckets.options(bucket).items())
        settings = home_of(place, "warehouse", engine, standin, patch)
        feed(settings)
        yield {"settings": settings, "undisturbed": undisturbed, "bucket": bucket, **day(settings, place)}


def home_of(place: Path, name: str, engine: str, standin: Bluesky, patch: pytest.MonkeyPatch) -> Settings:
    written = (DAGS.parent / "wordround.toml").read_text(encoding="utf-8")
    file = place / f"{name}.toml"
    file.write_text(written + block(standin, FIRST) + engine, encoding="utf-8")
    patch.setenv("WORDROUND_CONFIG", str(file))
    patch.setenv("WORDROUND_HOME", str(place / name))
    return load_settings()


def feed(settings: Settings) -> None:
    folder = settings.shared / "inbox" / "fft"
    folder.mkdir(parents=True)
    lines = FORMS.read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "week.csv").write_text("".join(lines[: ROWS + 1]), encoding="utf-8")


def dags_with_short_pauses(place: Path) -> Path:
    shutil.copytree(DAGS, place / "dags")
    for path in (place / "dags").glob("*.py"):
        path.write_text(PAUSE.sub('"retry_delay": timedelta(seconds=1)', path.read_text()))
    return place / "dags"


def day(settings: Settings, place: Path) -> dict[str, Any]:
    """Do the day, and kill the worker of some tasks once each; return what became of each task, and the second home."""
    home = airflow_home(settings)
    variables = {**IMPATIENT, "AIRFLOW__CORE__DAGS_FOLDER": str(dags_with_short_pauses(place))}
    stack.start(settings, progress=lambda _: None, with_parent=True, variables=variables)
    other = place / "collecting"
    port = int(processes.launcher(home)["port"])
    elsewhere = {
        **os.environ,
        "WORDROUND_HOME": str(other),
        "WORDROUND_BROKER_URL": workers.broker_url(home, settings),
        "WORDROUND_AIRFLOW_ADDRESS": f"http://127.0.0.1:{port}",
    }
    worker = Worker(elsewhere, place / "worker.log")
    try:
        worker.start()
        with stack.client(settings) as api:
            until(lambda: set(CHAIN) <= api.dag_ids())
            until(lambda: is_started(api))
            kills = {
                (dag_id, task_id): kill(api, dag_id, task_id, home, worker)
                for dag_id, tasks in KILLED.items()
                for task_id in tasks
            }
            until(lambda: ended(api))
            runs = {dag_id: api.runs(dag_id) for dag_id in CHAIN}
            tasks = {
                (dag_id, task["task_id"], task["map_index"]): task
                for dag_id, (run,) in runs.items()
                for task in api.tasks(dag_id, run["dag_run_id"])
            }
        return {"runs": runs, "tasks": tasks, "kills": kills, "other": other, "worker": worker}
    finally:
        worker.stop()
        processes.stop(home)


def until(holds: Callable[[], Any], seconds: float = 1200) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        with suppress(AirflowFailed, httpx.HTTPError):
            if found := holds():
                return found
        assert time.monotonic() < deadline, "gave up waiting"
        time.sleep(0.3)


def is_started(api: Api) -> bool:
    with suppress(AirflowFailed, httpx.HTTPError):
        api.trigger("ingest_daily", "day")
    return bool(api.runs("ingest_daily"))


def running(api: Api, dag_id: str, task_id: str) -> dict[str, Any] | None:
    """Return a task that is being done, once none of its kind is on its way to a worker."""
    for run in api.runs(dag_id):
        tasks = api.tasks(dag_id, run["dag_run_id"])
        assert not [task["task_id"] for task in tasks if task["state"] == "failed"]
        asked = [task for task in tasks if task["task_id"] == task_id]
        if {task["state"] for task in asked} <= {"running", "success"}:
            return next((task for task in asked if task["state"] == "running" and task["pid"]), None)
    return None


def kill(api: Api, dag_id: str, task_id: str, home: Path, worker: Worker) -> str:
    """Kill the worker that does a task, with all that it started; return which one it was."""
    task = until(lambda: running(api, dag_id, task_id))
    lines = {process.pid for process in psutil.Process(task["pid"]).parents()}
    mains = {name: about["pid"] for name, about in processes.components(home).items() if name.startswith("worker-")}
    mains["elsewhere"] = worker.process.pid
    (name,) = [name for name, pid in mains.items() if pid in lines]
    for process in family(mains[name]):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    if name == "elsewhere":
        worker.process.wait()
        worker.start()
    return name


def ended(api: Api) -> bool:
    runs = [run for dag_id in CHAIN for run in api.runs(dag_id)]
    assert all(run["state"] != "failed" for run in runs)
    return len(runs) == len(CHAIN) and all(run["state"] == "success" for run in runs)


def test_the_day_ends_right_although_workers_were_killed_in_the_middle_of_tasks(tried) -> None:
    assert {run["state"] for runs in tried["runs"].values() for run in runs} == {"success"}
    twice = {(dag_id, task_id) for (dag_id, task_id, _), task in tried["tasks"].items() if task["try_number"] == 2}
    assert twice == {(dag_id, task_id) for dag_id, tasks in KILLED.items() for task_id in tasks}


def test_the_second_home_collects_and_the_first_does_all_that_writes_the_warehouse(tried) -> None:
    assert {task_id: name for (_, task_id), name in tried["kills"].items()} == {
        task_id: "elsewhere" if task_id == "collect" else "worker-warehouse"
        for tasks in KILLED.values()
        for task_id in tasks
    }


def test_what_is_published_is_what_one_undisturbed_process_publishes(tried) -> None:
    but = OF_THE_RUN | {LAST_BIT}
    ours, theirs = hashes(tried["settings"], but), hashes(tried["undisturbed"], but)
    assert len(ours) > 50
    assert ours == theirs
    (one, count), (other, _) = (probabilities(tried[home]) for home in ("settings", "undisturbed"))
    assert count > ROWS
    assert one == pytest.approx(other, abs=1e-6)


def probabilities(settings: Settings) -> tuple[dict[str, float], int]:
    with duckdb.connect(str(settings.published / "wordround.duckdb"), read_only=True) as connection:
        found = connection.execute(f"select comment_id, {LAST_BIT} from marts.fct_comments").fetchall()
    return {comment_id: value for comment_id, value in found if value is not None}, len(found)


def test_the_tables_lie_in_the_bucket_and_nowhere_else(tried) -> None:
    keys = [each.key for each in tried["bucket"].objects.all()]
    assert {key.split("/")[1] for key in keys} >= {"raw", "understanding", "marts"}
    assert not list(tried["settings"].lake.rglob("*.parquet"))


def test_no_comment_stays_in_the_home_that_only_collects(tried) -> None:
    assert sorted(path.name for path in tried["other"].iterdir()) == ["airflow"]
    text = FORMS.read_text(encoding="utf-8").splitlines()[1].split(",")[5]
    assert len(text) > 20
    assert places_of(tried["other"], text) == set()
    assert places_of(tried["settings"].shared, text) != set()
