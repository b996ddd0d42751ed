"""Several trusts in one Airflow: DAGs, assets and pools of each, and two that run beside one that cannot."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from filelock import FileLock

from tests.dags.test_policy import EXPECTED, UNION, warehouse_tasks
from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.legible import Search, files_below, legible
from tests.fixtures.several_trusts import lay
from wordround import pipeline, trusts
from wordround.errors import AirflowFailed
from wordround.local_airflow import approvals, bundles, processes, stack
from wordround.local_airflow.api import Api
from wordround.local_airflow.environment import airflow_home, environment, password_file, prepare
from wordround.settings import load_settings

HERE = Path(__file__).parent
# Each says this and no other; of each the folder, and what stands in its `.env`.
WORDS = {"rab": "marmalade zeppelin", "rcd": "lavender trombone"}
KEYS = {"rab": "ab" * 32, "rcd": "cd" * 32}
SEARCH = Search({name: (words, KEYS[name], f"secret-of-{name}") for name, words in WORDS.items()})
NOT_TOML, NOT_VALID = "rde", "rfg"


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Two trusts with the same forms and words of their own; one that is not TOML, and one with a wrong setting."""
    folder = tmp_path_factory.mktemp("trusts")
    for name, words in WORDS.items():
        own = lay(folder, name, f"WORDROUND_KEY={KEYS[name]}\nWORDROUND_SMTP_PASSWORD=secret-of-{name}\n")
        rows = [form(number, good=f"A kind nurse brought the {words} {number}") for number in range(40)]
        write_csv(own / "data" / "inbox" / "fft" / "week.csv", rows)
    lay(folder, NOT_VALID, added="[nonsense]\nx = 1")
    (lay(folder, NOT_TOML) / "wordround.toml").write_text("[trust\n")
    return folder


@pytest.fixture(scope="module")
def of_all(place: Path):
    """The installation of these trusts, in an environment with nothing of the caller's."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("WORDROUND_")]:
            patch.delenv(name)
        patch.setenv("WORDROUND_TRUSTS", str(place))
        yield bundles.several()


@pytest.fixture(scope="module")
def parsed(of_all, place: Path) -> dict[str, Any]:
    """What Airflow's own parser reads in the folder of each trust, and in that of the union."""
    prepare(of_all)
    found = {}
    for name in (*of_all.names, trusts.UNION):
        written = place / ".airflow" / f"{name}.json"
        command = [sys.executable, HERE / "describe_dags.py", trusts.dag_folders() / name, written]
        done = subprocess.run(command, env=environment(of_all, port=1), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        found[name] = json.loads(written.read_text())
    return found


@pytest.mark.parametrize("name", [*WORDS, NOT_VALID])
def test_each_trust_has_every_dag_and_no_other_trusts(parsed, name: str) -> None:
    assert parsed[name]["import_errors"] == {}
    assert parsed[name]["heavy"] == []
    assert set(parsed[name]["dags"]) == {f"{kind}__{name}" for kind in EXPECTED}
    assert all(name in dag["tags"] and len(dag["tags"]) == 2 for dag in parsed[name]["dags"].values())


def test_a_trust_that_cannot_be_read_has_import_errors_that_name_it_and_no_dag(parsed) -> None:
    errors = parsed[NOT_TOML]["import_errors"]
    assert set(errors) == {f"{kind}__{NOT_TOML}.py" for kind in EXPECTED}
    assert all(f"TrustUnusable: {NOT_TOML}: its wordround.toml is not valid TOML" in said for said in errors.values())
    assert parsed[NOT_TOML]["dags"] == {}


@pytest.mark.parametrize("name", WORDS)
def test_assets_pools_and_queues_are_the_trusts_own(parsed, name: str) -> None:
    dags = parsed[name]["dags"]
    tasks = {
        (dag_id.partition("__")[0], task_id): task
        for dag_id, dag in dags.items()
        for task_id, task in dag["tasks"].items()
    }
    assert {dag["asset"] for dag in dags.values()} == {None, f"comments__{name}", f"published__{name}"}
    assert {asset for task in tasks.values() for asset in task["outlets"]} == {
        f"comments__{name}",
        f"published__{name}",
    }
    assert {task for task, about in tasks.items() if about["pool"] == f"warehouse__{name}"} == warehouse_tasks()
    assert {about["pool"] for about in tasks.values()} == {"default_pool", f"warehouse__{name}"}
    assert {about["queue"] for about in tasks.values()} == {f"default__{name}", f"warehouse__{name}"}


@pytest.mark.parametrize("name", WORDS)
def test_before_every_task_its_process_is_told_what_its_trust_is_told(parsed, name: str) -> None:
    firsts = {task["first"] for dag in parsed[name]["dags"].values() for task in dag["tasks"].values()}
    assert firsts == {"wordround.trust_dags.enter"}


def test_the_union_is_of_several_trusts_alone_and_works_for_none(parsed) -> None:
    assert set(parsed[trusts.UNION]["dags"]) == {UNION}
    union = parsed[trusts.UNION]["dags"][UNION]
    assert {task["first"] for task in union["tasks"].values()} == {None}
    assert (union["max_active_runs"], union["catchup"], union["cron"]) == (1, False, "0 8 * * MON#2")
    assert "docs/runbook.md#union_public" in union["doc_md"]


def test_the_dags_of_one_trust_alone_are_not_read_where_there_are_several(of_all, parsed, tmp_path: Path) -> None:
    command = [sys.executable, HERE / "describe_dags.py", HERE.parents[1] / "dags", tmp_path / "read.json"]
    subprocess.run(command, env=environment(of_all, port=1), capture_output=True, check=True)
    read = json.loads((tmp_path / "read.json").read_text())
    assert read["dags"] == {}
    assert all(
        "SettingsInvalid: WORDROUND_TRUSTS names several trusts" in said for said in read["import_errors"].values()
    )


def test_the_environment_of_all_holds_no_secret_of_any(of_all, monkeypatch) -> None:
    prepare(of_all)
    monkeypatch.setenv("WORDROUND_SMTP_PASSWORD", "of the shell")
    variables = environment(of_all, port=1)
    assert {name for name in variables if name.startswith("WORDROUND_")} == {"WORDROUND_TRUSTS"}
    assert SEARCH.names_in(json.dumps(variables).encode()) == set()


def test_a_folder_that_has_a_name_of_no_trust_is_told_and_gets_nothing(of_all, place: Path) -> None:
    (place / "Not a trust").mkdir()
    try:
        again = bundles.several()
        assert "Not a trust" not in again.names and "Not a trust" in again.wrong
        assert set(again.wrong) == {"Not a trust", NOT_TOML}
    finally:
        (place / "Not a trust").rmdir()


def test_the_links_follow_the_trusts_and_those_that_are_right_stay_for_an_airflow_that_reads_them(
    of_all, parsed, place: Path
) -> None:
    links = {path: path.lstat().st_ino for path in trusts.dag_folders().glob("*/*.py")}
    gone = trusts.dag_folders() / "rzz" / "ingest_daily__rzz.py"
    gone.parent.mkdir()
    gone.symlink_to(next(iter(links)).readlink())
    moved = trusts.dag_folders() / "rab" / "ingest_daily__rab.py"
    right = moved.readlink()
    moved.unlink()
    moved.symlink_to("of-an-earlier-version.py")
    bundles.lay(of_all)
    again = {path: path.lstat().st_ino for path in trusts.dag_folders().glob("*/*.py")}
    assert moved.readlink() == right
    assert {**again, moved: 0} == {**links, moved: 0}


# From here on: a real Airflow.


@pytest.fixture(scope="module")
def ran(of_all, parsed, place: Path):
    """(its client, who asks as one trust), once both trusts were ingested, built and watched, one beside the other."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with FileLock(place / ".up.lock"):
        # Another test may be starting an Airflow just now, which would take the first free port too.
        stack.start(replace(of_all, port=port), progress=lambda _: None, with_parent=True)
    try:
        with stack.client(of_all) as api, Api(api.address, password_file(of_all)) as one:
            until(lambda: api.dag_ids() >= {f"{kind}__{name}" for kind in EXPECTED for name in (*WORDS, NOT_VALID)})
            until(lambda: one.sign_in("rab") is None)
            for name in (*WORDS, NOT_VALID):
                until(lambda dag_id=f"ingest_daily__{name}": is_started(api, dag_id, "fed"))
            until(lambda: all(is_told_of_what_was_fed(api, name) for name in WORDS))
            yield api, one
    finally:
        processes.stop(airflow_home(of_all))


def until(holds) -> None:
    """Wait; an Airflow whose tasks take the machine answers late at times, or with an error."""
    deadline = time.monotonic() + 1200
    while True:
        with suppress(AirflowFailed, httpx.HTTPError):
            if holds():
                return
        assert time.monotonic() < deadline, "gave up waiting"
        time.sleep(1)


def is_started(api: Api, dag_id: str, run_id: str) -> bool:
    """Start a run, unless it was; whether it is there."""
    with suppress(AirflowFailed, httpx.HTTPError):
        api.trigger(dag_id, run_id)
    return run_id in {run["dag_run_id"] for run in api.runs(dag_id)}


def events_of(api: Api, dag_id: str, run_id: str) -> list[tuple[str, str]]:
    """(DAG, run) of each task that started a run by its asset."""
    events = api._get(f"/dags/{dag_id}/dagRuns/{run_id}/upstreamAssetEvents")["asset_events"]
    return [(event["source_dag_id"], event["source_run_id"]) for event in events]


def followers(api: Api, kind: str, name: str, cause: tuple[str, str]) -> list[tuple[str, str]]:
    """(DAG, run) of the runs of a kind that this run started and that ended well."""
    dag_id = f"{kind}__{name}"
    ended = [run["dag_run_id"] for run in api.runs(dag_id) if run["state"] == "success"]
    return [(dag_id, run_id) for run_id in ended if cause in events_of(api, dag_id, run_id)]


def is_told_of_what_was_fed(api: Api, name: str) -> bool:
    """Whether alerts were watched of what was published of what was ingested, and no build of the trust is going on."""
    builds = followers(api, "build_marts", name, (f"ingest_daily__{name}", "fed"))
    is_watched = any(followers(api, "watch_trends", name, build) for build in builds)
    return is_watched and {run["state"] for run in api.runs(f"build_marts__{name}")} == {"success"}


def published(place: Path, name: str) -> list[tuple[str, str, str]]:
    copy = place / name / "data" / "published" / "wordround.duckdb"
    with duckdb.connect(str(copy), read_only=True) as connection:
        return connection.execute("select comment_id, trust_code, comment_text from marts.fct_comments").fetchall()


@pytest.mark.slow
def test_each_publishes_its_own_comments_under_its_own_key(ran, place: Path) -> None:
    of_each = {name: published(place, name) for name in WORDS}
    for name, comments in of_each.items():
        assert len(comments) == 80
        assert {trust for _, trust, _ in comments} == {name.upper()}
        assert sum(WORDS[name] in (text or "") for *_, text in comments) == 40
    ids = [{comment_id for comment_id, *_ in comments} for comments in of_each.values()]
    assert ids[0].isdisjoint(ids[1]), "the same forms, under another key"


@pytest.mark.slow
def test_no_byte_of_one_trust_is_in_the_home_of_another_nor_in_the_airflow_of_both(ran, place: Path) -> None:
    for name in WORDS:
        assert {name} >= {found for path in files_below(place / name) for found in SEARCH.names_in(legible(path))}
        assert any(SEARCH.names_in(legible(path)) for path in files_below(place / name)), (
            "the search finds what is there"
        )
    for where in (".airflow", NOT_TOML, NOT_VALID):
        assert [path for path in files_below(place / where) if SEARCH.names_in(legible(path))] == []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="shows no environment of a process")
def test_no_process_that_the_trusts_share_was_told_a_secret_of_any(ran, of_all) -> None:
    told = {}
    for process in processes.members(airflow_home(of_all)):
        with suppress(OSError):  # it has ended
            told[process.pid] = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert len(told) > len(stack.COMPONENTS)
    assert {pid for pid, environ in told.items() if SEARCH.names_in(environ)} == set()
    # Processes that give themselves a title write over what they were told.
    assert any(b"WORDROUND_TRUSTS=" in environ for environ in told.values())


@pytest.mark.slow
def test_what_one_loads_or_publishes_starts_nothing_of_another(ran) -> None:
    api, _ = ran
    for name, kind in product(WORDS, ("build_marts", "watch_trends")):
        runs = [run["dag_run_id"] for run in api.runs(f"{kind}__{name}")]
        assert runs
        for run_id in runs:
            assert {dag_id.partition("__")[2] for dag_id, _ in events_of(api, f"{kind}__{name}", run_id)} == {name}
    assert api.runs(f"build_marts__{NOT_VALID}") == []


@pytest.mark.slow
def test_a_trust_with_a_wrong_setting_is_red_and_one_that_cannot_be_read_is_an_import_error_and_that_is_all(
    ran,
) -> None:
    api, _ = ran
    (sources,) = [task for task in api.tasks(f"ingest_daily__{NOT_VALID}", "fed") if task["task_id"] == "sources"]
    assert sources["state"] in {"up_for_retry", "failed"}
    until(lambda: len(api.import_errors()) == len(EXPECTED))
    assert set(api.import_errors()) == {f"{kind}__{NOT_TOML}.py" for kind in EXPECTED}


@pytest.mark.slow
def test_airflow_shows_one_trust_its_own_dags_and_refuses_the_others(ran) -> None:
    _, one = ran
    assert one.dag_ids() == {f"{kind}__rab" for kind in EXPECTED}
    assert {run["dag_id"].partition("__")[2] for run in one.runs()} == {"rab"}
    for refused in (
        lambda: one.tasks("ingest_daily__rcd", "fed"),
        lambda: one.result("ingest_daily__rcd", "fed", "load"),
        lambda: one.trigger("ingest_daily__rcd", "x"),
        lambda: one.trigger(UNION, "x"),
    ):
        with pytest.raises(AirflowFailed, match="403"):
            refused()


@pytest.mark.slow
def test_a_trust_asks_the_airflow_of_all_as_itself_and_can_neither_start_nor_stop_it(ran) -> None:
    before = dict(os.environ)
    try:
        trusts.enter("rcd")
        settings = load_settings()
        with stack.client(settings) as own:
            assert own.dag_ids() == {f"{kind}__rcd" for kind in EXPECTED}
        for refused in (stack.up, stack.down):
            with pytest.raises(AirflowFailed, match="without --trust"):
                refused(settings)
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.mark.slow
def test_the_pool_of_one_trust_is_its_teams_alone(ran) -> None:
    pools = {pool["name"]: (pool["slots"], pool["team_name"]) for pool in ran[0]._get("/pools")["pools"]}
    assert {name: pools[f"warehouse__{name}"] for name in WORDS} == {name: (1, name) for name in WORDS}


@pytest.mark.slow
def test_what_a_trust_fills_in_and_approves_is_a_run_of_its_own_dags(ran) -> None:
    """Last: it starts a run."""
    before = dict(os.environ)
    try:
        trusts.enter("rcd")
        settings = load_settings()
        assert approvals.waiting(settings) == [], "asked about its own DAGs, or Airflow would refuse"
        filled = pipeline.backfill(settings, date(2026, 9, 14), date(2026, 9, 14))
    finally:
        os.environ.clear()
        os.environ.update(before)
    api, _ = ran
    (run_id,) = filled["runs"]
    assert run_id in [run["dag_run_id"] for run in api.runs("ingest_daily__rcd")]
    assert run_id not in [run["dag_run_id"] for run in api.runs("ingest_daily__rab")]
