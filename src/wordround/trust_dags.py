"""What the file of a DAG is told of the trust that it is read for: names, and what each of its tasks does first.

Where the installation is one trust's, everything is called as it stands in the file. Where it is several trusts',
Airflow reads each file once a trust, by a path that names it (local_airflow/bundles.py). Imported wherever
Airflow reads a DAG: it imports nothing of the package but where things lie.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from wordround import trusts
from wordround.errors import SettingsInvalid

# What every DAG has: one run at a time, none for days that have passed, and a growing pause before each try.
_EVERY_DAG = {"catchup": False, "max_active_runs": 1}
_EVERY_TASK: dict[str, Any] = {"owner": "patient-experience", "retry_exponential_backoff": True}


@dataclass(frozen=True)
class DagsOf:
    """The DAGs of one trust; `name` is None where the installation is one trust's."""

    name: str | None

    def dag(self, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Airflow's own decorator, with what every DAG has, for this trust."""
        from airflow.sdk import dag

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            called = trusts.called(function.__name__, self.name)
            made: Callable[..., Any] = dag(called, **self._all(options))(function)
            return made

        return decorate

    def asset(self, name: str) -> Any:
        """An asset of this trust: no other's build follows it."""
        from airflow.sdk import Asset

        return Asset(trusts.called(name, self.name))

    def late_after(self, waited: timedelta) -> Any:
        """What is done where a run has not ended well so long after it was queued: the engineer is told."""
        from airflow.sdk.definitions.callback import AsyncCallback
        from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

        # Runs of an asset have no logical date. The triggerer calls it: other executors than the local one run none.
        since = DeadlineReference.DAGRUN_QUEUED_AT
        return DeadlineAlert(since, waited, AsyncCallback("wordround.deadlines.tell_engineer"))

    @property
    def warehouse(self) -> dict[str, str]:
        """Where a task waits that needs the home with the warehouse: its turn, and the one worker in that home.

        Both, because a task that is sent to a worker and not begun within ten minutes counts as failed: in a pool of
        one slot no more than one is ever sent.
        """
        return {"pool": trusts.called("warehouse", self.name), "queue": trusts.called("warehouse", self.name)}

    def _all(self, options: dict[str, Any]) -> dict[str, Any]:
        first = _EVERY_TASK
        tags = options["tags"]
        if self.name is not None:
            first = first | {"pre_execute": enter, "queue": trusts.called("default", self.name)}
            tags = [*tags, self.name]
        return _EVERY_DAG | options | {"tags": tags, "default_args": first | options["default_args"]}


def trust_of(file: str) -> DagsOf:
    """Return whose DAGs a file makes, by the path that it was read by. Raises TrustUnusable, SettingsInvalid."""
    if trusts.folder() is None:
        return DagsOf(None)
    read_by = Path(file).absolute()
    _, name = trusts.parted(read_by.stem)
    if name is None or read_by.parent != trusts.dag_folders() / name:
        raise SettingsInvalid(
            f"{trusts.ALL} names several trusts: Airflow reads their DAGs below {trusts.dag_folders()}, where "
            "`wordround up` lays them."
        )
    trusts.check(name)
    return DagsOf(name)


def enter(context: Any) -> None:
    """Before a task: its process is told what its own trust is told, and nothing of another's."""
    _, name = trusts.parted(context["ti"].dag_id)
    if name is not None:
        trusts.enter(name)
