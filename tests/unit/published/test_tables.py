"""The rows that rooms read are the tables that dbt publishes, and a file that is not so is refused by name."""

import types
import typing
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fixtures.published import publish, settings_for
from wordround import reports
from wordround.alerts import listing, watching
from wordround.errors import PublicationUnusable
from wordround.published import tables
from wordround.published.database import published_warehouse, rows
from wordround.reports import fft_return
from wordround.settings import PROJECT

KINDS = [kind for kind in vars(tables).values() if hasattr(kind, "TABLE")]
# What a query adds to the columns of its table.
JOINED = {
    "ThemeCount": {"theme_label": "dim_themes"},
    "LeadingTheme": {"theme_label": "dim_themes"},
    "PublishedComment": {"is_social": "dim_sources"},
    "ThemeExample": dict.fromkeys(
        (*(column.name for column in fields(tables.PublishedComment)), "week_date"), "fct_comments"
    )
    | {"is_social": "dim_sources"},
}
# meta.publication is no model: `publish` writes it.
OF_DBT = [kind for kind in KINDS if kind is not tables.Publication]
# What people did about alerts is read by the list of alerts, and what leads their changes by the digest.
OF_REPORTS = [kind for kind in KINDS if kind not in (tables.ActionAnswer, tables.LeadingTheme)]
TYPES = {
    str: "varchar", int: "integer", float: "double", bool: "boolean", date: "date",
    datetime: "timestamp with time zone", tuple[str, ...]: "varchar[]",
}  # fmt: skip


@cache
def contracts() -> dict[str, dict[str, Any]]:
    """The columns of each model that dbt holds to a contract."""
    files = (PROJECT / "dbt" / "models").rglob("*models.yml")
    models = [model for file in files for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]]
    return {model["name"]: {column["name"]: column for column in model.get("columns", ())} for model in models}


def may_be_null(column: dict[str, Any]) -> bool:
    checks = [next(iter(test)) if isinstance(test, dict) else test for test in column.get("data_tests", ())]
    held = any(constraint["type"] == "not_null" for constraint in column.get("constraints", ()))
    return not held and "not_null" not in checks


@pytest.mark.parametrize("kind", OF_DBT, ids=lambda kind: kind.__name__)
def test_a_row_has_the_types_of_its_tables_contract_and_is_null_only_where_that_allows_it(kind: Any) -> None:
    models = contracts()
    table = kind.TABLE.partition(".")[2]
    hints = typing.get_type_hints(kind)
    for column in fields(kind):
        contract = models[JOINED.get(kind.__name__, {}).get(column.name, table)][column.name]
        hint = hints[column.name]
        parts = set(typing.get_args(hint)) if isinstance(hint, types.UnionType) else {hint}
        (read_as,) = parts - {type(None)}
        assert TYPES[read_as] == contract["data_type"], column.name
        assert (type(None) in parts) == may_be_null(contract), column.name


@pytest.mark.parametrize("kind", OF_REPORTS, ids=lambda kind: kind.__name__)
def test_a_published_file_without_a_column_is_refused_by_its_name(tmp_path: Path, kind: Any) -> None:
    of_table = [column.name for column in fields(kind) if column.name not in JOINED.get(kind.__name__, {})]
    table, column = kind.TABLE, of_table[-1]
    publish(tmp_path, f"alter table {table} drop column {column}")
    with pytest.raises(PublicationUnusable, match=r"Build and publish it again") as refused:
        fft_return.write(settings_for(tmp_path), date(2026, 10, 1))
        reports.render(settings_for(tmp_path))
    assert column in str(refused.value)


def test_alerts_refuse_it_too(tmp_path: Path) -> None:
    publish(tmp_path, "alter table marts.fct_alerts drop column once_in_years")
    with pytest.raises(PublicationUnusable, match=r"marts\.fct_alerts .*once_in_years"):
        watching.watch(settings_for(tmp_path))


def test_the_list_of_alerts_refuses_it_too(tmp_path: Path) -> None:
    publish(tmp_path, "alter table marts.fct_actions drop column answer_label")
    with pytest.raises(PublicationUnusable, match=r"marts\.fct_actions .*answer_label"):
        listing.listed(settings_for(tmp_path))


def test_a_value_of_another_kind_is_refused_with_its_column_and_without_its_content(tmp_path: Path) -> None:
    publish(
        tmp_path,
        "alter table marts.fct_comments alter sentiment_label type varchar;"
        "update marts.fct_comments set sentiment_label = null, comment_text = 'what Ann wrote'",
    )
    with pytest.raises(PublicationUnusable, match=r"marts\.fct_comments .*sentiment_label") as refused:
        reports.render(settings_for(tmp_path))
    chain = [refused.value, refused.value.__cause__, refused.value.__context__]
    assert not any("Ann" in repr(error) for error in chain)


def test_more_columns_than_are_read_are_left_out(tmp_path: Path) -> None:
    publish(tmp_path, "alter table marts.dim_weeks add column month_code varchar")
    with published_warehouse(settings_for(tmp_path)) as connection:
        weeks = rows(connection, "select * from marts.dim_weeks order by week_date", tables.Week)
    assert weeks[0] == tables.Week(date(2025, 9, 29), date(2025, 10, 5), "2025-W40", True)
