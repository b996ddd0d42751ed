"""What every DAG must be, so that the person on call finds the same things in each."""

import ast
import asyncio
import re
from functools import lru_cache
from pathlib import Path

import grimp
import pytest

PROJECT = Path(__file__).resolve().parents[2]
EXPECTED = {
    "ingest_daily", "build_marts", "watch_trends", "report_weekly", "report_monthly", "honour_deletions_daily",
    "collect_conversations",
}  # fmt: skip
FILES = sorted((PROJECT / "dags").glob("*.py"))
# Of several trusts alone.
UNION = "union_public"
# Rooms that hold or read the warehouse and what is published of it: they lie in one home alone.
OF_ONE_HOME = ("wordround.warehouse", "wordround.published", "wordround.reports")
MAY_BE_IMPORTED = {"datetime", "airflow"}
# What tells a file whose DAGs it makes; where the installation is one trust's, it says that.
OF_A_TRUST = "wordround.trust_dags"


def test_exactly_the_expected_dags_are_found(described):
    assert described["import_errors"] == {}
    assert set(described["dags"]) == EXPECTED


def test_reading_the_dags_imports_nothing_heavy_and_nothing_of_the_package(described):
    assert described["heavy"] == []


def test_each_dag_has_its_own_file_of_the_same_name(dags):
    assert {dag["file"] for dag in dags.values()} == {f"{dag_id}.py" for dag_id in EXPECTED}
    assert {path.name for path in FILES} == {f"{dag_id}.py" for dag_id in EXPECTED | {UNION}}


def test_a_dag_file_has_at_most_sixty_lines():
    assert {
        path.name: len(path.read_text().splitlines()) for path in FILES if len(path.read_text().splitlines()) > 60
    } == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_does_nothing_at_top_level_but_define_its_dag(path):
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            assert module.partition(".")[0] in MAY_BE_IMPORTED or module == OF_A_TRUST, f"imports {module}"
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            assert ast.unparse(node.value) == f"{path.stem}()"
        elif isinstance(node, ast.Assign):
            assert ast.unparse(node) == "trust = trust_of(__file__)"
        else:
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            assert is_docstring or isinstance(node, ast.FunctionDef), ast.unparse(node)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_holds_no_logic(path):
    logic = ast.If | ast.For | ast.While | ast.Try | ast.With | ast.Lambda | ast.IfExp | ast.ListComp | ast.ClassDef
    assert [ast.unparse(node) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, logic)] == []


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_a_dag_is_tagged_runs_once_at_a_time_and_does_not_catch_up(dags, dag_id):
    dag = dags[dag_id]
    assert dag["tags"]
    assert dag["max_active_runs"] == 1
    assert dag["catchup"] is False


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_the_page_of_a_dag_says_what_is_normal_and_links_to_a_section_of_the_runbook(dags, dag_id):
    page = dags[dag_id]["doc_md"]
    assert "**Normal:**" in page
    assert f"docs/runbook.md#{dag_id}" in page
    headings = re.findall(r"^## (.+)$", (PROJECT / "docs" / "runbook.md").read_text(), re.MULTILINE)
    assert dag_id in headings


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_every_task_has_an_owner_and_every_task_but_the_approval_is_tried_again_after_a_growing_pause(dags, dag_id):
    for task_id, task in dags[dag_id]["tasks"].items():
        assert task["owner"] == "patient-experience", task_id
        if task["operator"] != "HITLOperator":
            assert task["retries"] >= 1, task_id
            assert task["backs_off"], task_id


def test_the_runs_that_bring_the_days_figures_have_a_deadline_and_no_other_has(dags):
    """What it calls runs in the triggerer: other executors than the local one run no callbacks."""
    deadlines = {dag_id: dag["deadlines"] for dag_id, dag in dags.items() if dag["deadlines"]}
    assert set(deadlines) == {"ingest_daily", "build_marts"}
    for (deadline,) in deadlines.values():
        # Runs of an asset have no logical date: a deadline that counts from it would never be set.
        assert deadline["since"] == "DagRunQueuedAtDeadline"
        assert 0 < deadline["hours"] <= 4
        assert (deadline["calls"], deadline["kind"]) == ("wordround.deadlines.tell_engineer", "AsyncCallback")
    from wordround import deadlines as called

    assert asyncio.iscoroutinefunction(called.tell_engineer)


def steps_of(path: Path) -> dict[str, str]:
    """The function of the pipeline that each function of a DAG calls; `gate` is called under two names."""
    found = {}
    for task in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)):
        calls = [ast.unparse(node.func) for node in ast.walk(task) if isinstance(node, ast.Call)]
        steps = [name.removeprefix("pipeline.") for name in calls if name.startswith("pipeline.")]
        if task.name != path.stem:
            found[task.name] = next((name for name in steps if name != "logical_day"), "")
    return found


@lru_cache
def modules_of(step: str) -> frozenset[str]:
    """Every module that a step of the pipeline imports, and what those import."""
    graph = grimp.build_graph("wordround", cache_dir=None)
    written = ast.parse((PROJECT / "src" / "wordround" / "pipeline.py").read_text())
    functions = {node.name: node for node in written.body if isinstance(node, ast.FunctionDef)}
    waiting, steps, found = [step], set(), set()
    while waiting:
        steps.add(name := waiting.pop())
        for node in ast.walk(functions[name]) if name in functions else ():
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= {full if full in graph.modules else node.module for full in names}
            elif isinstance(node, ast.Name) and node.id in functions and node.id not in steps:
                waiting.append(node.id)
    known = {name for name in found if name in graph.modules}
    return frozenset(known.union(*(graph.find_upstream_modules(name) for name in known)))


def needs_the_home_of_the_warehouse(step: str) -> bool:
    return any(f"{module}.".startswith(f"{room}.") for module in modules_of(step) for room in OF_ONE_HOME)


@lru_cache
def warehouse_tasks() -> frozenset[tuple[str, str]]:
    """(DAG, task) of every task whose work needs the home with the warehouse: by what its step imports."""
    return frozenset(
        (path.stem, task)
        for path in FILES
        if path.stem != UNION
        for name, step in steps_of(path).items()
        if needs_the_home_of_the_warehouse(step)
        for task in (("gate_loaded", "gate_publishable") if name == "gate" else (name,))
    )


def test_every_task_that_needs_the_home_of_the_warehouse_waits_its_turn_for_its_one_worker_and_no_other_does(dags):
    """Derived from what each does: a step that begins to read what is published, or to load, has to be moved there."""
    tasks = {(dag_id, task_id): task for dag_id, dag in dags.items() for task_id, task in dag["tasks"].items()}
    assert {task for task, about in tasks.items() if about["queue"] == "warehouse"} == warehouse_tasks()
    assert {task for task, about in tasks.items() if about["pool"] == "warehouse"} == warehouse_tasks()
    assert {about["queue"] for about in tasks.values()} == {"default", "warehouse"}


def test_what_any_worker_may_do_is_to_collect_and_to_say_what_is_to_be_done(dags):
    anywhere = {
        (path.stem, name)
        for path in FILES
        if path.stem != UNION
        for name, step in steps_of(path).items()
        if not needs_the_home_of_the_warehouse(step)
    }
    assert {("ingest_daily", "collect"), ("collect_conversations", "collect")} <= anywhere
    assert len(warehouse_tasks()) > len(anywhere), "the rule still tells them apart"


def test_every_error_that_a_user_can_meet_is_in_the_runbook():
    from wordround import errors

    named = {name for name, kind in vars(errors).items() if getattr(kind, "__module__", "") == errors.__name__}
    runbook = (PROJECT / "docs" / "runbook.md").read_text()
    assert {name for name in named - {"WordroundError"} if name not in runbook} == set()
