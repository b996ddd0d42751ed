"""A build makes what lies downstream of what has changed, and leaves the same tables as one from the start."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.dbt.small_warehouse import Answer, Run, SmallWarehouse
from wordround.build import dbt, inputs
from wordround.errors import BuildFailed, RegistryInvalid
from wordround.folders import PACKAGE
from wordround.settings import Settings
from wordround.warehouse.engine import connect

DAY = date(2026, 11, 2)


@pytest.fixture
def built(settings: Settings) -> SmallWarehouse:
    warehouse = SmallWarehouse(settings)
    warehouse.load([Answer(f"{number}", DAY, f"Answer {number}") for number in range(12)])
    dbt.build(settings)
    return warehouse


def fingerprints(warehouse: SmallWarehouse) -> dict[str, object]:
    """What stands in each mart, whatever the order of its rows."""
    with connect(warehouse.settings) as connection:
        names = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        return {
            name: connection.execute(f"select count(*), sum(hash(rows)::hugeint) from marts.{name} as rows").fetchone()
            for (name,) in names
        }


def load_more(warehouse: SmallWarehouse) -> None:
    warehouse.load([Answer("later", DAY, "The wait was long", -0.6, location="Heron Ward")])


def ask(warehouse: SmallWarehouse) -> None:
    moment = datetime(2026, 11, 2, 5, tzinfo=UTC)
    warehouse.load_run(Run(DAY, moment, datetime(2026, 11, 3, 5, tzinfo=UTC), moment, ((DAY, 4),)))


def test_nothing_is_built_where_nothing_is_new(built: SmallWarehouse) -> None:
    before = fingerprints(built)
    again = dbt.build(built.settings)
    assert (again.models, again.tests) == (0, 0)
    assert fingerprints(built) == before


@pytest.mark.parametrize("happens", [load_more, ask])
def test_what_is_built_of_some_is_what_is_built_of_all(built: SmallWarehouse, happens) -> None:
    before = fingerprints(built)
    happens(built)
    part = dbt.build(built.settings)
    after = fingerprints(built)
    assert after != before
    everything = dbt.build(built.settings, full_refresh=True)
    assert fingerprints(built) == after
    assert 0 < part.models < everything.models


def test_a_build_that_ended_halfway_is_begun_again(built: SmallWarehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(built)
    with monkeypatch.context() as patched:
        patched.setattr(dbt, "invoke", _fails)
        with pytest.raises(BuildFailed):
            dbt.build(built.settings)
    with connect(built.settings) as connection:
        connection.execute("delete from ops.query_runs; delete from ops.query_days")
    assert dbt.build(built.settings).models, "what was half built of a state that is no more is built anew"


def _fails(*_: object) -> None:
    raise BuildFailed("The disk is full.")


def test_everything_is_built_where_a_mart_is_gone_or_a_rule_is_another(built: SmallWarehouse) -> None:
    with connect(built.settings) as connection:
        connection.execute("drop table marts.fct_service_weeks")
    everything = dbt.build(built.settings).models
    stricter = built.settings.model_copy(
        update={"alerts": built.settings.alerts.model_copy(update={"false_alerts_per_year": 5})}
    )
    assert dbt.build(stricter).models == everything > 100


def test_a_rebuild_that_failed_is_no_whole_build(built: SmallWarehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(dbt, "invoke", _fails)
        with pytest.raises(BuildFailed):
            dbt.build(built.settings, full_refresh=True)
    assert dbt.build(built.settings).models > 100


def test_what_is_saved_while_a_build_runs_is_built_by_the_next(
    built: SmallWarehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "own.csv"
    own.write_text("service_id\n")
    monkeypatch.setattr(inputs, "own_files", lambda: {"services.csv": own})
    monkeypatch.setattr(dbt, "own_files", dict)
    run = dbt.invoke

    def saved_meanwhile(*arguments: object) -> object:
        own.write_text("service_id\nward_9\n")
        return run(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(dbt, "invoke", saved_meanwhile)
        assert dbt.build(built.settings).models > 100
    assert dbt.build(built.settings).models > 100
    assert dbt.build(built.settings).models == 0


@pytest.mark.parametrize("path", ["deidentify/data/comment_words.txt", "understand/models/comments.npz"])
def test_another_word_list_or_model_is_another_input(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "wordround"
    (folder / path).parent.mkdir(parents=True)
    (folder / path).write_bytes((PACKAGE / path).read_bytes())
    monkeypatch.setattr(inputs, "PACKAGE", folder)
    before = inputs._others([])
    with (folder / path).open("ab") as file:
        file.write(b"again\n")
    assert inputs._others([]) != before


def test_a_register_without_the_column_that_is_read_is_named(
    built: SmallWarehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    register = tmp_path / "organisations.csv"
    register.write_text("ods_code,organisation_label\nXFV,Fernvale\n")
    monkeypatch.setattr(inputs, "reference", lambda _: register)
    with pytest.raises(RegistryInvalid, match="succeeded_on"):
        dbt.build(built.settings)
