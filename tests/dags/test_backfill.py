"""A back-fill on a fresh Airflow: real scheduler, real tasks, a home of its own."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.fixtures.fft_files import row, write_csv
from wordround import pipeline
from wordround.land.manifests import landed
from wordround.local_airflow import processes, stack
from wordround.local_airflow.environment import airflow_home
from wordround.settings import Settings

pytestmark = pytest.mark.slow

LAST = datetime.now(UTC).date() - timedelta(days=1)
FIRST = LAST - timedelta(days=2)
DAYS = [FIRST, FIRST + timedelta(days=1), LAST]
DAGS = {
    "ingest_daily", "build_marts", "watch_trends", "honour_deletions_daily", "report_weekly", "report_monthly",
}  # fmt: skip
# Airflow's own back-fill had started a scheduled run beside it within 12 seconds.
UNASKED_WITHIN = 25.0
GIVE_UP = 2400.0


@pytest.fixture
def airflow(settings: Settings):
    """A running Airflow that has never run anything; three files wait in the drop folder."""
    for number in range(3):
        answers = [row(n, good=f"Kind nurse {n}") for n in range(40 * number, 40 * number + 40)]
        write_csv(settings.home / "inbox" / "fft" / f"week-{number}.csv", answers)
    stack.start(settings, progress=lambda _: None, with_parent=True)
    try:
        with stack.client(settings) as api:
            until(lambda: api.dag_ids() >= DAGS)
            yield api
    finally:
        processes.stop(airflow_home(settings))


def until(holds) -> None:
    deadline = time.monotonic() + GIVE_UP
    while not holds():
        assert time.monotonic() < deadline, "gave up waiting"
        time.sleep(1)


def is_quiet(api) -> bool:
    """Whether every run there is has ended well."""
    states = Counter(run["state"] for run in api.runs())
    assert set(states) <= {"queued", "running", "success"}, states
    return set(states) == {"success"}


def test_a_back_fill_runs_its_days_and_the_last_one_and_nothing_that_nobody_asked_for(settings: Settings, airflow):
    outcome = pipeline.backfill(settings, FIRST, LAST)
    assert len(outcome["runs"]) == len(DAYS)
    # By hand in the midst of it: one of the two lands each file.
    until(lambda: list(landed(settings)))
    beside = pipeline.collect(settings, "fft", datetime.now(UTC).date())
    until(lambda: is_quiet(airflow) and len(airflow.runs("build_marts")) > 0)
    time.sleep(UNASKED_WITHIN)
    # What the runs brought may be built in two goes, the second of which begins after a quiet moment.
    until(lambda: is_quiet(airflow))
    runs = airflow.runs("ingest_daily")
    assert [run["dag_run_id"] for run in runs] == outcome["runs"], "each day once, oldest first, and no other run"
    assert {run["run_type"] for run in runs} == {"manual"}
    assert [airflow.result("ingest_daily", run, "load")["refused"] for run in outcome["runs"]] == [[]] * 3
    assert [run["conf"] for run in runs] == [{"day": day.isoformat(), "source": None} for day in DAYS]
    collected = [airflow.result("ingest_daily", run, "collect", 0) for run in outcome["runs"]]
    assert sorted(batch for one in [beside, *collected] for batch in one["batches"]) == sorted(
        one.batch_id for one in landed(settings)
    )
    assert sorted(one.file for one in landed(settings)) == [f"week-{number}.csv" for number in range(3)]
    by_airflow = {one.logical_date for one in landed(settings) if one.batch_id not in beside["batches"]}
    assert by_airflow <= set(DAYS) and by_airflow
    assert {run["state"] for run in airflow.runs("build_marts")} == {"success"}
    assert (settings.published / "wordround.duckdb").exists()
