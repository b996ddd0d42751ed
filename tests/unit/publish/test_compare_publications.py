"""The comparison that shows that no figure has moved."""

import importlib.util
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from wordround.settings import PROJECT

ROWS = "(values (1, 'a', 0.5), (2, 'b', null), (3, 'a', 0.5)) as t (id, label, share)"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compared", PROJECT / "bench" / "compare_publications.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made(path: Path, query: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema marts; create table marts.weeks as {query}")
    return path


@pytest.mark.parametrize(
    ("after", "rows", "differs"),
    [
        (f"from {ROWS} order by id desc", "3", ""),
        (f"select id, label, share, 7 as made_at from {ROWS}", "3", ""),
        (f"select id, label, coalesce(share, 0) as share from {ROWS}", "3", "share"),
        (f"select case id when 1 then 2 when 2 then 1 else 3 end as id, label, share from {ROWS}", "3",
         "the same values in other rows"),
        (f"from {ROWS} where id < 3", "3 and 2", "id, label, share"),
        (f"select id, label, 1 as count from {ROWS}", "3", "-share, +count"),
    ],
)  # fmt: skip
def test_tables_are_equal_in_any_order_and_else_it_says_what_differs(
    tool: ModuleType, tmp_path: Path, after: str, rows: str, differs: str
) -> None:
    before = made(tmp_path / "before.duckdb", f"from {ROWS}")
    found = tool.compare(before, made(tmp_path / "after.duckdb", after), frozenset({"made_at"}))
    assert found == [("marts.weeks", rows, differs)]


def test_a_table_that_only_one_of_them_has_is_named(tool: ModuleType, tmp_path: Path) -> None:
    before, after = (made(tmp_path / name, f"from {ROWS}") for name in ("before.duckdb", "after.duckdb"))
    with duckdb.connect(str(after)) as connection:
        connection.execute("create schema meta; create table meta.rules as select 1 as rule_code")
    assert tool.compare(before, after) == [("marts.weeks", "3", ""), ("meta.rules", "", "only after")]
