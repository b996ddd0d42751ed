"""A report that a real Airflow waits for, decided on at the web page: API server, scheduler and DAGs as they run."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.mail_server import Inbox, free_port, mail_server
from tests.fixtures.published import publish, settings_for
from tests.fixtures.web import Site, Visitor, site, web_settings, words
from wordround.errors import AirflowFailed
from wordround.local_airflow import approvals, stack
from wordround.local_airflow.environment import airflow_home
from wordround.records import report_decisions, sent_reports

pytestmark = pytest.mark.slow

WEEK = "2026-W46"
DECIDE = f"/reports/{WEEK}/decide"
PUT_ASIDE = "final_state=awaiting_input"
WHY = "The crisis team is missing."


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Inbox]]:
    """A page whose home has an Airflow that runs, and the mail server that its tasks know."""
    home = tmp_path_factory.mktemp("waiting").resolve()
    publish(home)
    settings = settings_for(home)
    # A port of its own: another test may start an Airflow at the same moment.
    own = settings.environment.model_copy(update={"airflow_port": free_port()})
    settings = settings.model_copy(update={"environment": own})
    with mail_server() as inbox:
        mail = {"WORDROUND_SMTP_HOST": "127.0.0.1", "WORDROUND_SMTP_PORT": str(inbox.port)}
        stack.start(settings, progress=lambda _: None, with_parent=True, variables=mail)
        try:
            with site(home) as made:
                yield made, inbox
        finally:
            stack.down(settings)


def until(said: str, holds) -> None:
    give_up = time.monotonic() + 240
    while not holds():
        assert time.monotonic() < give_up, f"waited four minutes until {said}"
        time.sleep(0.5)


def waiting_run(made: Site) -> str:
    """Start the DAG and wait until it asks; return its run."""
    run = f"asked__{time.monotonic_ns()}"
    log = airflow_home(made.settings) / "logs" / "scheduler.log"
    before = log.read_text(errors="replace").count(PUT_ASIDE)
    with stack.client(made.settings) as api:
        until("the DAG was read", lambda: "report_weekly" in api.dag_ids())
        api.trigger("report_weekly", run)
    until("a person was asked", lambda: any(each.run_id == run for each in approvals.waiting(made.settings)))
    # An answer within the second in which the task is put aside is lost; no person reads as fast.
    until("it was put aside", lambda: log.read_text(errors="replace").count(PUT_ASIDE) > before)
    time.sleep(3)
    return run


def ended(made: Site, run: str) -> dict[str, object]:
    """Wait until a run has succeeded; return what its last tasks returned."""
    with stack.client(made.settings) as api:

        def state() -> str:
            return next(each["state"] for each in api.runs("report_weekly") if each["dag_run_id"] == run)

        until("the run has ended", lambda: state() in ("success", "failed"))
        assert state() == "success", [(each["task_id"], each["state"]) for each in api.tasks("report_weekly", run)]
        return {task: api.result("report_weekly", run, task) for task in ("settle", "send")}


def test_what_is_decided_on_the_page_is_what_airflow_does(running: tuple[Site, Inbox]) -> None:
    made, inbox = running
    run = waiting_run(made)
    approver: Visitor = made.visitor("m.farrow", "approvers")
    assert "Read and decide" in approver.words("/reports")
    said = words(approver.send(DECIDE, DECIDE, decision="reject", why=WHY))
    assert "Airflow was told, and sends nothing." in said
    outcome = ended(made, run)
    assert outcome["settle"]["approved"] is False and outcome["send"]["sent"] is False
    assert inbox.messages == [] and sent_reports.last_sent(made.settings, WEEK) is None
    (kept,) = report_decisions.of_reports(made.settings, [WEEK])
    assert (kept.by, kept.way, kept.why) == ("m.farrow", "page", WHY), "once, and by whom it was decided"

    # The same page is asked about again: the decision stands until somebody decides anew.
    run = waiting_run(made)
    assert "Rejected by m.farrow" in approver.words(DECIDE)
    anew = approver.send(DECIDE, DECIDE, decision="approve", why="It is there after all.")
    assert "Airflow was told, and sends it." in words(anew)
    outcome = ended(made, run)
    assert outcome["send"]["sent"] is True and len(inbox.messages) == 1
    assert [each.way for each in report_decisions.of_reports(made.settings, [WEEK])] == ["page", "page"]
    assert "sent" in approver.words(DECIDE) and "May it be sent?" not in approver.words(DECIDE)


def test_a_page_that_knows_airflow_by_its_settings_tells_it_what_was_decided(
    running: tuple[Site, Inbox], tmp_path: Path
) -> None:
    """As from another machine: by an address and a password, with what was decided while Airflow was not there."""
    made, _ = running
    with stack.client(made.settings) as api:
        address, password = api.address, made.settings.home / "airflow" / "password.json"
    airflow = {"address": address, "user": "wordround"}
    settings = web_settings(made.settings.home, airflow=airflow)
    secret = type(settings.environment.proxy_secret)(password.read_text().split('"')[3])
    environment = settings.environment.model_copy(update={"airflow_password": secret})
    elsewhere = settings.model_copy(update={"environment": environment})
    run = waiting_run(made)
    (asked,) = approvals.waiting(elsewhere)
    assert asked.run_id == run and list(asked.pages) == [WEEK] and asked.params == {"reason"}
    assert approvals.answer(elsewhere, asked, is_approved=False, why=WHY) is True
    assert approvals.answer(elsewhere, asked, is_approved=True) is False, "it was answered before"
    assert ended(made, run)["send"]["sent"] is False
    wrong = environment.model_copy(update={"airflow_password": environment.proxy_secret})
    with pytest.raises(AirflowFailed, match="does not accept the password that was given"):
        approvals.waiting(settings.model_copy(update={"environment": wrong}))


def test_a_run_that_does_not_say_what_it_asks_about_keeps_nobody_from_deciding(running: tuple[Site, Inbox]) -> None:
    """As one of another version, or whose results were tidied away."""
    made, _ = running
    run = waiting_run(made)
    with stack.client(made.settings) as api:
        path = f"/api/v2/dags/report_weekly/dagRuns/{run}/taskInstances/render/xcomEntries/return_value"
        said = api._client.patch(path, json={"value": {"another": "version"}, "map_index": -1})
        assert said.is_success, said.status_code
    assert approvals.waiting(made.settings) == []
    approver: Visitor = made.visitor("m.farrow", "approvers")
    assert approver.get(DECIDE).status_code == 200
