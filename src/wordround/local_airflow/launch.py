"""One process that imports Airflow once, prepares its database, and becomes the parent of its components.

`python -m wordround.local_airflow.launch [--preload MODULES] [--queues QUEUES] [--with-parent]` starts one child a
component in the environment of `local_airflow.environment`, each in its own process group with its own log file, writes
`run/components.json`. A component that ends is started again, and counted. SIGTERM ends everything; so does, with
`--with-parent`, the end of the parent (its end of standard input closes). Nothing here knows what a DAG does.

Importing Airflow takes 4 to 5 seconds of processor time, four times over if every component starts by itself: forked
children inherit what was imported. On macOS, where a fork without exec is not safe, each component is its own command.
"""

import argparse
import atexit
import contextlib
import importlib
import json
import logging
import os
import select
import signal
import sqlite3
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from wordround.local_airflow import bundles, workers
from wordround.local_airflow.environment import prepare
from wordround.settings import load_settings

COMPONENTS = {
    "api-server": ["api-server", "--workers", "1"],
    # serve-logs would listen on every interface; on one machine the api server reads logs from disk
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
SHARED = (
    "airflow.__main__",
    "airflow.utils.db",
    "airflow.cli.commands.scheduler_command",
    "airflow.cli.commands.dag_processor_command",
    "airflow.cli.commands.triggerer_command",
    "airflow.executors.local_executor",
    "airflow.sdk.execution_time.task_runner",
    "airflow.utils.serve_logs.log_server",
    "airflow.api_fastapi.app",
    "alembic.runtime.environment",
)
SERVER = ("airflow.__main__", "airflow.cli.commands.api_server_command", "airflow.api_fastapi.main")
CAN_FORK = sys.platform != "darwin"
PAUSE_BEFORE_RESTART = 5.0
# Seconds after which components that were told to end are told again ("don't wait"), and are killed.
TELL_AGAIN = 2.0
KILL = 5.0


@dataclass
class Stack:
    """The running components of one AIRFLOW_HOME."""

    home: Path
    preload: str = ""
    with_parent: bool = False
    queues: tuple[str, ...] = ()
    children: dict[int, str] = field(default_factory=dict)
    restarts: Counter[str] = field(default_factory=Counter)
    stopping: bool = False

    @property
    def components(self) -> tuple[str, ...]:
        own = (workers.BROKER,) if workers.broker_file(self.home).exists() else ()
        return (*own, *COMPONENTS, *map(workers.called, self.queues))

    @property
    def database_ready(self) -> Path:
        return self.home / "run" / "database-ready"

    def run(self) -> None:
        """Start everything and stay until told to stop."""
        self.database_ready.unlink(missing_ok=True)
        if CAN_FORK:  # both import for seconds before they need the database, the first hardly what the others need
            self.begin("api-server")
            _import(SHARED)
            self.begin("scheduler")
        migration = _fork(self.home / "logs" / "database.log", prepare_database)
        if os.waitpid(migration, 0)[1] != 0:
            _say("the database could not be prepared: see logs/database.log")
            return self.end()
        self.database_ready.touch()
        for name in self.components:
            if name not in self.children.values():
                self.begin(name)
        while not self.stopping:
            self._record()
            self._wait()
        return self.end()

    def begin(self, name: str) -> None:
        """Start one component."""
        self.children[_fork(self.home / "logs" / f"{name}.log", lambda: self._become(name))] = name

    def _become(self, name: str) -> None:
        if name == workers.BROKER:
            workers.become_broker(self.home)
        queue = next((queue for queue in self.queues if workers.called(queue) == name), None)
        arguments = workers.command(queue) if queue else COMPONENTS[name]
        if not CAN_FORK:
            os.execv(sys.executable, [sys.executable, "-m", "airflow", *arguments])  # noqa: S606
        # The tasks that these fork inherit what was imported; where there are workers, the scheduler forks none.
        if name == (workers.called("warehouse") if self.queues else "scheduler"):
            for module in filter(None, self.preload.split(",")):
                logging.getLogger(module.partition(".")[0]).setLevel(logging.WARNING)
                _import([module])
        if name == "api-server":
            # An application whose users belong to teams looks for these in the database as soon as it is imported.
            if os.environ.get("AIRFLOW__CORE__MULTI_TEAM") == "True":
                self._wait_for_database()
            _import(SERVER)
        self._wait_for_database()
        sys.argv = ["airflow", *arguments]
        sys.modules["airflow.__main__"].main()

    def _wait_for_database(self) -> None:
        while not self.database_ready.exists():
            time.sleep(0.05)

    def _record(self) -> None:
        state = {name: {"pid": pid, "restarts": self.restarts[name]} for pid, name in self.children.items()}
        temporary = self.home / "run" / "components.json.new"
        temporary.write_text(json.dumps(state))
        temporary.replace(self.home / "run" / "components.json")

    def _wait(self) -> None:
        """Return when a component was started again, or it is time to stop."""
        while not self.stopping:
            if select.select([sys.stdin] if self.with_parent else [], [], [], 0.2)[0]:
                self.stopping = True
                return
            pid, status = os.waitpid(-1, os.WNOHANG)
            name = self.children.pop(pid, None)
            if name and not self.stopping:
                self.restarts[name] += 1
                with contextlib.suppress(ProcessLookupError):  # workers that outlived a killed scheduler
                    os.killpg(pid, signal.SIGKILL)
                _say(f"{name} ended ({os.waitstatus_to_exitcode(status)}) and is started again")
                time.sleep(PAUSE_BEFORE_RESTART)
                return self.begin(name)

    def end(self) -> None:
        """Tell every component to end, wait, and kill the process groups of those that do not."""
        for patience in (TELL_AGAIN, KILL - TELL_AGAIN):
            for pid in self.children:
                os.kill(pid, signal.SIGTERM)
            deadline = time.monotonic() + patience
            while self.children and time.monotonic() < deadline:
                self.children.pop(os.waitpid(-1, os.WNOHANG)[0], None)
                time.sleep(0.02)
        for pid in self.children:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def prepare_database() -> None:
    """Create or migrate Airflow's database, and the pools that let one task at a time into each warehouse."""
    from airflow.utils import db
    from airflow.utils.session import create_session

    db.initdb()
    with create_session() as session:
        bundles.pools(session)
    kind, _, database = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].partition(":///")
    if kind == "sqlite":  # readers no longer wait for writers: four components share this file
        with contextlib.closing(sqlite3.connect(database.partition("?")[0])) as connection:
            connection.execute("pragma journal_mode = wal")


def _fork(log: Path, action: Callable[[], None]) -> int:
    """Run `action` in a child that leads its own process group and writes to `log`. Returns its process id."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _redirect(log)
        action()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except BaseException:  # noqa: BLE001 (a child must never return into its parent's code)
        traceback.print_exc()
    _leave(code)


def _say(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}\n")
    sys.stdout.flush()


def _leave(code: int) -> NoReturn:
    """End a child without unwinding into the parent's code."""
    atexit._run_exitfuncs()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _redirect(log: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    file = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    for source, target in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(source, target)


def _import(modules: Iterable[str]) -> None:
    for module in modules:
        importlib.import_module(module)


def main() -> None:
    """Run the components of the Airflow that the environment names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--preload", default="", help="modules that tasks would otherwise import each time")
    parser.add_argument("--queues", default="", help="queues whose tasks workers on this machine do")
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input closes")
    parser.add_argument("--only-prepare", action="store_true", help="make the files and the database, and end")
    arguments = parser.parse_args()
    os.umask(0o077)
    if arguments.only_prepare:
        prepare(bundles.several() or load_settings())
        return prepare_database()
    queues = tuple(filter(None, arguments.queues.split(",")))
    stack = Stack(Path(os.environ["AIRFLOW_HOME"]), arguments.preload, arguments.with_parent, queues)

    def stop(*_: object) -> None:
        stack.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stack.run()


if __name__ == "__main__":
    main()
