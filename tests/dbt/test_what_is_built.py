"""A build makes what lies downstream of what has changed, and leaves the same tables as one from the start."""

from datetime import UTC, date, datetime

import pytest

from tests.dbt.small_warehouse import Answer, Run, SmallWarehouse
from wordround.build import dbt
from wordround.errors import BuildFailed
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
