"""Builds that are replayed make what dbt makes: the short way of the other tests leads to the same tables."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
from small_warehouse import START, Answer, SmallWarehouse

from tests.fixtures.chains import copied
from tests.fixtures.replayed import built_by_dbt, replayed
from wordround.build import dbt
from wordround.settings import Settings

MONDAY = date(2026, 1, 5)
SCHEMAS = ("reference", "staging", "intermediate", "marts", "public", "meta")


def answers(week: int) -> list[Answer]:
    day = MONDAY + timedelta(weeks=week)
    return [
        Answer(f"c{week}-{n}", day, f"Text {week} {n}", -0.5 if n % 2 else 0.5, (("staff_manner", "nurse"),), 1 + n % 5)
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
    settings: Settings, builds: Path, tmp_path: Path
) -> None:
    """Both ways begin with the same file, at each of three states of a warehouse."""
    for week, full_refresh in enumerate((False, False, True)):
        SmallWarehouse(settings, batches=week, clock=START + timedelta(days=week)).load(answers(week))
        before = copied(settings, tmp_path / f"before-{week}")
        with built_by_dbt():
            dbt.build(settings, full_refresh)
        found = contents(built_without_dbt(before, full_refresh, builds, tmp_path / f"short-{week}"))
        expected = contents(settings)
        assert found.keys() == expected.keys() and len(found) > 80
        assert {name for name in found if found[name] != expected[name]} == set()


def built_without_dbt(before: Settings, full_refresh: bool, builds: Path, home: Path) -> Settings:
    """A copy that is built; once more where dbt had not built such a warehouse in this run of the tests yet."""
    for attempt in range(2):
        by_dbt: list[bool] = []
        short = copied(before, home / str(attempt))
        with replayed(builds, lambda by_dbt=by_dbt: by_dbt.append(True)):
            built = dbt.build(short, full_refresh)
        assert built.models > 70 and built.tests > 80
        if not by_dbt:
            return short
    raise AssertionError("dbt built it twice: the database answers something else each time")
