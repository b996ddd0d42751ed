"""Airflow's public REST API (`/api/v2`): sign in, health, DAG runs, task instances, approval.

Over loopback, between containers at the address that the tasks have, or where `[web.airflow]` says. No other host is
ever asked. Methods raise AirflowFailed where Airflow answers with an error; `httpx.TransportError` passes through,
since a server that is just starting refuses connections.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from wordround.errors import AirflowFailed
from wordround.local_airflow.environment import USER

# Since Airflow 3.3 a task that asks waits by itself, before that by a trigger.
_WAITING = ("awaiting_input", "deferred")


class Api:
    """A signed-in client. Use as a context manager."""

    def __init__(self, address: str, password_file: Path | None = None, timeout: float = 30) -> None:
        self.address = address
        self._password_file = password_file
        # trust_env=False: a web proxy in the environment is not asked for these
        self._client = httpx.Client(base_url=self.address, timeout=timeout, trust_env=False)

    def __enter__(self) -> "Api":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def sign_in(self, user: str = USER, password: str | None = None) -> None:
        """Fetch a token (`POST /auth/token`) with a password, else with that of the 0600 file."""
        where = "that was given"
        if password is None and self._password_file is not None:
            password, where = json.loads(self._password_file.read_text())[user], f"in {self._password_file}"
        answer = self._client.post("/auth/token", json={"username": user, "password": password})
        if answer.status_code >= 400:
            raise AirflowFailed(f"{self.address} does not accept the password {where}.")
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def health(self) -> dict[str, str | None]:
        """{metadatabase, scheduler, triggerer, dag_processor: 'healthy' or what else}."""
        answer = self._client.get("/api/v2/monitor/health", timeout=5)
        return {part: detail["status"] for part, detail in answer.json().items()} if answer.is_success else {}

    def warm_up(self) -> None:
        """Make the server build the routes that tasks use. The first caller waits for that, up to ten seconds."""
        self._client.get("/execution/health", timeout=60)

    def dag_ids(self) -> set[str]:
        """The DAGs that the DAG processor has read."""
        return {dag["dag_id"] for dag in self._get("/dags")["dags"]}

    def import_errors(self) -> list[str]:
        """Names of DAG files that could not be read."""
        return [error["filename"] for error in self._get("/importErrors")["import_errors"]]

    def trigger(self, dag_id: str, run_id: str, conf: Mapping[str, str | None] | None = None) -> None:
        """Start a run now, without a logical date, as the button in the user interface does. conf: its parameters."""
        body = {"dag_run_id": run_id, "logical_date": None, "conf": dict(conf or {})}
        self._send("POST", f"/dags/{dag_id}/dagRuns", body)

    def runs(self, dag_id: str = "~") -> list[dict[str, Any]]:
        """Runs of one DAG or of all, oldest first."""
        return list(self._get(f"/dags/{dag_id}/dagRuns", order_by="run_after", limit=100)["dag_runs"])

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Task instances of a run, mapped ones each."""
        return list(self._get(f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances", limit=100)["task_instances"])

    def result(self, dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> Any:
        """What a task returned; `map_index` says which of mapped ones. Raises LookupError where nothing is kept."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        answer = self._client.get(path, params={"deserialize": True, "map_index": map_index})
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise LookupError(f"{task_id}: nothing is kept of what it returned")
        return self._read(answer)["value"]

    def approve(self, dag_id: str, run_id: str, task_id: str) -> str:
        """Answer a waiting approval with yes. Returns the name under which it was answered."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/-1/hitlDetails"
        answer = self._send("PATCH", path, {"chosen_options": ["Approve"]})
        return str(answer["responded_by"]["name"])

    def asked(self, dag_id: str, task_id: str) -> list[dict[str, Any]]:
        """What a task waits for a person to answer, in all runs of its DAG."""
        found = self._get(f"/dags/{dag_id}/dagRuns/~/hitlDetails", task_id=task_id, response_received=False, limit=100)
        return [each for each in found["hitl_details"] if each["task_instance"]["state"] in _WAITING]

    def answer(
        self, dag_id: str, run_id: str, task_id: str, map_index: int, option: str, params: Mapping[str, str]
    ) -> bool:
        """Answer what a task asks; False where somebody has answered it before."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/{map_index}/hitlDetails"
        body = {"chosen_options": [option], "params_input": dict(params)}
        answer = self._client.patch(f"/api/v2{path}", json=body)
        if answer.status_code == httpx.codes.CONFLICT:
            return False
        self._read(answer)
        return True

    def _get(self, path: str, **parameters: Any) -> dict[str, Any]:
        return self._read(self._client.get(f"/api/v2{path}", params=parameters))

    def _send(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._read(self._client.request(method, f"/api/v2{path}", json=body))

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        if answer.is_success:
            return dict(answer.json())
        method, path = answer.request.method, answer.request.url.path
        raise AirflowFailed(f"Airflow answered {method} {path} with {answer.status_code}.")
