"""What can become of a row is defined once; whatever else names it names the same, and adds it up right."""

import re
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures.manifests import a_manifest, landed_rows
from wordround.errors import RowsDoNotReconcile
from wordround.land.row_outcomes import OUTCOMES, LandedRows, RowOutcomes
from wordround.settings import PROJECT
from wordround.warehouse import engine, row_accounts

COLUMNS = {f"rows_{name}" for name in ("in", *OUTCOMES)}
DBT = PROJECT / "dbt"
# Where columns are written out. What sums them has a test of its own below.
WRITTEN_OUT = (
    DBT / "models" / "staging" / "ops" / "stg_ops__batches.sql",
    DBT / "tests" / "assert_rows_in_are_accounted_for.sql",
    PROJECT / "expectations" / "loaded" / "batches.sql",
)
DESCRIBED = (
    (DBT / "models" / "staging" / "ops" / "_ops__models.yml", "stg_ops__batches"),
    (DBT / "models" / "marts" / "_marts__models.yml", "fct_source_coverage"),
)


@pytest.fixture
def warehouse():
    with duckdb.connect() as connection:
        engine.prepare(connection)
        yield connection


def columns_of(relation: str, connection: duckdb.DuckDBPyConnection) -> set[str]:
    schema, table = relation.split(".")
    found = connection.execute(
        "select column_name from duckdb_columns() where schema_name = ? and table_name = ?", [schema, table]
    )
    return {name for (name,) in found.fetchall() if name.startswith("rows_")}


def record(connection: duckdb.DuckDBPyConnection, batch_id: str = "b1", **counts: int) -> None:
    """A batch in ops.batches, with zeros but where it is said."""
    numbers = dict.fromkeys(COLUMNS, 0) | {f"rows_{name}": count for name, count in counts.items()}
    connection.execute(
        f"""insert into ops.batches by name select
                '{batch_id}' as batch_id, 'forum' as source, date '2026-11-20' as logical_date, 'x' as input_sha256,
                now() as landed_at, now() as loaded_at, {", ".join(f"{n} as {name}" for name, n in numbers.items())}"""
    )


def test_the_table_of_batches_has_a_column_for_each(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert columns_of("ops.batches", warehouse) == COLUMNS


@pytest.mark.parametrize("path", WRITTEN_OUT, ids=lambda path: path.name)
def test_sql_that_writes_the_columns_out_names_each_and_no_other(path: Path) -> None:
    named = set(re.findall(r"\brows_\w+", path.read_text(encoding="utf-8")))
    assert named - {"rows_accounted_for"} == COLUMNS


@pytest.mark.parametrize(("path", "model"), DESCRIBED, ids=[model for _, model in DESCRIBED])
def test_models_describe_each_and_no_other(path: Path, model: str) -> None:
    models = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    (described,) = (one for one in models if one["name"] == model)
    assert {c["name"] for c in described["columns"] if c["name"].startswith("rows_")} == COLUMNS


def test_the_coverage_of_a_day_sums_each_and_no_other() -> None:
    model = (DBT / "models" / "marts" / "fct_source_coverage.sql").read_text(encoding="utf-8")
    (names,) = re.findall(r"{% for count in \[(.*?)\] %}", model, re.DOTALL)
    assert {f"rows_{name}" for name in re.findall(r"'(\w+)'", names)} == COLUMNS


def test_the_runbook_names_each() -> None:
    runbook = (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8")
    (account,) = re.findall(r"accounts for every row: in = (.*?)\.\n", runbook, re.DOTALL)
    parts = [" ".join(part.split()) for part in re.sub(r"\(.*?\)", "", account, flags=re.DOTALL).split("+")]
    assert sorted(parts) == sorted(name.replace("_", " ") for name in OUTCOMES)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_gate_counts_each_once_and_sees_one_below_zero(warehouse: duckdb.DuckDBPyConnection, outcome: str) -> None:
    record(warehouse, "right", **{"in": 7, outcome: 7})
    record(warehouse, "wrong", **{"in": 7, outcome: 5})
    record(warehouse, "below", **{"in": 0, outcome: -3})
    query = (PROJECT / "expectations" / "loaded" / "batches.sql").read_text(encoding="utf-8")
    warehouse.execute(f"select batch_id, unaccounted_count, smallest_count from ({query})", {"since": None})
    found = {batch_id: counts for batch_id, *counts in warehouse.fetchall()}
    assert (found["right"], found["wrong"]) == ([0, 0], [2, 0])
    assert found["below"][1] == -3


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_dbt_counts_each_once(warehouse: duckdb.DuckDBPyConnection, outcome: str) -> None:
    record(warehouse, "right", **{"in": 7, outcome: 7})
    record(warehouse, "wrong", **{"in": 7, outcome: 5})
    query = (DBT / "tests" / "assert_rows_in_are_accounted_for.sql").read_text(encoding="utf-8")
    days = "(select *, batch_id as source_code from ops.batches)"
    warehouse.execute(query.replace("{{ ref('fct_source_coverage') }}", days).replace("source_code,", "batch_id,", 1))
    assert [row[0] for row in warehouse.fetchall()] == ["wrong"]


def test_what_was_recorded_is_added_up_over_batches_and_by_source(warehouse: duckdb.DuckDBPyConnection) -> None:
    record(warehouse, "b1", **{"in": 9} | dict.fromkeys(OUTCOMES, 1) | {"loaded": 2})
    record(warehouse, "b2", **{"in": 3, "refused": 3})
    assert row_accounts.of_batches(warehouse, ["b2"]).by_outcome() == dict.fromkeys(OUTCOMES, 0) | {"refused": 3}
    (account,) = row_accounts.by_source(warehouse)
    assert (account.source, account.batch_count, account.rows) == (
        "forum",
        2,
        row_accounts.of_batches(warehouse, ["b1", "b2"]),
    )
    assert (account.rows.rows_in, account.rows.refused, account.rows.reconciles) == (12, 4, True)
    assert row_accounts.of_batches(warehouse, []).rows_in == 0


LANDED = st.fixed_dictionaries({name: st.integers(0, 1000) for name in LandedRows.outcomes()})


@settings(deadline=None)
@given(landed=LANDED, shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_whatever_was_landed_its_account_reconciles_when_the_merge_saw_every_row(landed, shares) -> None:
    loaded = int(landed["landed"] * shares[0])
    updated = int((landed["landed"] - loaded) * shares[1])
    merged = {
        "loaded": loaded,
        "updated": updated,
        "unchanged": landed["landed"] - loaded - updated,
        "no_answer": landed["no_answer"],
        "reshared": landed["reshared"],
    }
    rows = row_accounts.reconciled(a_manifest(rows=landed_rows(**landed)), merged)
    assert rows.reconciles and rows.rows_in == sum(landed.values())
    assert rows.unchanged == merged["unchanged"] + landed["repeated"]
    assert (rows.quarantined, rows.refused, rows.erased) == (
        landed["quarantined"], landed["refused"], landed["erased"],
    )  # fmt: skip


@pytest.mark.parametrize("outcome", RowOutcomes.BY_MERGE)
@pytest.mark.parametrize("error", [-1, 1])
def test_a_merge_that_lost_or_made_a_row_is_refused(outcome: str, error: int) -> None:
    manifest = a_manifest(rows=landed_rows(landed=6, no_answer=2, reshared=2, refused=1))
    merged = {"loaded": 2, "updated": 2, "unchanged": 2, "no_answer": 2, "reshared": 2}
    assert row_accounts.reconciled(manifest, merged).reconciles
    with pytest.raises(RowsDoNotReconcile, match=r"11 rows in are not the sum of .*None of it was loaded"):
        row_accounts.reconciled(manifest, merged | {outcome: merged[outcome] + error})


def test_of_the_same_rows_the_same_names_hold_on_landing_and_on_loading() -> None:
    by_merge = set(RowOutcomes.BY_MERGE)
    assert set(OUTCOMES) - by_merge == set(LandedRows.outcomes()) & set(OUTCOMES) - by_merge
    assert by_merge <= set(OUTCOMES)
