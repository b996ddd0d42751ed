"""### watch_trends

Whenever new figures were published: compares the alert episodes in them with what the quality leads were already told,
and sends one digest of what is new. No news, no mail.

**Normal:** a few seconds; most days it sends nothing. The table `notices` of the records lists what was told.

**Not normal:** red. Then the digest did not go out; the next run sends what is still untold, so nothing is lost.

**If it fails:** docs/runbook.md#watch_trends
"""

from datetime import timedelta

from airflow.sdk import Asset, dag, task


@dag(
    schedule=Asset("published"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "patient-experience",
        "retries": 3,
        "retry_delay": timedelta(minutes=5),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(hours=1),
    },
    tags=["alerts"],
    doc_md=__doc__,
)
def watch_trends():
    @task
    def watch() -> dict:
        from wordround import pipeline, settings

        return pipeline.watch_trends(settings.load_settings())

    watch()


watch_trends()
