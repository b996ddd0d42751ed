"""### ingest_daily

Every morning: collects what is new at every enabled source, takes identifiers out before anything is written, lands it,
and loads it into the warehouse. Then `build_marts` starts by itself.

**Normal:** 20 seconds to a few minutes, most of it in `load`. Nothing new is normal too: zero rows, all green. A red
`collect` in a green run is one source that was down or one file that could not be read: the others were loaded, and the
coverage table and the report say what is missing.

**Not normal:** no source could be collected. Then `load` does not run and the whole run is red.

**If it fails, and how to back-fill:** docs/runbook.md#ingest_daily
"""

from datetime import timedelta

from airflow.sdk import Asset, CronTriggerTimetable, TriggerRule, dag, task


@dag(
    schedule=CronTriggerTimetable("30 5 * * *", timezone="Europe/London", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "patient-experience",
        "retries": 3,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=15),
    },
    tags=["ingest"],
    doc_md=__doc__,
)
def ingest_daily():
    @task
    def sources() -> list[str]:
        from wordround import settings

        return list(settings.load_settings().sources.enabled())

    @task
    def collect(source: str, dag_run=None) -> dict:
        from wordround import pipeline, settings

        day = pipeline.logical_day(dag_run.logical_date or dag_run.run_after)
        return pipeline.collect(settings.load_settings(), source, day)

    @task(trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS, pool="warehouse", outlets=[Asset("comments")])
    def load() -> dict:
        from wordround import pipeline, settings

        return pipeline.load(settings.load_settings())

    collect.expand(source=sources()) >> load()


ingest_daily()
