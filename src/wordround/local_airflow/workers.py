"""Workers: processes that take tasks from a queue (Celery), beside Airflow on its machine and on others.

Two queues, as the DAGs name them (trust_dags.py). `warehouse` has one worker that does one task at a time, in the home
that holds the warehouse; `default` any number, each in a home of its own. Queues, and what Celery is told of the end of
tasks, lie in Redis, so that a worker needs no way to Airflow's database: it asks the API server, as every task does.
"""

import json
import os
import shutil
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from wordround.errors import AirflowFailed
from wordround.folders import documentation, remedy
from wordround.settings import Settings

# Each queue with how many tasks its worker does at once, unless told otherwise.
QUEUES = {"warehouse": 1, "default": 4}
BROKER = "broker"
_FIRST_PORT = 6379
# Longer than any task: what was not finished by then is given to another worker.
_SECONDS_OF_A_TASK = 86_400
_REDIS = "redis-server"


def command(queue: str, at_once: int | None = None) -> list[str]:
    """Return the arguments of `airflow` for the worker of a queue."""
    # Airflow refuses a second worker of one name: so `warehouse` has one, wherever it runs.
    name = queue if queue == "warehouse" else f"{queue}-{socket.gethostname()}-{os.getpid()}"
    return [
        "celery", "worker", "--queues", queue, "--concurrency", str(at_once or QUEUES[queue]),
        "--celery-hostname", name, "--skip-serve-logs", "--without-gossip", "--without-mingle",
    ]  # fmt: skip


def called(queue: str) -> str:
    """Return what the worker of a queue is called among the components of Airflow."""
    return f"worker-{queue}"


def require(settings: Settings) -> None:
    """Raise AirflowFailed, which says what to set or install, where this machine lacks what workers need."""
    if find_spec("celery") is None or find_spec("airflow.providers.celery") is None:
        raise AirflowFailed(f'[engine] executor = "celery" needs packages that are not installed: {remedy("celery")}')
    if settings.environment.broker_url is None and shutil.which(_REDIS) is None:
        raise AirflowFailed(
            f'[engine] executor = "celery" needs Redis: install {_REDIS} on this machine, or set WORDROUND_BROKER_URL '
            f"(redis://:password@host:6379/0) to one that runs ({documentation('settings.md#workers')})."
        )
    if settings.environment.broker_url is not None:
        _require_answer(settings.environment.broker_url.get_secret_value())


def _require_answer(address: str) -> None:
    from redis import Redis, RedisError

    try:
        Redis.from_url(address, socket_connect_timeout=10, socket_timeout=10).ping()
    except (RedisError, ValueError) as error:
        raise AirflowFailed(
            f"WORDROUND_BROKER_URL: no Redis answers there ({type(error).__name__}). Start it, or correct the address "
            "(redis://:password@host:6379/0)."
        ) from None


def prepare_broker(home: Path, settings: Settings) -> None:
    """Write what a Redis of this Airflow's own is started with, where no other is named."""
    file = broker_file(home)
    file.unlink(missing_ok=True)
    if settings.engine.executor != "celery" or settings.environment.broker_url is not None:
        return
    lines = [f"port {_free_port()}", "bind 127.0.0.1", f"requirepass {_password(home)}", 'save ""', "appendonly no"]
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as written:
        written.write("\n".join([*lines, f'dir "{home / "run"}"', ""]))


def broker_file(home: Path) -> Path:
    """The settings of the Redis that is started with this Airflow."""
    return home / "run" / f"{BROKER}.conf"


def become_broker(home: Path) -> NoReturn:
    """Become the Redis of this Airflow."""
    program = shutil.which(_REDIS)
    assert program is not None, "required before anything was started"  # noqa: S101 - for the type checker
    os.execv(program, [program, str(broker_file(home))])  # noqa: S606


def options(home: Path, settings: Settings) -> dict[str, object]:
    """Return the settings of Airflow by which tasks go to workers."""
    broker = broker_url(home, settings)
    return {
        "CORE__EXECUTOR": "CeleryExecutor",
        "CELERY__BROKER_URL": broker,
        "CELERY__RESULT_BACKEND": broker,
        "CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": _SECONDS_OF_A_TASK,
        "OPERATORS__DEFAULT_QUEUE": "default",
    }


def become(settings: Settings, queue: str, at_once: int | None) -> NoReturn:
    """Become the worker of a queue, in this home, until told to end (SIGTERM: once its tasks have ended).

    Raises AirflowFailed.
    """
    from wordround.local_airflow import environment, processes

    if settings.engine.executor != "celery":
        to_read = documentation("settings.md#workers")
        raise AirflowFailed(f'[engine] executor is "local": there is nothing for a worker to do ({to_read}).')
    if queue == "warehouse" and at_once not in (None, 1):
        raise AirflowFailed("The queue `warehouse` has one worker, which does one task at a time.")
    require(settings)
    os.umask(0o077)
    environment.prepare(settings)
    own = processes.launcher(environment.airflow_home(settings)) or {}
    variables = environment.environment(settings, int(own.get("port", environment.FIRST_PORT)))
    if address := settings.environment.airflow_address:
        variables["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] = f"{address.rstrip('/')}/execution/"
    arguments = command(queue, at_once)
    os.execve(sys.executable, [sys.executable, "-m", "airflow", *arguments], variables)  # noqa: S606


def broker_url(home: Path, settings: Settings) -> str:
    """Return the address of the Redis with the queues, password and all. Raises AirflowFailed where none is known."""
    if given := settings.environment.broker_url:
        return given.get_secret_value()
    try:
        port = broker_file(home).read_text().split()[1]
    except OSError:
        raise AirflowFailed(
            "WORDROUND_BROKER_URL is not set, and no Airflow that has a Redis of its own runs in this home. Set it, or "
            "run `wordround up` first."
        ) from None
    return f"redis://:{_password(home)}@127.0.0.1:{port}/0"


def _password(home: Path) -> str:
    return str(json.loads((home / "keys.json").read_text())["broker_password"])


def _free_port() -> int:
    for port in range(_FIRST_PORT, _FIRST_PORT + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AirflowFailed(f"Ports {_FIRST_PORT} to {_FIRST_PORT + 19} are all in use: none is left for Redis.")
