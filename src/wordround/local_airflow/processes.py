"""The processes of one AIRFLOW_HOME: found by their session, stopped without a remainder.

The launcher leads a session that everything it starts belongs to, task runners and dbt included; `run/launcher.json`
names it. A process that only happens to have a reused number is left alone.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from wordround.local_airflow.environment import write_private

STOP_WITHIN = 15.0


def launch(
    home: Path, environment: dict[str, str], *, preload: tuple[str, ...], queues: Iterable[str], with_parent: bool
) -> "subprocess.Popen[bytes]":
    """Start the launcher as the leader of a new session and write down which one it is."""
    command = [sys.executable, "-m", "wordround.local_airflow.launch", "--preload", ",".join(preload)]
    command += ["--queues", ",".join(queues)]
    with (home / "logs" / "launcher.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--with-parent"] if with_parent else command,
            env=environment,
            cwd=home,
            stdin=subprocess.PIPE if with_parent else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    identity = {"pid": process.pid, "started": psutil.Process(process.pid).create_time()}
    identity["port"] = int(environment["AIRFLOW__API__PORT"])
    write_private(home / "run" / "launcher.json", json.dumps(identity))
    return process


def launcher(home: Path) -> dict[str, float] | None:
    """`pid`, `started` and `port` of the launcher that was started last and not stopped; None where there is none."""
    try:
        return dict(json.loads((home / "run" / "launcher.json").read_text()))
    except (OSError, ValueError):
        return None


def components(home: Path) -> dict[str, dict[str, int]]:
    """{component: {pid, restarts}} as the launcher last wrote it; empty before it did."""
    try:
        return dict(json.loads((home / "run" / "components.json").read_text()))
    except (OSError, ValueError):
        return {}


def is_running(home: Path) -> bool:
    """Whether this AIRFLOW_HOME's launcher lives."""
    identity = launcher(home)
    return identity is not None and _is_launcher(identity)


def members(home: Path) -> list[psutil.Process]:
    """Every living process of this AIRFLOW_HOME, the launcher and task runners included."""
    identity = launcher(home)
    if identity is None:
        return []
    session = int(identity["pid"])
    if psutil.pid_exists(session) and not _is_launcher(identity):
        return []  # the number went to someone else's process, so no member of the old session is left
    return [process for process in psutil.process_iter() if _session(process.pid) == session and _lives(process)]


def stop(home: Path) -> int:
    """Stop everything of this AIRFLOW_HOME. Returns how many processes had to be killed."""
    identity = launcher(home)
    if identity is not None and _is_launcher(identity):
        os.kill(int(identity["pid"]), signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN
    while is_running(home) and time.monotonic() < deadline:
        time.sleep(0.05)
    killed = 0
    while remaining := members(home):
        for process in remaining:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
                killed += 1
        time.sleep(0.05)
    for name in ("launcher.json", "components.json", "database-ready"):
        (home / "run" / name).unlink(missing_ok=True)
    return killed


def _is_launcher(identity: dict[str, float]) -> bool:
    try:
        process = psutil.Process(int(identity["pid"]))
        # clocks are adjusted: the same process may seem to have started a moment earlier or later
        seconds_apart = float(abs(process.create_time() - identity["started"]))
        return seconds_apart < 5 and _lives(process)
    except psutil.NoSuchProcess:
        return False


def _lives(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _session(pid: int) -> int | None:
    with contextlib.suppress(OSError):
        return os.getsid(pid)
    return None
