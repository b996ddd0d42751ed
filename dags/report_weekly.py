"""### report_weekly

Monday 07:00: writes the weekly report and its editions, waits until a person approved them, and sends them.
**Normal:** `approve` waits, on the web page and under "Required Actions". *Approve* sends. After *Reject*, with a
reason, `send` sends nothing and says where the reason stands. **If it fails,** or nobody answered by Friday 07:00:
docs/runbook.md#report_weekly
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import CronTriggerTimetable, Param, task

from wordround.trust_dags import trust_of

trust = trust_of(__file__)


@trust.dag(
    schedule=CronTriggerTimetable("0 7 * * MON", timezone="Europe/London", run_immediately=timedelta(0)),
    tags=["report"], doc_md=__doc__,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5), "max_retry_delay": timedelta(hours=1)},
)  # fmt: skip
def report_weekly():
    @task(**trust.warehouse)
    def render() -> dict:
        from wordround import pipeline, settings

        return pipeline.render_report(settings.load_settings())

    @task(**trust.warehouse)
    def settle(rendered: dict, decided: dict) -> dict:
        from wordround import pipeline, settings

        return pipeline.settle_report(settings.load_settings(), rendered, decided)

    @task(**trust.warehouse)
    def send(rendered: dict) -> dict:
        from wordround import pipeline, settings

        return pipeline.send_report(settings.load_settings(), rendered)

    approve = HITLOperator(
        task_id="approve",
        retries=0,  # a second try would ask the same person again
        subject="May this week's report be sent?",
        options=["Approve", "Reject"],
        body="Read it first: {{ ti.xcom_pull(task_ids='render')['folder'] }}/report.html",
        params={"reason": Param("", type=["string", "null"], title="Why not, where it is rejected (name nobody)")},
        response_timeout=timedelta(days=4),
    )
    (rendered := render()) >> approve
    settle(rendered, approve.output) >> send(rendered)


report_weekly()
