"""What workers need is asked for in words, and what they are told is private (the workers: test_workers.py)."""

import json
import shutil
import stat
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.fixtures.several_trusts import lay
from wordround import trusts
from wordround.errors import AirflowFailed, SettingsInvalid
from wordround.local_airflow import stack, workers
from wordround.local_airflow.environment import airflow_home, environment, logs, prepare
from wordround.settings import Settings, load_settings


@pytest.fixture
def with_workers(settings_with: Callable[..., Settings]) -> Settings:
    return settings_with(added='[engine]\nexecutor = "celery"\n')


def test_without_redis_nothing_is_started_and_what_to_do_is_said(with_workers: Settings, monkeypatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(AirflowFailed, match=r"install redis-server.*WORDROUND_BROKER_URL"):
        stack.start(with_workers, progress=lambda _: None)
    assert not (airflow_home(with_workers) / "run").exists()


def test_a_redis_that_does_not_answer_is_named_without_its_password(with_workers: Settings, monkeypatch) -> None:
    monkeypatch.setenv("WORDROUND_BROKER_URL", "redis://:marmalade@127.0.0.1:1/0")
    with pytest.raises(AirflowFailed, match="WORDROUND_BROKER_URL: no Redis answers") as refused:
        workers.require(load_settings())
    assert "marmalade" not in str(refused.value)


def test_redis_is_started_on_loopback_with_a_password_that_only_its_owner_reads(with_workers: Settings) -> None:
    prepare(with_workers)
    home = airflow_home(with_workers)
    workers.prepare_broker(home, with_workers)
    written = workers.broker_file(home)
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    lines = dict(line.split(" ", 1) for line in written.read_text().splitlines())
    password = json.loads((home / "keys.json").read_text())["broker_password"]
    assert (lines["bind"], lines["requirepass"]) == ("127.0.0.1", password)
    variables = environment(with_workers, port=1)
    assert variables["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert variables["AIRFLOW__CELERY__BROKER_URL"] == f"redis://:{password}@127.0.0.1:{lines['port']}/0"


def test_another_redis_that_is_named_is_used_and_none_is_started(with_workers: Settings, monkeypatch) -> None:
    prepare(with_workers)
    workers.prepare_broker(airflow_home(with_workers), with_workers)
    monkeypatch.setenv("WORDROUND_BROKER_URL", "redis://:x@queues.trust.example:6379/0")
    settings = load_settings()
    workers.prepare_broker(airflow_home(settings), settings)
    assert not workers.broker_file(airflow_home(settings)).exists()
    assert environment(settings, port=1)["AIRFLOW__CELERY__BROKER_URL"] == "redis://:x@queues.trust.example:6379/0"


def test_keys_of_an_earlier_version_are_kept_and_get_what_they_lack(with_workers: Settings) -> None:
    prepare(with_workers)
    path = airflow_home(with_workers) / "keys.json"
    keys = json.loads(path.read_text())
    path.write_text(json.dumps({name: key for name, key in keys.items() if name != "broker_password"}))
    prepare(with_workers)
    again = json.loads(path.read_text())
    assert again.keys() == keys.keys() and again["fernet_key"] == keys["fernet_key"]


def test_airflows_database_is_a_postgres_that_its_components_have_a_driver_for(settings: Settings, monkeypatch) -> None:
    prepare(settings)
    monkeypatch.setenv("WORDROUND_AIRFLOW_DATABASE_URL", "postgresql://airflow:x@server/airflow")
    found = environment(load_settings(), port=1)["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    assert found == "postgresql+psycopg2://airflow:x@server/airflow"
    monkeypatch.setenv("WORDROUND_AIRFLOW_DATABASE_URL", "mysql://airflow:marmalade@server/airflow")
    with pytest.raises(SettingsInvalid, match="WORDROUND_AIRFLOW_DATABASE_URL: names no Postgres") as refused:
        environment(load_settings(), port=1)
    assert "marmalade" not in str(refused.value)


def test_a_worker_of_another_home_is_told_where_queues_are_and_does_one_task_of_the_warehouse_at_a_time(
    settings: Settings, with_workers: Settings
) -> None:
    for given, queue, at_once, says in (
        (settings, "default", None, 'executor is "local"'),
        (with_workers, "warehouse", 2, "one task at a time"),
        (with_workers, "default", None, "WORDROUND_BROKER_URL is not set"),
    ):
        if says.endswith("not set") and shutil.which("redis-server") is None:
            continue
        with pytest.raises(AirflowFailed, match=says):
            workers.become(given, queue, at_once)


def test_one_worker_alone_has_the_name_of_the_warehouse(with_workers: Settings) -> None:
    named = {queue: dict(pairwise(parts)) for queue in workers.QUEUES if (parts := workers.command(queue))}
    assert (named["warehouse"]["--celery-hostname"], named["warehouse"]["--concurrency"]) == ("warehouse", "1")
    assert named["default"]["--celery-hostname"] != "default"


def test_logs_of_tasks_lie_where_every_home_writes_them(
    settings_with: Callable[..., Settings], monkeypatch, tmp_path
) -> None:
    for name in ("KEY", "VAULT_KEY"):
        monkeypatch.setenv(f"WORDROUND_{name}", "ab" * 32)
    monkeypatch.setenv("WORDROUND_RECORDS_URL", "postgresql://a:b@server/records")
    shared = settings_with(added=f'[engine]\nexecutor = "celery"\nshared = "{tmp_path / "shared"}"\n')
    assert logs(shared) == tmp_path / "shared" / "airflow" / "logs"
    prepare(shared)
    assert stat.S_IMODE(logs(shared).stat().st_mode) == 0o700


def test_several_trusts_on_one_airflow_have_no_workers(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("WORDROUND_TRUSTS", str(tmp_path))
    lay(tmp_path, "rab", added='[engine]\nexecutor = "celery"\n')
    before = dict(trusts.os.environ)
    try:
        trusts.enter("rab")
        with pytest.raises(SettingsInvalid, match="one Airflow serves several trusts"):
            load_settings()
    finally:
        trusts.os.environ.clear()
        trusts.os.environ.update(before)
