"""### build_marts

Whenever comments were loaded: scores and codes what is new, checks it, builds the measures, checks those, and puts a
finished copy where analysts read it. Then `watch_trends` starts by itself.

**Normal:** about half a minute with nothing new. Analysts can read all the while: the published file is replaced in one
moment at the very end. **Not normal:** a red `gate_...` or `build`. Then nothing was published and analysts still read
the last figures: safe, but stale. Nothing needs to be undone. **If it fails:** docs/runbook.md#build_marts
"""

from datetime import timedelta

from airflow.sdk import Asset, dag, task


@dag(
    schedule=Asset("comments"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "patient-experience",
        "retries": 1,  # a verdict does not change by asking again; a busy warehouse does
        "retry_delay": timedelta(minutes=2),
        "retry_exponential_backoff": True,
        "pool": "warehouse",
    },
    tags=["build"],
    doc_md=__doc__,
)
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

    @task(outlets=[Asset("published")])
    def publish() -> dict:
        from wordround import pipeline, settings

        return pipeline.publish(settings.load_settings())

    loaded, publishable = (gate.override(task_id=f"gate_{name}")(name) for name in ("loaded", "publishable"))
    understand() >> loaded >> build() >> publishable >> publish()


build_marts()
