"""Follows DAG runs to their end and prints one line a finished task.

All runs of the Airflow that an `Api` is signed in to are of interest. Raises AirflowFailed with DAG, task and log file
as soon as a task has failed once: nobody who watches wants to wait for its retries.
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from wordround.errors import AirflowFailed
from wordround.local_airflow.api import Api

FAILED = {"failed", "up_for_retry", "upstream_failed"}
POLL = 0.4
PARKED_WITHIN = 15.0
SCHEDULER_LOOPS = 1.5  # seconds: it looks at what its executor reports several times a second


class Follower:
    """Runs of one demonstration. `give_up` is how many seconds one wait may take."""

    def __init__(self, api: Api, logs: Path, console: Console, give_up: float = 300) -> None:
        self._api, self._logs, self._console, self._give_up = api, logs, console, give_up
        self._said: set[tuple[str, str, int]] = set()

    def wait_for_dags(self, dag_ids: set[str]) -> None:
        """Until the DAG processor has read all of them."""
        for _ in self._polls("the DAG files to be read"):
            if broken := self._api.import_errors():
                raise AirflowFailed(f"Airflow cannot read {', '.join(broken)}. Read {self._logs / 'dag-processor.log'}")
            if dag_ids <= self._api.dag_ids():
                return

    def trigger(self, dag_id: str) -> None:
        """Start a run by hand."""
        self._api.trigger(dag_id, f"demo__{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}")

    def run_id(self, dag_id: str) -> str:
        """The id of a DAG's latest run."""
        return str(self._api.runs(dag_id)[-1]["dag_run_id"])

    def until_succeeded(self, dag_id: str) -> None:
        """Until the latest run of the DAG has succeeded; it may not have been created yet."""
        for _ in self._polls(f"{dag_id} to succeed"):
            states = [run["state"] for run in self._look() if run["dag_id"] == dag_id]
            if states and states[-1] == "success":
                return

    def until_waiting(self, dag_id: str, task_id: str) -> None:
        """Until a task waits for a person."""
        for _ in self._polls(f"{dag_id}.{task_id} to ask"):
            for run in self._look():
                tasks = self._api.tasks(dag_id, run["dag_run_id"]) if run["dag_id"] == dag_id else []
                if any(task["task_id"] == task_id and task["state"] == "awaiting_input" for task in tasks):
                    return self._until_parked()

    def _until_parked(self) -> None:
        """Until the executor has let go of the task that waits.

        An answer before that resumes the task while its first half still ends, and the scheduler takes that end for a
        failure. No person is as fast as that.
        """
        log = self._logs / "scheduler.log"
        deadline = time.monotonic() + PARKED_WITHIN
        while time.monotonic() < deadline and "final_state=awaiting_input" not in log.read_text(errors="replace"):
            time.sleep(POLL)
        time.sleep(SCHEDULER_LOOPS)

    def _look(self) -> list[dict[str, Any]]:
        """The runs that were not the schedule's, after saying which tasks have finished since the last look."""
        runs = [run for run in self._api.runs() if run["run_type"] != "scheduled"]
        for run in runs:
            for task in self._api.tasks(run["dag_id"], run["dag_run_id"]):
                self._say(task)
            if run["state"] == "failed":
                raise AirflowFailed(f"{run['dag_id']} failed. Read {self._logs / 'scheduler.log'}")
        return runs

    def _say(self, task: dict[str, Any]) -> None:
        key = (task["dag_run_id"], f"{task['dag_id']}.{task['task_id']}", task["map_index"])
        if task["state"] in FAILED - {"upstream_failed"}:
            raise AirflowFailed(f"{task['dag_id']}: task {task['task_id']} failed. Read {self._log_of(task)}")
        if task["state"] in ("success", "skipped") and key not in self._said:
            self._said.add(key)
            self._console.print(f"  {task['dag_id']:<14} {task['task_id']:<17} {task['duration'] or 0:5.1f} s")

    def _log_of(self, task: dict[str, Any]) -> Path:
        mapped = [f"map_index={task['map_index']}"] if task["map_index"] >= 0 else []
        names = [f"dag_id={task['dag_id']}", f"run_id={task['dag_run_id']}", f"task_id={task['task_id']}", *mapped]
        return self._logs.joinpath(*names, f"attempt={max(task['try_number'], 1)}.log")

    def _polls(self, what: str) -> Any:
        deadline = time.monotonic() + self._give_up
        while time.monotonic() < deadline:
            yield
            time.sleep(POLL)
        raise AirflowFailed(f"Waited {self._give_up:.0f} s for {what}. Read {self._logs / 'scheduler.log'}")
