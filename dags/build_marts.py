"""### build_marts

Whenever comments were loaded: scores and codes what is new, checks it, builds the measures, checks those, puts a
finished copy where analysts read it and, when a month has closed, makes the next edition for the public.

**Normal:** about half a minute with nothing new; analysts read all the while. **Not normal:** a red `gate_...` or
`build`: analysts still read the last figures; undo nothing. After two hours the engineer is mailed that figures are
late. **If it fails:** docs/runbook.md#build_marts
"""

from datetime import timedelta

from airflow.sdk import task

from wordround.trust_dags import trust_of

trust = trust_of(__file__)


@trust.dag(
    schedule=trust.asset("comments"), deadline=trust.late_after(timedelta(hours=2)), tags=["build"], doc_md=__doc__,
    # A verdict does not change by asking again; a busy warehouse does.
    default_args={"retries": 1, "retry_delay": timedelta(minutes=2), **trust.warehouse},
)  # fmt: skip
def build_marts():
    @task
    def understand() -> dict:
        from wordround import pipeline, settings

        return pipeline.understand(settings.load_settings())

    @task
    def gate(name: str) -> dict:
        from wordround import pipeline, settings

        return pipeline.gate(settings.load_settings(), name)

    @task
    def build() -> dict:
        from wordround import pipeline, settings

        return pipeline.build(settings.load_settings())

    @task(outlets=[trust.asset("published")])
    def publish() -> dict:
        from wordround import pipeline, settings

        return pipeline.publish(settings.load_settings())

    @task
    def edition() -> dict:
        from wordround import pipeline, settings

        return pipeline.edition(settings.load_settings())

    loaded, publishable = (gate.override(task_id=f"gate_{name}")(name) for name in ("loaded", "publishable"))
    understand() >> loaded >> build() >> publishable >> publish() >> edition()


build_marts()
