"""### honour_deletions_daily

Every night: asks each source what was deleted or withdrawn and erases it everywhere, lets text go that was kept long
enough and, where something went, builds the measures from the start and publishes them.

**Normal:** seconds, and nothing to do; about a minute where something went. **Not normal:** red. A red `ask` is a
source or a trust's list that cannot be read; the others were honoured. A red `publish` means that analysts still read
what was erased: put its cause right the same day. **If it fails:** docs/runbook.md#honour_deletions_daily
"""

from datetime import timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import CronTriggerTimetable, TriggerRule, task

from wordround.trust_dags import trust_of

trust = trust_of(__file__)


@trust.dag(
    schedule=CronTriggerTimetable("30 2 * * *", timezone="Europe/London", run_immediately=timedelta(0)),
    tags=["privacy"], doc_md=__doc__,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
)  # fmt: skip
def honour_deletions_daily():
    @task
    def sources() -> list[str]:
        from wordround import settings

        return list(settings.load_settings().sources.known())

    @task(**trust.warehouse)
    def ask(source: str) -> dict:
        from wordround import pipeline, settings

        return pipeline.honour_source(settings.load_settings(), source)

    @task(**trust.warehouse, trigger_rule=TriggerRule.ALL_DONE)
    def expire() -> dict:
        from wordround import pipeline, settings

        return pipeline.expire(settings.load_settings())

    @task(**trust.warehouse, trigger_rule=TriggerRule.ALL_DONE)
    def publish() -> dict:
        from wordround import pipeline, settings

        return pipeline.rebuild(settings.load_settings())

    asked = ask.expand(source=sources())
    asked >> expire() >> publish()
    asked >> EmptyOperator(task_id="every_source_honoured")


honour_deletions_daily()
