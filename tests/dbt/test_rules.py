"""The rules are dbt's variables: published whole, followed by the marts, and read from there for words."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import yaml
from small_warehouse import START, Answer, SmallWarehouse

from wordround.build import dbt as marts
from wordround.evaluate import labels
from wordround.publish import editions, publication
from wordround.published import reading
from wordround.settings import PROJECT, Settings
from wordround.understand import relevance

MONDAY = date(2026, 1, 5)
VARIABLES = yaml.safe_load((PROJECT / "dbt" / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


def built_and_published(settings: Settings) -> Path:
    """Two weeks of one service: nine comments and twelve, all of them negative."""
    warehouse = SmallWarehouse(settings)
    warehouse.load(
        Answer(f"c{week}-{n}", MONDAY + timedelta(7 * week), f"Rude {week} {n}", -0.5, response_id=f"r{week}-{n}")
        for week, count in enumerate((9, 12))
        for n in range(count)
    )
    marts.build(settings)
    return Path(publication.publish(settings).database)


def labels_of(settings: Settings) -> list[str]:
    rows = SmallWarehouse(settings).table("marts.fct_service_weeks", "week_date, comment_count_label")
    return [row["comment_count_label"] for row in rows]


def test_every_variable_is_published_with_its_value_in_both_products(settings: Settings) -> None:
    database = built_and_published(settings)
    late = Answer("late", MONDAY + timedelta(70), "Rude later", -0.5, response_id="late")
    SmallWarehouse(settings, batches=1, clock=START + timedelta(days=1)).load([late])
    marts.build(settings)
    public = Path(str(editions.make(settings).database))
    of_settings = {"false_alerts_per_year": settings.alerts.false_alerts_per_year}
    expected = {code: str(value).lower() for code, value in (VARIABLES | of_settings).items()}
    for file in (database, public):
        with duckdb.connect(str(file), read_only=True) as connection:
            found = connection.execute("select rule_code, rule_value, description from meta.rules").fetchall()
            described = "select count(comment) from duckdb_columns() where table_name = 'rules'"
            assert connection.execute(described).fetchone() == (4,)
        assert {code: value for code, value, _ in found} == expected
        assert all(description.endswith(".") for _, _, description in found)
        parquet = duckdb.sql(f"select rule_code, rule_value from '{file.parent}/parquet/rules.parquet'").fetchall()
        assert dict(parquet) == expected
    assert labels_of(settings)[:2] == ["9", "12"]


def test_marts_and_words_follow_a_rule_that_a_trust_changes(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "dbt"
    shutil.copytree(marts.DBT_PROJECT, project)
    file = project / "dbt_project.yml"
    text = file.read_text(encoding="utf-8")
    for before, after in (("run_length: 7 ", "run_length: 6 "), ("largest_hidden_count: 4", "largest_hidden_count: 9")):
        assert before in text
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(marts, "DBT_PROJECT", project)
    monkeypatch.setattr(marts.invoke, "__defaults__", (project,))
    built_and_published(settings)
    assert labels_of(settings) == ["*", "12"]
    rules = reading.read(settings).rules
    assert rules.run_length == 6
    assert rules.small_numbers.count_shown(9) == "fewer than 10"


def test_models_are_evaluated_by_the_cut_offs_that_the_marts_use() -> None:
    assert VARIABLES["sentiment_cut_off"] == labels.CUT_OFF
    assert VARIABLES["relevance_cut_off"] == relevance.RELEVANT
