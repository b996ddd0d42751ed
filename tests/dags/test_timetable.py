"""When the DAGs run, how they start each other, and that dags/README.md says the same."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

TIMETABLE = Path(__file__).resolve().parents[2] / "dags" / "README.md"

VERDICTS = {"one_source_at_least", "every_batch_loaded", "every_source_honoured"}


def _rows() -> dict[str, list[str]]:
    lines = re.findall(r"^\| `(\w+)` \|(.+)\|$", TIMETABLE.read_text(), re.MULTILINE)
    return {dag_id: [cell.strip() for cell in rest.split("|")] for dag_id, rest in lines}


def test_the_timetable_lists_every_dag_with_its_schedule(dags):
    said = {dag_id: row[0] for dag_id, row in _rows().items()}
    actual = {
        dag_id: f"asset `{dag['asset']}`" if dag["asset"] else f"`{dag['cron']}` {dag['timezone']}"
        for dag_id, dag in dags.items()
    }
    assert said == actual


def test_the_timetable_lists_the_tasks_in_their_order(dags):
    said = {dag_id: re.findall(r"`(\w+)`", row[1]) for dag_id, row in _rows().items()}
    assert said == {dag_id: list(dag["tasks"]) for dag_id, dag in dags.items()}


def test_tasks_follow_each_other_as_the_steps_of_the_pipeline_do(dags):
    chains = {
        "ingest_daily": ["sources", "collect", "load"],
        "build_marts": ["understand", "gate_loaded", "build", "gate_publishable", "publish", "edition"],
        "watch_trends": ["watch"],
        "honour_deletions_daily": ["sources", "ask", "expire", "publish"],
        "collect_conversations": ["on", "collect", "load"],
    }
    for dag_id, chain in chains.items():
        downstream = {task_id: task["downstream"] for task_id, task in dags[dag_id]["tasks"].items()}
        # Not steps: they only say of the run whether sources answered.
        downstream = {task: [name for name in after if name not in VERDICTS] for task, after in downstream.items()}
        assert all(downstream.pop(verdict, []) == [] for verdict in VERDICTS)
        assert downstream == {task: [after] for task, after in pairwise(chain)} | {chain[-1]: []}


def test_each_asset_is_made_by_the_last_task_of_a_dag_and_starts_another(dags):
    made = {
        (dag_id, task_id): task["outlets"]
        for dag_id, dag in dags.items()
        for task_id, task in dag["tasks"].items()
        if task["outlets"]
    }
    assert made == {
        ("ingest_daily", "load"): ["comments"],
        ("collect_conversations", "load"): ["comments"],
        ("build_marts", "publish"): ["published"],
    }
    assert {dag["asset"]: dag_id for dag_id, dag in dags.items() if dag["asset"]} == {
        "comments": "build_marts",
        "published": "watch_trends",
    }


def test_collect_runs_once_a_source_and_load_does_not_wait_for_all_to_succeed(dags):
    tasks = dags["ingest_daily"]["tasks"]
    assert tasks["collect"]["is_mapped"]
    assert tasks["load"]["trigger_rule"] == "all_done"
    assert tasks["one_source_at_least"]["trigger_rule"] == "all_done_min_one_success"


def test_one_source_that_cannot_be_asked_stops_neither_the_others_nor_what_follows(dags):
    tasks = dags["honour_deletions_daily"]["tasks"]
    assert tasks["ask"]["is_mapped"]
    assert {tasks[name]["trigger_rule"] for name in ("expire", "publish")} == {"all_done"}
    assert tasks["every_source_honoured"]["trigger_rule"] == "all_success", "but the run is red"


def test_a_live_run_loads_what_there_is_unless_nothing_was_on(dags):
    tasks = dags["collect_conversations"]["tasks"]
    assert tasks["collect"]["is_mapped"]
    assert tasks["load"]["trigger_rule"] == "none_skipped"


def test_nothing_runs_at_once_when_airflow_is_started_for_the_first_time(dags):
    for dag_id in (
        "ingest_daily",
        "report_weekly",
        "report_monthly",
        "honour_deletions_daily",
        "collect_conversations",
    ):
        assert dags[dag_id]["run_immediately"] == "0:00:00"
        assert dags[dag_id]["start_date"] == "None"


@pytest.mark.parametrize("dag_id", ["report_weekly", "report_monthly"])
def test_a_report_is_never_sent_because_nobody_answered(dags, dag_id):
    approve = dags[dag_id]["tasks"]["approve"]
    assert approve["operator"] == "HITLOperator"
    assert approve["downstream"] == ["settle"]
    assert approve["defaults"] is None
    assert approve["retries"] == 0
    assert approve["response_timeout"] == "4 days, 0:00:00"
    assert set(dags[dag_id]["tasks"]["render"]["downstream"]) == {"approve", "send", "settle"}
    assert dags[dag_id]["tasks"]["settle"]["downstream"] == ["send"], "what is rejected is noted first"


def test_only_reports_that_are_due_are_written(dags):
    assert dags["report_monthly"]["tasks"]["due"]["downstream"] == ["render"]
