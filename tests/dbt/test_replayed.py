"""Builds that are replayed make what dbt makes: the short way of the other tests leads to the same tables."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from small_warehouse import Answer, SmallWarehouse

from tests.fixtures.chains import copied, of_home
from tests.fixtures.replayed import built_by_dbt, replayed
from wordround.build import dbt
from wordround.errors import BuildFailed
from wordround.settings import Settings

MONDAY = date(2026, 1, 5)
SCHEMAS = ("reference", "staging", "intermediate", "marts", "public", "meta")


def answers(week: int) -> list[Answer]:
    day = MONDAY + timedelta(weeks=week)
    return [
        Answer(f"c{week}-{n}", day, f"Text {week} {n}", -0.5 if n % 2 else 0.5, (("staff", "nurse"),), 1 + n % 5)
        for n in range(6 + week)
    ]


def contents(settings: Settings) -> dict[str, Any]:
    """Rows of every table and view, and all that the catalogue says of them."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        listed = "select schema_name, {} from {} where schema_name in {} order by all"
        found: dict[str, Any] = {
            place: connection.execute(listed.format(columns, place, SCHEMAS)).fetchall()
            for place, columns in (
                ("duckdb_tables()", "table_name, comment, sql"),
                ("duckdb_views()", "view_name, comment, sql"),
                ("duckdb_columns()", "table_name, column_index, column_name, data_type, is_nullable, comment"),
                ("duckdb_constraints()", "table_name, constraint_text"),
            )
        }
        for schema, name, *_ in found["duckdb_tables()"] + found["duckdb_views()"]:
            found[f"{schema}.{name}"] = connection.execute(f"from {schema}.{name} order by all").fetchall()
    return found


def test_tables_are_those_that_dbt_makes_from_nothing_after_more_comments_and_made_again(
    settings: Settings, tmp_path: Path
) -> None:
    """Both ways begin with the same file, at each of three states of a warehouse."""
    by_dbt: list[str] = []
    # Another warehouse is built by dbt first: its builds are what is replayed.
    first = SmallWarehouse(of_home(settings, tmp_path / "first"))
    second = SmallWarehouse(settings)
    with replayed(tmp_path / "builds", lambda: by_dbt.append("first")):
        for week, full_refresh in ((0, False), (1, False), (2, True)):
            first.load(answers(week)[:4])
            dbt.build(first.settings, full_refresh)
    assert by_dbt == ["first"] * 3
    for week, full_refresh in ((0, False), (1, False), (2, True)):
        second.load(answers(week))
        real = copied(settings, tmp_path / f"real-{week}")
        with built_by_dbt():
            dbt.build(real, full_refresh)
        with replayed(tmp_path / "builds", lambda: by_dbt.append("second")):
            built = dbt.build(settings, full_refresh)
        assert built.models > 70 and built.tests > 80
        expected, found = contents(real), contents(settings)
        assert found.keys() == expected.keys() and len(found) > 80
        assert {name for name in found if found[name] != expected[name]} == set()
    assert by_dbt == ["first"] * 3, "none of them was built by dbt"


def test_what_breaks_a_data_test_is_built_by_dbt_and_refused(settings: Settings, tmp_path: Path) -> None:
    by_dbt: list[bool] = []
    warehouse = SmallWarehouse(settings)
    with replayed(tmp_path / "builds", lambda: by_dbt.append(True)):
        warehouse.load(answers(1))
        dbt.build(settings)
        settings.warehouse_file.unlink()
        warehouse.load(answers(2), loaded=3)
        with pytest.raises(BuildFailed, match="row"):
            dbt.build(settings)
    assert len(by_dbt) == 2
