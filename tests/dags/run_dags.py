"""Runs DAGs with `dag.test()` in this process's AIRFLOW_HOME and prints what became of each task, as JSON, to a file.

Arguments: that file, the folder of builds that are replayed (tests/fixtures/replayed.py), and the scenarios.

Scenarios, `chain` first since the last ones replace steps: `chain` runs ingest_daily for a logical date whose day in
London is the next one, build_marts and watch_trends on the real steps; `withdrawn` takes one form of the file back;
`asked` lets ingest_daily and honour_deletions_daily ask a stand-in of Bluesky, with what an Airflow connection says of
who asks; `conversations` runs collect_conversations while none is on, while one is, and while its source is down;
`damaged_batch` feeds one more file beside a batch that cannot be read; `reject` answers the approval of
report_weekly; `months` runs report_monthly with nothing due, and then with a month that is approved;
`one_source_down` and `all_sources_down` replace `collect`. `late` and `in_time` end
a build by the scheduler's own means, and let its deadline pass.
"""

import hashlib
import json
import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fixtures.mail_server import mail_server
from tests.fixtures.replayed import replayed
from tests.fixtures.social import block
from wordround.demo.standins.bluesky import LOGIN, PASSWORD, Bluesky
from wordround.demo.standins.world import posts
from wordround.local_airflow.launch import prepare_database

PROJECT = Path(__file__).resolve().parents[2]
SECRET = "".join(("zqx", "-canary-", "in-a-local-variable"))


def main() -> None:
    outcome, builds, *scenarios = sys.argv[1:]
    prepare_database()
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(PROJECT / "dags"))
    with replayed(Path(builds)):
        outcomes = {scenario: globals()[scenario](bag.dags) for scenario in scenarios}
    Path(outcome).write_text(json.dumps(outcomes, default=str))


def chain(dags):
    day = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    first = run(dags["ingest_daily"], logical_date=day)
    return {"ingest_daily": first} | {
        name: run(dags[name], logical_date=None) for name in ("build_marts", "watch_trends")
    }


def withdrawn(dags):
    from wordround.settings import load_settings

    inbox = load_settings().home / "inbox" / "fft"
    row_id = (inbox / "comments.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(",")[0]
    (inbox / "withdrawn").mkdir()
    (inbox / "withdrawn" / "withdrawn.csv").write_text(f"Response ID\n{row_id}\n")
    return run(dags["honour_deletions_daily"], logical_date=None) | {"row_id": row_id}


def asked(dags):
    home = Path(os.environ["WORDROUND_HOME"])
    os.environ["AIRFLOW_CONN_WORDROUND_BLUESKY"] = json.dumps(
        {"conn_type": "generic", "login": LOGIN, "password": PASSWORD}
    )
    with Bluesky(posts(40, until=datetime.now(UTC) - timedelta(minutes=5))) as standin:
        config = home / "asking.toml"
        written = Path(os.environ.get("WORDROUND_CONFIG", PROJECT / "wordround.toml")).read_text()
        config.write_text(written + block(standin, datetime.now(UTC).date() - timedelta(days=3)))
        os.environ["WORDROUND_CONFIG"] = str(config)
        ingested = run(dags["ingest_daily"], logical_date=None)
        standin.posts[7] = standin.posts[7].but(is_deleted=True)
        return {"ingested": ingested, "honoured": run(dags["honour_deletions_daily"], logical_date=None)}


def conversations(dags):
    from wordround.conversations import declaring
    from wordround.settings import load_settings

    live, now = dags["collect_conversations"], datetime.now(UTC)
    outcomes = {"none_on": run(live, logical_date=None)}
    world = posts(30, tag="MaternityHour", until=now - timedelta(minutes=5), every=timedelta(seconds=20), seed=3)
    with Bluesky(world) as standin:
        config = Path(os.environ["WORDROUND_HOME"]) / "conversing.toml"
        config.write_text((PROJECT / "wordround.toml").read_text() + block(standin, now.date()))
        before, os.environ["WORDROUND_CONFIG"] = os.environ["WORDROUND_CONFIG"], str(config)
        hour = {"begins": now - timedelta(minutes=20), "ends": now + timedelta(minutes=40)}
        declaring.declare(load_settings(), "maternity_hour", "KL", tags=["MaternityHour"], **hour)
        outcomes["on"] = run(live, logical_date=None)
        standin.misbehave("page", on="createSession", times=9)
        outcomes["down"] = run(live, logical_date=None)
        declaring.withdraw(load_settings(), "maternity_hour", "KL")
        os.environ["WORDROUND_CONFIG"] = before
    return outcomes


def damaged_batch(dags):
    from wordround import pipeline
    from wordround.settings import load_settings

    settings = load_settings()
    header = (
        "Response ID,Date received,Site,Service,Overall experience,What was good about your visit?,"
        "What could we do better?,Age group,Completed by"
    )
    for number, drawn in ((999998, False), (999997, True)):
        row = f"FV-{number},2026-10-31,Fernvale Hospital,Kestrel Ward,1,Kind staff,The wait was long,,"
        file = settings.home / "inbox" / "fft" / f"{number}.csv"
        file.write_text(f"{header}\n{row}\n")
        if not drawn:
            (batch_id,) = pipeline.collect(settings, "fft", datetime(2026, 11, 1).date())["batches"]
            (lost,) = settings.landing.rglob(f"*{batch_id}*.parquet")
            lost.unlink()
    outcome = run(dags["ingest_daily"], logical_date=None)
    for file in (settings.home / "inbox" / "fft").glob("99999?.csv"):
        file.unlink()
    return outcome


def one_source_down(dags):
    return sources_down(dags, {"broken"})


def all_sources_down(dags):
    return sources_down(dags, {"broken", "fft"})


def sources_down(dags, down):
    from wordround import pipeline, settings
    from wordround.errors import FileUnreadable

    def collect(_, source, logical_date):
        comment = SECRET
        if source in down:
            raise FileUnreadable(f"{source}: {len(comment)} characters cannot be read")
        return {"source": source, "logical_date": str(logical_date), "batches": []}

    settings.Sources.enabled = lambda _: ("broken", "fft")
    pipeline.collect = collect
    pipeline.load = lambda *_: {"rows": 0, "refused": []}
    return run(dags["ingest_daily"], logical_date=None)


def reject(dags):
    from wordround import pipeline, settings

    folder = settings.load_settings().reports / "2026-W45"
    folder.mkdir(parents=True)
    page = b"<p>the report</p>"
    (folder / "report.html").write_bytes(page)
    pages = {str(folder): hashlib.sha256(page).hexdigest()}
    pipeline.render_report = lambda _: {"folder": str(folder), "pages": pages}
    threading.Thread(target=answer, args=("Reject",), daemon=True).start()
    outcome = run(dags["report_weekly"], logical_date=None)
    from wordround.records import report_decisions

    decided = report_decisions.of_reports(settings.load_settings(), [folder.name])
    return outcome | {"decided": [(each.by, each.why) for each in decided]}


def months(dags):
    from wordround import pipeline, settings

    pipeline.due_reports = lambda _: []
    none_due = run(dags["report_monthly"], logical_date=None)
    folder = settings.load_settings().reports / "2026-09"
    folder.mkdir(parents=True)
    page = b"<p>the report</p>"
    (folder / "report.html").write_bytes(page)
    (folder / "report.txt").write_text("the report")
    shown = {"period": "2026-09", "title": "September 2026", "first_day": "2026-08-31", "last_day": "2026-09-27"}
    written = {**shown, "trust": "x", "build_id": "x", "rules": {"largest_hidden_count": "4"}, "first_page": {}}
    lists = {name: [] for name in ("governance", "findings", "services", "quoted_comment_ids")}
    (folder / "report.json").write_text(json.dumps(written | lists))
    pipeline.due_reports = lambda _: ["2026-09"]
    pages = {str(folder): hashlib.sha256(page).hexdigest()}
    pipeline.render_reports = lambda _, periods: {"folders": [str(folder)], "pages": pages, "periods": periods}
    written_settings = settings.load_settings
    nobody = {"report": written_settings().report.model_copy(update={"recipients": ()})}
    settings.load_settings = lambda: written_settings().model_copy(update=nobody)
    threading.Thread(target=answer, args=("Approve",), daemon=True).start()
    try:
        return {"none_due": none_due, "approved": run(dags["report_monthly"], logical_date=None)}
    finally:
        settings.load_settings = written_settings


def answer(choice):
    """What the API server does when a person answers."""
    from airflow.models.hitl import HITLDetail
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.trigger import handle_event_submit
    from airflow.triggers.base import TriggerEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    while True:
        time.sleep(0.5)
        with create_session() as session:
            asked = session.scalar(select(TaskInstance).where(TaskInstance.state == "awaiting_input"))
            if asked is not None:
                detail = session.scalar(select(HITLDetail).where(HITLDetail.ti_id == asked.id))
                detail.chosen_options, detail.params_input = [choice], {"reason": "the week is not complete"}
                detail.responded_at, detail.responded_by = datetime.now(UTC), {"id": "test", "name": "test"}
                event = TriggerEvent(detail.as_resume_event_payload())
                handle_event_submit(event, task_instance=asked, session=session)
                return


def late(dags):
    ended(dags["build_marts"], "failed")
    with mail_server() as inbox:
        os.environ["WORDROUND_SMTP_HOST"], os.environ["WORDROUND_SMTP_PORT"] = "127.0.0.1", str(inbox.port)
        missed = pass_deadlines(timedelta(hours=1)), pass_deadlines(timedelta(hours=3))
    mails = [(str(mail["To"]), str(mail["Subject"]), mail.as_string()) for mail in inbox.messages]
    return {"missed": missed, "mails": mails}


def in_time(dags):
    return {"state": ended(dags["build_marts"], "success"), "missed": pass_deadlines(timedelta(hours=9))}


def ended(dag, state):
    """A run as the scheduler makes it of a DAG that the processor has read, whose tasks have all ended so."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    now = datetime.now(UTC)
    DagBundlesManager().sync_bundles_to_db()
    for _ in range(2):
        # Read twice, as it is every minute: a deadline that is the same stays the same.
        sync_bag_to_db(DagBag(str(PROJECT / "dags")), "dags-folder", None)
    with create_session() as session:
        found = SerializedDagModel.get(dag.dag_id, session=session).dag
        made = found.create_dagrun(
            run_id=f"{state}_{now.isoformat()}", run_after=now, run_type=DagRunType.MANUAL, state=DagRunState.QUEUED,
            triggered_by=DagRunTriggeredByType.TEST, session=session,
        )  # fmt: skip
        made.dag = found
        for task in made.get_task_instances(session=session):
            task.state = state
        session.flush()
        made.set_state(DagRunState.RUNNING)
        made.update_state(session=session, execute_callbacks=False)
        return str(made.state)


def pass_deadlines(later):
    """What the scheduler does with deadlines when so much time has passed, and what the triggerer makes of it."""
    import asyncio

    from airflow.models.deadline import Deadline
    from airflow.triggers.callback import CallbackTrigger
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        passed = Deadline.deadline_time < datetime.now(UTC) + later
        missed = session.scalars(select(Deadline).where(passed, ~Deadline.missed)).all()
        for deadline in missed:
            deadline.handle_miss(session)
        triggers = [deadline.callback.trigger for deadline in missed]
        calls = [(trigger.classpath, dict(trigger.kwargs)) for trigger in triggers]

    async def events(trigger):
        return [event.payload async for event in trigger.run()]

    assert all(classpath.endswith("CallbackTrigger") for classpath, _ in calls)
    return [asyncio.run(events(CallbackTrigger(**arguments))) for _, arguments in calls]


def run(dag, logical_date):
    from airflow.utils.session import create_session

    # dag.test() of Airflow 3.3.2 cannot end a run that has one: it looks up a deadline by its definition.
    dag.deadline = None
    for task in dag.tasks:
        getattr(task, "partial_kwargs", {})["retries"] = 0
        task.retries = 0
    finished = dag.test(logical_date=logical_date)
    with create_session() as session:
        finished = session.merge(finished)
        tasks = {
            f"{ti.task_id}[{ti.map_index}]".removesuffix("[-1]"): ti
            for ti in finished.get_task_instances(session=session)
        }
        return {
            "state": finished.state,
            "tasks": {name: ti.state for name, ti in tasks.items()},
            "returned": {
                name: ti.xcom_pull(task_ids=ti.task_id, map_indexes=ti.map_index) for name, ti in tasks.items()
            },
        }


if __name__ == "__main__":
    main()
