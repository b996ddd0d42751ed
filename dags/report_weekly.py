"""### report_weekly

Monday 07:00: writes the weekly report from the published figures, waits until a person approved it, and sends it.

**Normal:** `render` takes some seconds, then `approve` waits (under "Required Actions"). *Approve* sends the
report; *Reject* skips `send` and the run ends green without a mail. Nobody is mailed without a person's yes.

**Not normal:** nobody answered by Friday 07:00. Then `approve` turns red and nothing is sent: silence is not consent.

**If it fails:** docs/runbook.md#report_weekly
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import CronTriggerTimetable, dag, task


@dag(
    schedule=CronTriggerTimetable("0 7 * * MON", timezone="Europe/London", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "patient-experience",
        "retries": 3,
        "retry_delay": timedelta(minutes=5),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(hours=1),
    },
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
        from pathlib import Path

        from wordround import pipeline, settings

        return pipeline.send_report(settings.load_settings(), Path(rendered["folder"]))

    approve = ApprovalOperator(
        task_id="approve",
        retries=0,  # a second try would ask the same person again
        subject="May this week's report be sent?",
        body="Read it first: {{ ti.xcom_pull(task_ids='render')['folder'] }}/report.html",
        response_timeout=timedelta(days=4),
    )
    rendered = render()
    rendered >> approve >> send(rendered)


report_weekly()
