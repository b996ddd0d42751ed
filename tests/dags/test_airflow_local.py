"""Airflow on one machine: private files, loopback, free ports, and processes that all end."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from wordround.errors import AirflowFailed, StorageFailed
from wordround.local_airflow import processes, stack
from wordround.local_airflow.environment import choose_port, environment, prepare
from wordround.settings import load_settings

# A launcher with a child that leads its own process group, as a task runner does, and a grandchild.
LAUNCHER = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgid(0, 0)
    os.fork()
time.sleep(600)
"""


@pytest.fixture
def settings(tmp_path):
    settings = load_settings()
    update = {"home": tmp_path.resolve(), "airflow_port": None}
    return settings.model_copy(update={"environment": settings.environment.model_copy(update=update)})


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_keys_and_password_are_private_from_the_start_and_kept(settings, tmp_path):
    old = os.umask(0)
    try:
        prepare(settings)
        kept = {name: (tmp_path / "airflow" / name).read_text() for name in ("keys.json", "password.json")}
        prepare(settings)
    finally:
        os.umask(old)
    for name, text in kept.items():
        assert _mode(tmp_path / "airflow" / name) == 0o600
        assert (tmp_path / "airflow" / name).read_text() == text
    assert _mode(tmp_path / "airflow") == 0o700


def test_two_homes_have_different_keys_and_passwords(settings, tmp_path):
    prepare(settings)
    other = settings.model_copy(
        update={"environment": settings.environment.model_copy(update={"home": tmp_path / "other"})}
    )
    prepare(other)
    for name in ("keys.json", "password.json"):
        assert (tmp_path / "airflow" / name).read_text() != (tmp_path / "other" / "airflow" / name).read_text()


def test_airflow_settings_of_the_callers_shell_do_not_reach_it(settings, monkeypatch):
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql://somewhere/else")
    monkeypatch.setenv("AIRFLOW_CONN_SECRET", "x")
    prepare(settings)
    variables = environment(settings, port=8080)
    assert "AIRFLOW_CONN_SECRET" not in variables
    assert variables["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith(f"sqlite:///{settings.home}")


def test_a_running_airflow_is_found_by_its_launcher_or_between_containers_and_no_other_is(settings, monkeypatch):
    monkeypatch.delenv("AIRFLOW_HOME", raising=False)
    assert stack.address_of_running(settings) is None
    with pytest.raises(AirflowFailed, match="wordround up"):
        stack.client(settings)
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "http://api-server:8080/execution/")
    monkeypatch.setenv("AIRFLOW_HOME", "/somewhere/else")
    assert stack.address_of_running(settings) is None, "the shell of somebody who has another Airflow"
    monkeypatch.setenv("AIRFLOW_HOME", str(settings.home / "airflow"))
    assert stack.address_of_running(settings) == "http://api-server:8080"


def test_a_component_waits_a_minute_for_another_one_to_write_into_airflows_database(settings):
    from sqlalchemy import create_engine, text

    prepare(settings)
    url = environment(settings, port=8080)["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    with create_engine(url).connect() as connection:
        assert connection.execute(text("pragma busy_timeout")).scalar() == 60_000
    assert (settings.home / "airflow" / "airflow.db").is_file()


def test_everything_listens_on_loopback_stays_in_its_home_and_phones_nobody(settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "trust.example")
    prepare(settings)
    variables = environment(settings, port=8080)
    assert variables["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert variables["AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_HOST"] == "127.0.0.1"
    assert "0.0.0.0" not in json.dumps({k: v for k, v in variables.items() if k.startswith("AIRFLOW")})
    assert variables["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
    assert (variables["DO_NOT_TRACK"], variables["GX_ANALYTICS_ENABLED"]) == ("1", "false")
    assert variables["NO_PROXY"] == "trust.example,127.0.0.1,localhost"
    for name in ("AIRFLOW_HOME", "AIRFLOW_CONFIG", "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_STORAGE_PATH"):
        assert variables[name].startswith(str(settings.home))


def test_a_port_that_was_asked_for_and_is_taken_is_an_error_and_another_is_found_where_none_was_asked_for():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AirflowFailed, match=f"Port {port} is in use"):
            choose_port(port)
    assert choose_port(port) == port
    assert 8080 <= choose_port(None) <= 8099


@pytest.fixture
def launched(settings):
    """A stand-in for the launcher, written down as the real one is."""
    prepare(settings)
    home = settings.home / "airflow"
    process = subprocess.Popen([sys.executable, "-c", LAUNCHER], start_new_session=True)
    identity = {"pid": process.pid, "started": psutil.Process(process.pid).create_time(), "port": 1}
    (home / "run" / "launcher.json").write_text(json.dumps(identity))
    deadline = time.monotonic() + 10
    while len(processes.members(home)) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(processes.members(home)) == 3
    yield home, process
    process.kill()
    process.wait()


def test_a_second_up_says_that_it_already_runs(settings, launched):
    assert stack.up(settings)["already_running"] is True


def test_down_leaves_no_process_even_of_other_process_groups_that_ignore_a_polite_request(
    settings, launched, monkeypatch
):
    monkeypatch.setattr(processes, "STOP_WITHIN", 0.2)
    left = processes.members(launched[0])
    assert stack.down(settings) == {"was_running": True, "killed": 3}
    assert [process for process in left if process.is_running() and process.status() != psutil.STATUS_ZOMBIE] == []
    assert stack.down(settings) == {"was_running": False, "killed": 0}


def test_down_finds_what_a_killed_launcher_left_behind(settings, launched):
    os.kill(launched[1].pid, signal.SIGKILL)
    launched[1].wait()
    assert stack.down(settings) == {"was_running": True, "killed": 2}


def test_down_does_not_touch_a_process_that_only_has_the_number_of_an_old_launcher(settings, launched):
    home, process = launched
    identity = processes.launcher(home)
    (home / "run" / "launcher.json").write_text(json.dumps(identity | {"started": identity["started"] - 3600}))
    assert stack.down(settings) == {"was_running": False, "killed": 0}
    assert process.poll() is None


@pytest.mark.slow
def test_a_component_that_cannot_start_is_named_with_its_log_and_nothing_keeps_running(settings):
    prepare(settings)
    (settings.home / "airflow" / "airflow.db").mkdir()
    with pytest.raises(AirflowFailed, match=r"Read .*launcher\.log") as failure:
        stack.start(settings, progress=lambda _: None)
    assert Path(str(failure.value).rpartition("Read ")[2]).exists()
    assert processes.members(settings.home / "airflow") == []


def test_a_home_that_cannot_be_made_is_named(settings, tmp_path):
    (tmp_path / "in-the-way").touch()
    elsewhere = settings.environment.model_copy(update={"home": tmp_path / "in-the-way" / "home"})
    with pytest.raises(StorageFailed, match="in-the-way"):
        stack.up(settings.model_copy(update={"environment": elsewhere}))
