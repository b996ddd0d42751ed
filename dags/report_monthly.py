"""### report_monthly

Monday 07:30: writes the report of a month, and of a quarter, whose data have arrived, and sends it once approved.
**Normal:** in most weeks `due` finds none and the rest is skipped. Else `approve` waits, as that of the week:
one decision for all. After *Reject* they are not due any more. **If it fails:** docs/runbook.md#report_monthly
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import CronTriggerTimetable, Param, task

from wordround.trust_dags import trust_of

trust = trust_of(__file__)


@trust.dag(
    schedule=CronTriggerTimetable("30 7 * * MON", timezone="Europe/London", run_immediately=timedelta(0)),
    tags=["report"], doc_md=__doc__,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5), "max_retry_delay": timedelta(hours=1)},
)  # fmt: skip
def report_monthly():
    @task.short_circuit(**trust.warehouse)
    def due() -> list:
        from wordround import pipeline, settings

        return pipeline.due_reports(settings.load_settings())

    @task(**trust.warehouse)
    def render(periods: list) -> dict:
        from wordround import pipeline, settings

        return pipeline.render_reports(settings.load_settings(), periods)

    @task(**trust.warehouse)
    def settle(rendered: dict, decided: dict) -> dict:
        from wordround import pipeline, settings

        return pipeline.settle_report(settings.load_settings(), rendered, decided)

    @task(**trust.warehouse)
    def send(rendered: dict) -> dict:
        from wordround import pipeline, settings

        return pipeline.send_report(settings.load_settings(), rendered)

    approve = HITLOperator(
        task_id="approve", options=["Approve", "Reject"],
        retries=0,  # a second try would ask the same person again
        subject="May the report of the month, or of the quarter, be sent?",
        body="Read report.html first, in: {{ ti.xcom_pull(task_ids='render')['folders'] | join(', ') }}",
        params={"reason": Param("", type=["string", "null"], title="Why not, where it is rejected (name nobody)")},
        response_timeout=timedelta(days=4),
    )  # fmt: skip
    (rendered := render(due())) >> approve
    settle(rendered, approve.output) >> send(rendered)


report_monthly()
