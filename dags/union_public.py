"""### union_public

Where one installation is several trusts': on the second Monday of a month unites what each gives out for everybody in
one file, for a region or a nation. It reads public figures alone, small numbers hidden.

**Normal:** seconds. `every_trust_in_it` red: a trust gives nothing out yet, or its folder or file cannot be used; the
log names it, and the union holds the others. **If it fails:** docs/runbook.md#union_public
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task


@dag(
    schedule=CronTriggerTimetable("0 8 * * MON#2", timezone="Europe/London", run_immediately=timedelta(0)),
    catchup=False, max_active_runs=1, tags=["public"], doc_md=__doc__,
    default_args={"owner": "patient-experience", "retries": 1, "retry_delay": timedelta(minutes=5),
                  "retry_exponential_backoff": True},
)  # fmt: skip
def union_public():
    @task
    def unite(dag_run=None) -> dict:
        from wordround import pipeline

        return pipeline.unite_trusts(pipeline.logical_day(dag_run.logical_date or dag_run.run_after))

    @task
    def every_trust_in_it(united: dict) -> None:
        from wordround import pipeline

        pipeline.require_whole(united)

    every_trust_in_it(unite())


union_public()
