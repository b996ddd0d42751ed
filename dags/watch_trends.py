"""### watch_trends

Whenever new figures were published: issues the alert episodes in them, notes what is new, and sends each subscriber one
digest of what concerns him and was not sent to him yet, by mail, by webhook, or both. No news, no digest.

**Normal:** a few seconds; most days it sends nothing. The tables `notices` and `alert_deliveries` of the records list
what was told, when and to whom.

**Not normal:** red. Then somebody was not told, and the log names who; the others were. The next run tells what is
still untold, so nothing is lost, and nobody is told twice.

**If it fails:** docs/runbook.md#watch_trends
"""

from datetime import timedelta

from airflow.sdk import task

from wordround.trust_dags import trust_of

trust = trust_of(__file__)


@trust.dag(
    schedule=trust.asset("published"),
    default_args={
        "retries": 3,
        "retry_delay": timedelta(minutes=5),
        "max_retry_delay": timedelta(hours=1),
    },
    tags=["alerts"],
    doc_md=__doc__,
)
def watch_trends():
    @task(**trust.warehouse)
    def watch() -> dict:
        from wordround import pipeline, settings

        return pipeline.watch_trends(settings.load_settings())

    watch()


watch_trends()
