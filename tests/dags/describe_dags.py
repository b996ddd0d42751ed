"""Writes every DAG below dags/ as one JSON object. Its own process: Airflow wants its home before it is imported."""

import json
import sys
from pathlib import Path

HEAVY = ("great_expectations", "dbt", "duckdb", "altair", "wordround", "sklearn")
# What a deadline calls is imported with its DAG, and so is what says whose DAGs a file makes; neither imports more.
LIGHT = {f"wordround{module}" for module in ("", ".deadlines", ".trust_dags", ".trusts", ".errors", ".folders")}


def main() -> None:
    before = set(sys.modules)
    from airflow.dag_processing.dagbag import DagBag

    loaded_by_airflow = set(sys.modules) - before
    bag = DagBag(sys.argv[1])
    loaded = set(sys.modules) - loaded_by_airflow - before - LIGHT
    heavy = sorted(name for name in loaded if name.partition(".")[0] in HEAVY)
    dags = {dag_id: describe(dag) for dag_id, dag in bag.dags.items()}
    errors = {Path(name).name: error for name, error in bag.import_errors.items()}
    Path(sys.argv[2]).write_text(json.dumps({"dags": dags, "import_errors": errors, "heavy": heavy}))


def describe(dag):
    timetable = dag.timetable
    condition = getattr(timetable, "asset_condition", None)
    return {
        "file": Path(dag.fileloc).name,
        "doc_md": dag.doc_md,
        "tags": sorted(dag.tags),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "asset": getattr(condition, "name", None),
        "cron": getattr(timetable, "expression", None),
        "timezone": getattr(getattr(timetable, "timezone", None), "name", str(getattr(timetable, "timezone", None))),
        "run_immediately": str(getattr(timetable, "run_immediately", None)),
        "start_date": str(dag.start_date),
        "deadlines": [
            {
                "since": each.reference.reference_name,
                "hours": each.interval.total_seconds() / 3600,
                "calls": each.callback.path,
                "kind": type(each.callback).__name__,
            }
            for each in dag.deadline or []
        ],
        "tasks": {task.task_id: describe_task(task) for task in dag.topological_sort()},
    }


def named(function):
    return function and f"{function.__module__}.{function.__name__}"


def describe_task(task):
    arguments = getattr(task, "partial_kwargs", {})

    def value(name):
        return arguments.get(name, getattr(task, name, None))

    return {
        "owner": value("owner"),
        "first": named(value("pre_execute") if arguments else task._pre_execute_hook),
        "retries": value("retries"),
        "backs_off": bool(value("retry_exponential_backoff")),
        "pool": value("pool"),
        "queue": value("queue"),
        "trigger_rule": str(getattr(value("trigger_rule"), "value", value("trigger_rule"))),
        "downstream": sorted(task.downstream_task_ids),
        "outlets": [asset.name for asset in value("outlets") or []],
        "is_mapped": bool(arguments),
        "operator": task.task_type,
        "response_timeout": str(getattr(task, "response_timeout", None)),
        "defaults": getattr(task, "defaults", None),
        "fail_on_reject": getattr(task, "fail_on_reject", None),
    }


main()
