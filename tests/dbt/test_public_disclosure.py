"""An attacker who has the whole public product, or every report as well, and a solver, recovers no hidden figure.

The public tables are built by dbt from seeded comments made to be hard, and from the demo's; linear_attack.py says what
the attacker knows. A plain rule (hide 1 to 4, publish the sums) is broken in every hierarchy.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import adversarial
import pytest
from linear_attack import Attack, Row, add_labels, attack_on
from small_warehouse import SmallWarehouse

from wordround import pipeline
from wordround.build import dbt as marts
from wordround.settings import PROJECT, Settings, load_settings

TABLES = [
    f"public_{who}_{theme}{when}"
    for who in ("service", "trust")
    for theme in ("", "theme_")
    for when in ("weeks", "months")
]
Tables = dict[str, list[Row]]


def read(warehouse: SmallWarehouse) -> Tables:
    tables = {name: warehouse.table(f"public.{name}") for name in TABLES}
    tables["labels"] = warehouse.table("marts.fct_service_weeks join marts.dim_weeks using (week_date)")
    return tables


def settings_in(home: Any) -> Iterator[Settings]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORDROUND_HOME", str(home))
        patch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
        yield load_settings()


@pytest.fixture(scope="module", params=[1, 3])
def hard(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWarehouse]:
    for settings in settings_in(tmp_path_factory.mktemp("hard")):
        warehouse = SmallWarehouse(settings)
        adversarial.load(warehouse, request.param)
        marts.build(settings)
        yield warehouse


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    for settings in settings_in(tmp_path_factory.mktemp("demo")):
        for file in sorted((PROJECT / "sample_data" / "synthetic_fft").glob("*.*")):
            if file.suffix in {".csv", ".xlsx", ".parquet"}:
                pipeline.ingest(settings, "fft", date(2026, 11, 18), file)
        pipeline.understand(settings)
        marts.build(settings)
        yield read(SmallWarehouse(settings))


def disclosed(tables: Tables, *, with_labels: bool = False) -> tuple[int, dict[Any, int]]:
    """How many figures are hidden, and which of them can only have one value."""
    hidden, found = 0, {}
    for trust, month in sorted({(row["trust_code"], row["month_code"]) for row in tables["public_trust_months"]}):
        attack = attack_on(tables, trust, month)
        if with_labels:
            add_labels(attack, [r for r in tables["labels"] if (r["trust_code"], r["month_code"]) == (trust, month)])
        hidden += len(attack.hidden)
        found |= {(trust, month, cell): value for cell, value in attack.disclosed().items()}
    return hidden, found


def plain(warehouse: SmallWarehouse) -> Tables:
    """The public tables as they would be with 1 to 4 hidden and nothing else: no company for a hidden figure."""
    tables = {}
    for name in TABLES:
        keys = ["trust_code", "month_code"]
        keys += ["service_id"] if "service" in name else []
        keys += ["week_date"] if "weeks" in name else []
        keys += ["theme_code"] if "theme" in name else []
        source = "int_service_theme_weeks_judged" if "theme" in name else "int_service_weeks_judged"
        counts = ", ".join(
            f"case when sum({c}) not between 1 and 4 then sum({c})::integer end as {c}"
            for c in ("comment_count", "negative_count")
        )
        sums = f"(select {', '.join(keys)}, {counts} from intermediate.{source} group by all)"
        tables[name] = [
            row | {"negative_share": None, "comment_share": None}
            for row in warehouse.table(
                f"{sums} join (select distinct month_code from public.public_months) using (month_code)"
            )
        ]
    return tables


def test_nothing_hidden_in_the_public_product_can_be_worked_out(hard: SmallWarehouse) -> None:
    hidden, found = disclosed(read(hard))
    assert hidden > 2000
    assert found == {}


def test_the_attack_breaks_a_plain_rule_in_every_hierarchy(hard: SmallWarehouse) -> None:
    _, found = disclosed(plain(hard))
    small = [cell for (_, _, cell), value in found.items() if 0 < value < 5]
    assert len(small) > 250
    weeks_of_services = [cell for cell in small if cell[0] == "comments" and cell[1] and cell[2]]
    months_of_services = [cell for cell in small if cell[0] == "comments" and cell[1] and not cell[2]]
    weeks_of_themes = [cell for cell in small if cell[0] in adversarial.THEMES and cell[1] and cell[2]]
    negative = [cell for cell in small if cell[0] == "negative"]
    assert min(map(len, (weeks_of_services, months_of_services, weeks_of_themes, negative))) > 0


def test_nothing_hidden_of_the_demo_can_be_worked_out(demo: Tables) -> None:
    hidden, found = disclosed(demo)
    assert hidden > 1000
    assert found == {}


def test_most_months_and_totals_are_shown_of_the_demo(demo: Tables) -> None:
    """Hiding everything would be safe too."""

    def shown(name: str, column: str = "comment_count") -> float:
        rows = demo[f"public_{name}"]
        return sum(row[column] is not None for row in rows) / len(rows)

    assert shown("trust_months") == 1 and shown("trust_theme_months") >= 0.95
    assert shown("trust_weeks") > 0.7 and shown("trust_theme_weeks") > 0.8
    assert shown("service_months") > 0.9 and shown("service_months", "negative_count") > 0.75
    assert shown("service_theme_months") > 0.75
    assert shown("service_weeks") > 0.7


def test_reports_added_to_the_public_product_tell_next_to_nothing(hard: SmallWarehouse, demo: Tables) -> None:
    """docs/adr/0008-two-products.md: single differences are prevented, chains of three and more tables are not."""
    for tables, most in ((read(hard), 0.003), (demo, 0.0015)):
        hidden, found = disclosed(tables, with_labels=True)
        small = [cell for cell, value in found.items() if 0 < value < 5]
        assert len(small) <= most * hidden


def test_no_small_number_is_published_and_no_reason(hard: SmallWarehouse) -> None:
    for name, rows in read(hard).items():
        for row in rows if name != "labels" else []:
            counts = [value for column, value in row.items() if column.endswith("_count")]
            assert not any(value in (1, 2, 3, 4) for value in counts), name
            assert row["is_suppressed"] == (None in counts)
            assert not [column for column in row if "reason" in column]


def test_a_month_that_is_not_over_is_not_published(hard: SmallWarehouse) -> None:
    months = {row["month_code"] for row in hard.table("public.public_months")}
    weeks = hard.table("marts.dim_weeks")
    unfinished = {row["month_code"] for row in weeks if not row["is_complete"]} | {max(w["month_code"] for w in weeks)}
    assert months and not months & unfinished
    for name, rows in read(hard).items():
        assert name == "labels" or {row["month_code"] for row in rows} <= months


def grid(counts: dict[str, tuple[int, ...]]) -> Attack:
    """Services by weeks with all sums, by a plain rule: 1 to 4 is hidden and nothing else."""
    attack = Attack()
    weeks = range(len(next(iter(counts.values()))))

    def tell(name: Any, cells: list[Any], value: int) -> None:
        attack.figure(name, cells, None if 0 < value < 5 else value)

    cells = {(s, w): attack.cell((s, w)) for s in counts for w in weeks}
    for (s, w), cell in cells.items():
        tell(("cell", s, w), [cell], counts[s][w])
    for s, row in counts.items():
        tell(("row", s), [cells[s, w] for w in weeks], sum(row))
    for w in weeks:
        tell(("column", w), [cells[s, w] for s in counts], sum(row[w] for row in counts.values()))
    return attack


def test_the_solver_tells_what_company_in_both_directions_keeps_hidden() -> None:
    assert grid({"a": (2, 7, 9), "b": (9, 8, 7)}).disclosed() == {("cell", "a", 0): 2}
    assert grid({"a": (2, 3, 9), "b": (3, 2, 9), "c": (9, 9, 9)}).disclosed() == {}
    assert len(grid({"a": (1, 1, 9), "b": (0, 0, 9), "c": (9, 9, 9)}).disclosed()) == 2
    # Two hidden in every row, in two columns of three, and yet the third column tells all.
    assert len(grid({"a": (4, 4, 9), "b": (4, 4, 9), "c": (9, 9, 1)}).disclosed()) == 1


def test_a_share_tells_a_hidden_denominator() -> None:
    attack = Attack()
    negative, comments = attack.cell("negative"), attack.cell("comments")
    attack.at_most(negative, comments)
    attack.figure("negative", [negative], 5)
    attack.figure("comments", [comments], None)
    assert attack.disclosed() == {}
    attack.share([negative], [comments], 0.71, rounding=0.005)
    assert attack.disclosed() == {"comments": 7}


def test_the_gate_finds_no_total_that_leaves_a_figure_open_even_in_a_month_of_one_week(hard: SmallWarehouse) -> None:
    query = (PROJECT / "expectations" / "publishable" / "public_figures.sql").read_text(encoding="utf-8")
    with hard.connect() as connection:
        (weeks,) = connection.execute(
            """select count(distinct week_date) from public.public_trust_weeks
               where trust_code = 'SHORT' and month_code = '2025-02'"""
        ).fetchone()
        assert weeks == 1
        assert connection.execute(f"select keys from ({query}) where leaves_one_figure_open").fetchall() == []
