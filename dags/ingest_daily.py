"""### ingest_daily

Every morning: collects what is new at every enabled source, takes identifiers out before anything is written, lands it,
and loads it into the warehouse. Then `build_marts` starts by itself.

**Normal:** 20 seconds to a few minutes. Nothing new is normal too: zero rows, all green. A red `collect` in a green run
is one source that was down: the others were loaded; coverage and the report say what is missing. **Not normal:** no
source was collected whole (one unreadable file is enough where there are files only), or a batch was not loaded: red,
and the engineer is mailed after three hours unless figures of the day are published. **If it fails, and how to
back-fill (`day`, `source`):** docs/runbook.md#ingest_daily
"""

from datetime import timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import CronTriggerTimetable, Param, TriggerRule, task

from wordround.trust_dags import trust_of

trust = trust_of(__file__)


@trust.dag(
    schedule=CronTriggerTimetable("30 5 * * *", timezone="Europe/London", run_immediately=timedelta(0)),
    deadline=trust.late_after(timedelta(hours=3)), tags=["ingest"], doc_md=__doc__,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=1), "max_retry_delay": timedelta(minutes=15)},
    params={"day": Param(None, type=["null", "string"]), "source": Param(None, type=["null", "string"])},
)  # fmt: skip
def ingest_daily():
    @task
    def sources(params=None) -> list[str]:
        from wordround import pipeline, settings

        return pipeline.sources(settings.load_settings(), params["source"])

    @task
    def collect(source: str, dag_run=None, params=None) -> dict:
        from wordround import pipeline, settings

        day = pipeline.logical_day(dag_run.logical_date or dag_run.run_after, params["day"])
        return pipeline.collect(settings.load_settings(), source, day)

    @task(trigger_rule=TriggerRule.ALL_DONE, **trust.warehouse, outlets=[trust.asset("comments")])
    def load(collected: list[dict]) -> dict:
        from wordround import pipeline, settings

        return pipeline.load(settings.load_settings(), collected)

    @task
    def every_batch_loaded(loaded: dict) -> None:
        from wordround import pipeline

        pipeline.require_whole(loaded)

    collected = collect.expand(source=sources())
    every_batch_loaded(load(collected))
    collected >> EmptyOperator(task_id="one_source_at_least", trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)


ingest_daily()
