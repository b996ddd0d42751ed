"""Airflow on one machine: its API server, scheduler, DAG processor and triggerer are started and stopped together.

All their files lie below `<home>/airflow`, or `.airflow` beside several trusts, and they listen on loopback only. It
never starts twice in one home and leaves no process behind.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock, Timeout
from rich.console import Console

from wordround.access import private
from wordround.errors import AirflowFailed, StorageFailed
from wordround.local_airflow import processes, workers
from wordround.local_airflow.api import Api
from wordround.local_airflow.bundles import SeveralTrusts
from wordround.local_airflow.environment import (
    LOOPBACK,
    Owner,
    airflow_home,
    choose_port,
    environment,
    password_file,
    prepare,
    user_of,
    with_workers,
)
from wordround.local_airflow.launch import COMPONENTS

START_WITHIN = 300.0  # 20 s where the machine has nothing else to do
# What several tasks of every day would otherwise import each time, 4 to 10 seconds of processor time each.
PRELOAD = ("great_expectations", "dbt.cli.main", "dbt.adapters.duckdb")

Progress = Callable[[str], None]


@private()
def up(owner: Owner) -> dict[str, Any]:
    """Start Airflow and wait until it is healthy.

    Returns {address, user, password_file, logs, already_running} and, of several trusts, what is wrong with each that
    cannot be used, as `refused`. Raises AirflowFailed that names the log to read,
    and StorageFailed.
    """
    _require_keeper(owner)
    home = airflow_home(owner)
    console = Console(stderr=True)
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageFailed(f"{home}: cannot be made ({error.strerror}). WORDROUND_HOME says where.") from error
    try:
        with FileLock(home / "up.lock", timeout=0), console.status("Starting Airflow") as status:
            already = processes.is_running(home)
            if not already:
                start(owner, progress=lambda text: status.update(f"Starting Airflow: {text}"))
    except Timeout:
        raise AirflowFailed(f"Airflow is being started in {home} by another command.") from None
    refused = {"refused": list(owner.wrong.values())} if isinstance(owner, SeveralTrusts) else {}
    return describe(owner) | {"already_running": already} | refused


def down(owner: Owner) -> dict[str, Any]:
    """Stop Airflow and everything it started. Returns {was_running, killed}."""
    _require_keeper(owner)
    home = airflow_home(owner)
    was_running = bool(processes.members(home))
    return {"was_running": was_running, "killed": processes.stop(home)}


def describe(owner: Owner) -> dict[str, Any]:
    """Where the running Airflow is: {address, user, password_file, logs}."""
    home = airflow_home(owner)
    identity = processes.launcher(home) or {}
    return {
        "address": f"http://localhost:{int(identity.get('port', 0))}",
        "user": user_of(owner),
        "password_file": str(password_file(owner)),
        "logs": str(home / "logs"),
    }


def start(
    owner: Owner, *, progress: Progress, with_parent: bool = False, variables: dict[str, str] | None = None
) -> None:
    """Start the components and wait until all are healthy; `with_parent` ends them with this process.

    `variables` are added to the environment of every task. Raises AirflowFailed, with everything stopped.
    """
    home = airflow_home(owner)
    port = choose_port(owner.port if isinstance(owner, SeveralTrusts) else owner.environment.airflow_port)
    settings = with_workers(owner)
    if settings:
        workers.require(settings)
    prepare(owner)
    processes.stop(home)  # what a crash may have left behind
    # One of an earlier start, with other settings, would be started again.
    workers.broker_file(home).unlink(missing_ok=True)
    if settings:
        workers.prepare_broker(home, settings)
    process = processes.launch(
        home,
        environment(owner, port, impatient=with_parent) | (variables or {}),
        preload=PRELOAD,
        queues=settings.engine.queues if settings else (),
        with_parent=with_parent,
    )
    try:
        _wait_until_healthy(owner, port, process.poll, progress)
    except BaseException:
        processes.stop(home)
        process.wait()
        raise


def client(owner: Owner) -> Api:
    """A client of the running Airflow, signed in. Use as a context manager."""
    address = address_of_running(owner)
    if address is None:
        raise AirflowFailed(f"Airflow does not run in {airflow_home(owner)}. `wordround up` starts it.")
    api = Api(address, password_file(owner))
    try:
        api.sign_in(user_of(owner))
    except httpx.TransportError as error:
        raise AirflowFailed(f"{address} does not answer ({type(error).__name__}). Wait until Airflow is up.") from error
    return api


def address_of_running(owner: Owner) -> str | None:
    """Where the Airflow of this home answers; None where it does not run. In a container: where its tasks reach it."""
    home = airflow_home(owner)
    # Another Airflow's variables may stand in the caller's shell.
    if (address := os.environ.get("AIRFLOW__CORE__EXECUTION_API_SERVER_URL")) and os.environ.get("AIRFLOW_HOME") == str(
        home
    ):
        return address.removesuffix("/").removesuffix("/execution")
    identity = processes.launcher(home) if processes.is_running(home) else None
    return None if identity is None else f"http://{LOOPBACK}:{int(identity['port'])}"


def _require_keeper(owner: Owner) -> None:
    if not isinstance(owner, SeveralTrusts) and owner.environment.trust is not None:
        raise AirflowFailed(
            "One Airflow runs the DAGs of all trusts: it is started and stopped without --trust. Those of this one are "
            f"paused on Airflow's page, as user {owner.environment.trust}."
        )


def _wait_until_healthy(owner: Owner, port: int, poll: Callable[[], int | None], progress: Progress) -> None:
    home = airflow_home(owner)
    deadline = time.monotonic() + START_WITHIN
    missing = list(COMPONENTS)
    with Api(f"http://{LOOPBACK}:{port}", password_file(owner)) as api:
        while missing:
            progress(f"waiting for {', '.join(missing)}")
            time.sleep(0.2)
            _raise_if_ended(home, poll())
            if time.monotonic() > deadline:
                raise AirflowFailed(
                    f"Not healthy after {START_WITHIN:.0f} s: {', '.join(missing)}. {_read(home, missing[0])}"
                )
            try:
                health = api.health()
            except httpx.TransportError:
                continue
            if "api-server" in missing and health:
                api.warm_up()
            missing = [name for name in COMPONENTS if health.get(_health_name(name)) != "healthy"]


def _health_name(component: str) -> str:
    return "metadatabase" if component == "api-server" else component.replace("-", "_")


def _raise_if_ended(home: Path, exit_code: int | None) -> None:
    for name, state in processes.components(home).items():
        if state["restarts"]:
            raise AirflowFailed(f"Airflow's {name} ended while it was starting. {_read(home, name)}")
    if exit_code is not None:
        raise AirflowFailed(f"Airflow ended while it was starting. {_read(home, 'launcher')}")


def _read(home: Path, component: str) -> str:
    return f"Read {home / 'logs' / component}.log"
