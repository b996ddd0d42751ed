"""### collect_conversations

Every five minutes: where a declared conversation is on (from half an hour before it begins until two hours after it
ends), asks the sources for what is new of it, within their limits and budgets, and loads that; `build_marts` follows,
and hosts see it on the web page.

**Normal:** a second or two; nearly always no conversation is on, and `collect` and `load` are skipped. A red `collect`
in a green run is a source that was down: the others were loaded, and the next run asks again. **Not normal:** `on` red:
the records or a register cannot be read. **If it fails:** docs/runbook.md#collect_conversations
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, TriggerRule, task

from wordround.trust_dags import trust_of

trust = trust_of(__file__)


@trust.dag(
    schedule=CronTriggerTimetable("*/5 * * * *", timezone="Europe/London", run_immediately=timedelta(0)),
    tags=["ingest"], doc_md=__doc__,
    # The next run is five minutes away, and asks for whatever this one left open.
    default_args={"retries": 1, "retry_delay": timedelta(seconds=20), "max_retry_delay": timedelta(minutes=1)},
)  # fmt: skip
def collect_conversations():
    @task
    def on() -> list[str]:
        from wordround import pipeline, settings

        return pipeline.conversations_on(settings.load_settings())

    @task
    def collect(name: str) -> dict:
        from wordround import pipeline, settings

        return pipeline.collect_live(settings.load_settings(), name)

    # Skipped with `collect` where nothing is on; not where a source of a conversation failed.
    @task(trigger_rule=TriggerRule.NONE_SKIPPED, **trust.warehouse, outlets=[trust.asset("comments")])
    def load() -> dict:
        from wordround import pipeline, settings

        return pipeline.load(settings.load_settings())

    collect.expand(name=on()) >> load()


collect_conversations()
