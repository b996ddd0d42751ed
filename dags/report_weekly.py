"""### report_weekly

Monday 07:00: writes the weekly report and its editions, waits until a person approved them, and sends them.

**Normal:** `render` takes a minute, then `approve` waits (under "Required Actions"). *Approve* sends; *Reject*, with a
reason, skips `send`, and the run ends green without a mail. `settle` says who decided and why.

**Not normal:** nobody answered by Friday 07:00. Then `approve` turns red and nothing is sent: silence is not consent.

**If it fails:** docs/runbook.md#report_weekly
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import CronTriggerTimetable, Param, dag, task

RETRIES = {"retries": 3, "retry_delay": timedelta(minutes=5), "retry_exponential_backoff": True}


@dag(
    schedule=CronTriggerTimetable("0 7 * * MON", timezone="Europe/London", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "patient-experience", "max_retry_delay": timedelta(hours=1), **RETRIES},
    tags=["report"],
    doc_md=__doc__,
)
def report_weekly():
    @task
    def render() -> dict:
        from wordround import pipeline, settings

        return pipeline.render_report(settings.load_settings())

    @task
    def send(rendered: dict) -> dict:
        from wordround import pipeline, settings

        return pipeline.send_report(settings.load_settings(), rendered)

    @task(trigger_rule="none_failed")
    def settle(rendered: dict, **context) -> dict:
        from wordround import pipeline, settings

        return pipeline.settle_report(settings.load_settings(), rendered, context["ti"].xcom_pull(task_ids="approve"))

    approve = ApprovalOperator(
        task_id="approve",
        retries=0,  # a second try would ask the same person again
        subject="May this week's report be sent?",
        body="Read it first: {{ ti.xcom_pull(task_ids='render')['folder'] }}/report.html",
        params={"reason": Param("", type=["string", "null"], title="Why not, where it is rejected")},
        response_timeout=timedelta(days=4),
    )
    rendered = render()
    rendered >> approve >> send(rendered) >> settle(rendered)


report_weekly()
