"""Approvals that Airflow waits for: which runs ask about which pages of reports, and the answer to one.

Asked is the Airflow of `[web.airflow]`, else the one that runs in this home; where there is neither, nobody waits.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from wordround import trusts
from wordround.errors import AirflowFailed, SettingsInvalid
from wordround.local_airflow import stack
from wordround.local_airflow.api import Api
from wordround.local_airflow.environment import password_file, user_of
from wordround.settings import Settings

log = logging.getLogger(__name__)

# An Airflow may have other DAGs of the trust that ask people other things.
DAGS, TASK, RENDER = ("report_weekly", "report_monthly"), "approve", "render"
_SECONDS = 10  # somebody waits at a page meanwhile


class _Rendered(BaseModel):
    pages: dict[str, str]


@dataclass(frozen=True)
class Waiting:
    """A run that waits for an answer. `pages`: {report: digest}; `params`: names of what may be said beside."""

    dag_id: str
    run_id: str
    map_index: int
    pages: Mapping[str, str]
    params: frozenset[str]


def check(settings: Settings) -> None:
    """Raise SettingsInvalid where an Airflow is named and its password is missing."""
    if settings.web.airflow is not None and settings.environment.airflow_password is None:
        raise SettingsInvalid(
            f"[web.airflow] names {settings.web.airflow.address}: set WORDROUND_AIRFLOW_PASSWORD, the password of its "
            f"user {settings.web.airflow.user}."
        )


def is_known(settings: Settings) -> bool:
    """Whether an Airflow is named, or one runs in this home: it may wait for a report, and not answer just now."""
    return settings.web.airflow is not None or stack.address_of_running(settings) is not None


def waiting(settings: Settings) -> list[Waiting]:
    """The runs that wait for somebody to approve a report; none where no Airflow runs. Raises AirflowFailed.

    A run that does not say which pages it asks about, such as one of another version, is left out.
    """
    with _client(settings) as api:
        dag_ids = [trusts.called(kind, settings.environment.trust) for kind in DAGS]
        asked = [(dag_id, each) for dag_id in dag_ids for each in api.asked(dag_id, TASK)] if api else []
        return [run for dag_id, each in asked if api and (run := _waiting(api, dag_id, each))]


def _waiting(api: Api, dag_id: str, asked: Mapping[str, Any]) -> Waiting | None:
    at = asked["task_instance"]
    try:
        pages = _Rendered.model_validate(api.result(dag_id, at["dag_run_id"], RENDER)).pages
    except (LookupError, ValidationError):
        log.warning("A run of %s waits for an answer and does not say about which pages; it is left out.", dag_id)
        return None
    # A container may see the folder of reports by another path.
    names = {PurePath(folder).name: page for folder, page in pages.items()}
    return Waiting(dag_id, at["dag_run_id"], at["map_index"], names, frozenset(asked["params"]))


def answer(settings: Settings, run: Waiting, *, is_approved: bool, why: str = "") -> bool:
    """Answer a run; False where somebody has done so in Airflow before. Raises AirflowFailed."""
    option, said = "Approve" if is_approved else "Reject", {"reason": why} if run.params == {"reason"} else {}
    with _client(settings) as api:
        return api is not None and api.answer(run.dag_id, run.run_id, TASK, run.map_index, option, said)


@contextmanager
def _client(settings: Settings) -> Iterator[Api | None]:
    """A client that is signed in; None where no Airflow is known. Raises AirflowFailed where it does not answer."""
    named, secret = settings.web.airflow, settings.environment.airflow_password
    address = named.address if named else stack.address_of_running(settings)
    if address is None:
        yield None
        return
    user, password = (named.user, secret.get_secret_value() if secret else "") if named else (user_of(settings), None)
    try:
        with Api(address, password_file(settings), timeout=_SECONDS) as api:
            api.sign_in(user, password)
            yield api
    except (httpx.HTTPError, OSError, LookupError, ValueError) as error:
        raise AirflowFailed(f"Airflow at {address} does not answer as it should ({type(error).__name__}).") from error
