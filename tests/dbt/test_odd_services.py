"""Odd services, and faults of a trust's own registers, stop nobody else: each is named, and the rest is published."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from small_warehouse import Answer, SmallWarehouse

from wordround.build import dbt as marts
from wordround.gates import check as gates
from wordround.settings import Settings, load_settings

MONDAY = date(2026, 1, 5)
WEEKS = 28
BAD, GOOD = ("Rude", -0.5), ("Kind", 0.5)


# A trust of two services: the one is hidden as it is small, and the other to keep it company.
PAIR = ("All negative", "Beside it")


def comments(place: str, counts: list[tuple[int, int]]) -> Iterator[Answer]:
    """Comments of a place: how many a week, and how many of them are negative."""
    trust = "PAIR" if place in PAIR else "XFV"
    for week, (count, negative) in enumerate(counts):
        for n in range(count):
            word, compound = BAD if n < negative else GOOD
            yield Answer(
                f"{place}-{week}-{n}", MONDAY + timedelta(weeks=week, days=n % 7), f"{word}", compound,
                response_id=f"{place}-{week}-{n}", location=place,
                trust_code=trust,
            )  # fmt: skip


ODD = {
    "Usual": [(20, 3 + week % 4) for week in range(WEEKS)],
    "Constant": [(16, 4)] * WEEKS,
    "All negative": [(7, 7)] * WEEKS,
    "Beside it": [(10, 3)] * WEEKS,
    "Every other week": [(40, 9 + week % 3) if week % 2 else (0, 0) for week in range(WEEKS)],
    "Thirteen a week": [(13, 2 + week % 3) for week in range(WEEKS)],
    "Rare": [(20, int(week % 9 == 0)) for week in range(WEEKS)],
    "Rare and small": [(3, int(week % 9 == 0)) for week in range(WEEKS)],
    "Once": [(1, 1)] + [(0, 0)] * (WEEKS - 1),
    "Claimed twice": [(20, 3 + week % 5) for week in range(WEEKS)],
    "Moved": [(20, 4 + week % 3) for week in range(WEEKS)],
}
REGISTER = """service_id,trust_code,trust_label,site_label,service_label,ods_code,aliases,accounts,hashtags,\
valid_from,valid_to
moved,XFV,Fernvale,North,Moved Ward,,Moved,,,,
one,XFV,Fernvale,North,One,,Claimed twice,,,,
two,XFV,Fernvale,North,Two,,Claimed twice,,,,
twice,XFV,Fernvale,North,Twice,,Nowhere,,,,
twice,XFV,Fernvale,North,Twice,,Elsewhere,,,,
"""
REBASES = "service_id,measure_code,rebase_date,reason\nmoved,negative_share,2026-03-04,A Wednesday\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWarehouse]:
    folder: Path = tmp_path_factory.mktemp("odd")
    brought = load_settings().environment.config
    with pytest.MonkeyPatch.context() as patch:
        (folder / "wordround.toml").write_text(brought.read_text(encoding="utf-8"), encoding="utf-8")
        (folder / "services.csv").write_text(REGISTER, encoding="utf-8")
        (folder / "rebase_dates.csv").write_text(REBASES, encoding="utf-8")
        patch.setenv("WORDROUND_CONFIG", str(folder / "wordround.toml"))
        patch.setenv("WORDROUND_HOME", str(folder / "home"))
        settings: Settings = load_settings()
        warehouse = SmallWarehouse(settings)
        answers = [answer for place, counts in ODD.items() for answer in comments(place, counts)]
        warehouse.load([], MONDAY + timedelta(weeks=WEEKS))
        rows = [warehouse._comment(answer, "batch1", MONDAY) for answer in answers]
        with warehouse.connect() as connection:
            connection.register("given", pa.Table.from_pylist(rows))
            connection.execute("insert into raw.comments by name from given")
        warehouse.understand(answers)
        marts.build(settings)
        yield warehouse


def states(warehouse: SmallWarehouse) -> dict[str, tuple[str | None, str]]:
    """Why the twentieth week of each service is not monitored, and which chart would watch it."""
    rows = warehouse.table(
        "marts.fct_control_chart_points join marts.dim_services using (service_id)"
        f" where week_date = date '{MONDAY}' + 7 * 25",
        "service_label, not_monitored_reason, suitable_chart",
    )
    return {row["service_label"]: (row["not_monitored_reason"], row["suitable_chart"]) for row in rows}


def test_the_gate_passes_and_names_what_the_registers_contradict_themselves_in(built: SmallWarehouse) -> None:
    outcome = gates.check(built.settings, "publishable")
    assert outcome["succeeded"]
    page = Path(outcome["quality_page"]).read_text(encoding="utf-8")
    listed = {path.name: path.read_text() for path in built.settings.quality.glob("failures/publishable/*register*")}
    assert [sorted(text.split()[1:]) for _, text in sorted(listed.items())] == [["twice"], ["one", "two"], ["moved"]]
    assert "No name in files belongs to two services at the same time." in page


def test_each_series_says_its_state_and_which_chart_would_watch_it(built: SmallWarehouse) -> None:
    few = "not monitored: too few comments (fewer than 15 a week in the baseline)"
    found = states(built)
    assert found["Usual"] == (None, "xmr")
    assert found["Constant"] == ("not monitored: no variation", "p_prime")
    assert found["Every other week"] == ("not monitored: no two weeks in a row have enough comments", "p_prime")
    assert found["All negative"] == (few, "g")
    assert found["Thirteen a week"] == (few, "p_prime")
    assert found["Rare"] == ("not monitored: too rare for this chart: use a g or t chart", "g")
    assert found["Rare and small"] == (few, "t")
    assert found["Moved Ward"] == ("not monitored: the rebase date 2026-03-04 is no week of this service", "p_prime")
    assert found["Claimed twice"] == (None, "xmr"), "a service of its own, not one of the two that claim it"


def test_a_service_that_is_all_negative_does_not_give_its_neighbour_away(built: SmallWarehouse) -> None:
    rows = built.table(
        "marts.fct_service_weeks join marts.dim_services using (service_id)"
        f" where week_date = '{MONDAY}' and service_label in ('All negative', 'Beside it')",
        "service_label, negative_count_label, neutral_count_label, positive_count_label",
    )
    assert {row["service_label"]: row["negative_count_label"] for row in rows}["Beside it"] == "*"
    for row in rows:
        labels = [row[f"{name}_count_label"] for name in ("negative", "neutral", "positive")]
        assert labels.count("*") != 1, row["service_label"]
