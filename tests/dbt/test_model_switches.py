"""A new version of a model in the marts: old figures until the switch, new ones after it, and no limit made of both."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from small_warehouse import Answer, SmallWarehouse

from wordround.settings import Settings

MONDAY = date(2024, 1, 1)
OLD, NEW = "learned-aaaaaaaa-1-00000000", "learned-bbbbbbbb-1-00000000"
WEEKS, BREAK = 60, 30


def history(sentiment: str) -> list[Answer]:
    """Six answers a week at one ward, as one version reads them: one of the six as given, the others neutral."""
    return [
        Answer(
            f"c{week}-{number}", MONDAY + timedelta(7 * week), f"The tea of week {week}, answer {number}",
            sentiment=sentiment if number <= week % 3 else "neutral",
        )
        for week in range(WEEKS)
        for number in range(6)
    ]  # fmt: skip


@pytest.fixture
def warehouse(settings: Settings) -> SmallWarehouse:
    found = SmallWarehouse(settings, annotations_version=OLD)
    found.load(history("negative"))
    return found


def read_again(warehouse: SmallWarehouse, answers: list[Answer], is_switched: bool) -> None:
    """Annotate texts by the new version, beside what the old one made, and put it in force or not."""
    warehouse.annotations_version = NEW
    with warehouse.connect() as connection:
        in_force = connection.execute("from understanding.models").fetchall()
    warehouse.understand(answers)
    with warehouse.connect() as connection:
        if is_switched:
            connection.execute(
                """insert into understanding.model_switches
                   values (?, 'annotations', ?, ?, 'model of comments', 'wordround', 360, 0)""",
                [warehouse.clock, OLD, NEW],
            )
        else:
            connection.execute("delete from understanding.models")
            connection.executemany("insert into understanding.models values (?, ?, ?)", in_force)


def figures(warehouse: SmallWarehouse) -> list[dict[str, Any]]:
    columns = "week_date, comment_count, negative_count, positive_count, negative_share, former_version_count"
    return warehouse.table("marts.fct_service_weeks", columns)


def test_half_read_again_is_old_everywhere_and_whole_is_new_everywhere_with_one_date(
    warehouse: SmallWarehouse,
) -> None:
    warehouse.build()
    old = figures(warehouse)
    charts = warehouse.table("marts.fct_control_chart_points")
    newer = history("positive")
    read_again(warehouse, newer[len(newer) // 2 :], is_switched=False)
    late = Answer("late", MONDAY + timedelta(7 * WEEKS - 1), "One more of the last week", sentiment="negative")
    warehouse.annotations_version = OLD
    warehouse.load([late])
    warehouse.build()
    now = figures(warehouse)
    # A text that came meanwhile is there at once, as the old version reads it.
    assert now[:-1] == old[:-1] and now[-1]["negative_count"] == old[-1]["negative_count"] + 1
    assert warehouse.table("marts.fct_control_chart_points")[:-1] == charts[:-1]
    assert {row["model_version"] for row in warehouse.table("marts.fct_comments")} == {OLD}
    assert warehouse.table("marts.fct_model_switches") == []

    read_again(warehouse, [*newer, replace(late, sentiment="positive")], is_switched=True)
    warehouse.build()
    new = figures(warehouse)
    assert {row["negative_count"] for row in new} == {0} and sum(row["positive_count"] for row in new) == 121
    assert {row["model_version"] for row in warehouse.table("marts.fct_comments")} == {NEW}
    assert {row["former_version_count"] for row in (*old, *now, *new)} == {0}
    (switch,) = warehouse.table("marts.fct_model_switches")
    assert (switch["switched_at"], switch["former_version"], switch["model_version"]) == (warehouse.clock, OLD, NEW)
    # All of history is one version's: there is nothing to draw apart.
    assert {row["rebase_group"] for row in warehouse.table("marts.fct_control_chart_points")} == {0}


def test_weeks_whose_texts_had_expired_keep_their_figures_and_set_no_limit_of_the_others(
    warehouse: SmallWarehouse,
) -> None:
    warehouse.build()
    old = figures(warehouse)
    expire(warehouse, MONDAY + timedelta(7 * BREAK))
    read_again(warehouse, [each for each in history("positive") if number_of(each) >= BREAK], is_switched=True)
    warehouse.build()
    weeks = figures(warehouse)
    before = [row | {"former_version_count": 6} for row in old[:BREAK]]
    assert weeks[:BREAK] == before
    assert {row["former_version_count"] for row in weeks[BREAK:]} == {0}
    assert groups(warehouse) == [0] * BREAK + [1] * (WEEKS - BREAK)
    # What people coded wins in both.
    with warehouse.connect() as connection:
        for week in (1, WEEKS - 1):
            connection.execute(
                "insert into understanding.human_codes values (?, 'very_negative', 'negative', null, ?)",
                [f"c{week}-5", warehouse.clock],
            )
    warehouse.build()
    coded = figures(warehouse)
    assert [coded[week]["negative_count"] - weeks[week]["negative_count"] for week in (1, 30, WEEKS - 1)] == [1, 0, 1]
    assert groups(warehouse) == [0] * BREAK + [1] * (WEEKS - BREAK)


def groups(warehouse: SmallWarehouse) -> list[int]:
    """The stretch of each week: weeks of one have limits together."""
    return [row["rebase_group"] for row in warehouse.table("marts.fct_control_chart_points", "week_date, rebase_group")]


def number_of(answer: Answer) -> int:
    return (answer.posted_date - MONDAY).days // 7


def expire(warehouse: SmallWarehouse, until: date) -> None:
    """Take the texts of earlier answers away, as expiry does: their figures stay under another name."""
    with duckdb.connect(str(warehouse.settings.warehouse_file)) as connection:
        for table in ("annotations", "sentiments"):
            connection.execute(
                f"""update understanding.{table} as figures set text_id = 'kept ' || comments.comment_id
                    from raw.comments as comments
                    where figures.text_id = comments.text_id and comments.posted_date < ?""",
                [until],
            )
        connection.execute(
            """update raw.comments set text = null, is_text_expired = true, text_id = 'kept ' || comment_id
               where posted_date < ?""",
            [until],
        )
