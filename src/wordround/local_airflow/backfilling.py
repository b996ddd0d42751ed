"""Back-filling: the days of a range as runs of `ingest_daily`, one a day, oldest first.

They are runs by hand. Airflow's own back-fill counts as its latest scheduled run: where there was none yet, as on a new
installation, it starts a scheduled run that nobody asked for, beside it.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from wordround import trusts
from wordround.local_airflow import stack
from wordround.settings import Settings

DAG = "ingest_daily"


def start(settings: Settings, days: Sequence[date], source: str | None) -> dict[str, Any]:
    """Have the running Airflow collect these days, one after the other. Returns {address, runs}; none has begun.

    source: only this one; None for every enabled one. Raises AirflowFailed.
    """
    asked_at = f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}"
    with stack.client(settings) as api:
        runs = [f"fill__{day}__{asked_at}" for day in days]
        for day, run_id in zip(days, runs, strict=True):
            api.trigger(
                trusts.called(DAG, settings.environment.trust), run_id, {"day": day.isoformat(), "source": source}
            )
        return {"address": api.address, "runs": runs}
