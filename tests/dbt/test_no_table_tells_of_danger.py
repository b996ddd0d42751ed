"""No table says that a comment suggests danger: the marts are the same whatever its words, save those themselves."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_warehouse import Answer, SmallWarehouse
from test_marts import everything

from wordround.build import dbt as marts
from wordround.settings import load_settings
from wordround.understand.danger import suggests_danger

MONDAY = date(2026, 1, 5)
HARMLESS, DANGER = "I want to try the soup and they let me.", "I want to die and they hit me every day."


def built(home: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    monkeypatch.setenv("WORDROUND_HOME", str(home))
    warehouse = SmallWarehouse(load_settings())
    others = [Answer(f"c{i}", MONDAY + timedelta(i % 7), f"Answer {i}", 0.3, (), 1, f"r{i}") for i in range(12)]
    warehouse.load([*others, Answer("told", MONDAY, text, -0.8, (("staff_manner", "they"),), 4, "r99")])
    marts.build(warehouse.settings)
    tables = everything(warehouse)
    (told,) = [row for row in tables["fct_comments"] if row["comment_id"] == "told"]
    assert told.pop("comment_text") == text
    return tables


def test_no_table_tells_which_comment_suggests_danger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert suggests_danger(DANGER) and not suggests_danger(HARMLESS)
    one, other = (built(tmp_path / text[:13], text, monkeypatch) for text in (HARMLESS, DANGER))
    assert one == other
    columns = {column for rows in one.values() for row in rows[:1] for column in row}
    assert len(columns) > 80
    assert not [column for column in columns if "danger" in column or "risk" in column or "self_harm" in column]
