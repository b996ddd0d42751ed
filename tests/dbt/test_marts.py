"""Known input, known marts: the whole dbt project on a small warehouse."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from small_warehouse import Answer, SmallWarehouse

from tests.fixtures.chains import copied, of_home
from wordround.build import dbt as marts
from wordround.errors import BuildFailed
from wordround.settings import Settings

MONDAY = date(2026, 1, 5)
MARTS = (
    "dim_months dim_services dim_sources dim_themes dim_weeks fct_actions fct_alert_changes fct_alert_handling "
    "fct_alert_words fct_alerts fct_comment_themes fct_comments fct_control_chart_points fct_decision_weeks "
    "fct_conversation_countries fct_conversation_examples fct_conversation_link_titles fct_conversation_links "
    "fct_conversation_minutes fct_conversation_participants fct_conversation_posts "
    "fct_conversation_sources fct_conversation_theme_pairs fct_conversation_themes fct_conversation_threads "
    "fct_conversations fct_own_follower_weeks fct_own_post_subjects fct_own_posts fct_tag_surges "
    "fct_fft_months fct_model_switches fct_model_weeks fct_query_days fct_rebases fct_service_theme_weeks "
    "fct_service_comparison fct_service_comparison_sources fct_service_months fct_service_watch fct_service_weeks "
    "fct_source_coverage fct_source_gaps fct_theme_examples "
    "fct_theme_leads fct_triangulation fct_triangulation_disagreements fct_triangulation_pairs "
    "fct_trust_months"
).split()

HOSTILE = "Fine'; drop table raw.comments; -- {{ ref('x') }} {% raw %}"

FEW = [
    Answer("c1", MONDAY, "The nurse was kind", 0.6, (("staff_manner", "nurse"),), 1, "r1"),
    Answer("c2", MONDAY, "nothing", 0.0, (), 1, "r1", "could_improve"),
    Answer("c3", MONDAY, "They never called back", -0.4, (("timeliness", "called"),), 2, "r2"),
    Answer("c4", MONDAY, None, 0.0, (), 4, "r3"),
    Answer("c5", MONDAY + timedelta(14), "A long wait", -0.2, (("timeliness", "wait"),), None, None),
    Answer(
        "c6", MONDAY, "Fine'; drop table raw.comments; -- {{ ref('x') }} {% raw %}", 0.2, (), 3, "r4", location="Bay|9"
    ),
]


@pytest.fixture
def warehouse(settings: Settings) -> SmallWarehouse:
    return SmallWarehouse(settings)


def everything(warehouse: SmallWarehouse) -> dict[str, list[dict[str, Any]]]:
    tables = {name: warehouse.table(f"marts.{name}") for name in MARTS}
    for source in tables["dim_sources"]:
        assert source.pop("last_loaded_at") or source["source_code"] != "fft"
    return tables


@pytest.fixture
def few(settings: Settings, once: Callable[[str, Callable[[Path], None]], Path]) -> SmallWarehouse:
    """A warehouse with the marts of `FEW`, which nobody may change."""

    def fill(home: Path) -> None:
        warehouse = SmallWarehouse(of_home(settings, home))
        warehouse.load(FEW, no_answer=1, loaded=5)
        built = marts.build(warehouse.settings)
        assert built.models > 30 and built.tests >= 80

    return SmallWarehouse(of_home(settings, once("few-comments", fill)))


def test_known_comments_become_known_marts(few: SmallWarehouse) -> None:
    comments = {row["comment_id"]: row for row in few.table("marts.fct_comments")}
    assert set(comments) == {"c1", "c2", "c3", "c5", "c6"}
    assert [comments[c]["sentiment_label"] for c in ("c1", "c2", "c3")] == ["positive", "positive", "negative"]
    assert comments["c2"]["is_nothing_to_improve"]
    assert (comments["c1"]["theme_codes"], comments["c1"]["major_codes"]) == (["staff_manner"], ["staff"])
    assert comments["c1"]["fft_score_label"] == "Very good"
    assert comments["c6"]["comment_text"] == FEW[5].text
    assert {comments[c]["service_id"] for c in ("c1", "c5")} == {"fernvale_kestrel_ward"}

    ward = "fernvale_kestrel_ward"
    weeks = [row for row in few.table("marts.fct_service_weeks") if row["service_id"] == ward]
    assert [row["week_date"] for row in weeks] == [MONDAY, MONDAY + timedelta(7), MONDAY + timedelta(14)]
    assert [row["comment_count"] for row in weeks] == [3, 0, 1]
    assert [row["response_count"] for row in weeks] == [3, 0, 1]
    first = weeks[0]
    assert [first[f"fft_{score}_count"] for score in (1, 2, 3, 4, 5)] == [1, 1, 0, 1, 0]
    assert (first["negative_count"], first["negative_under_best_scores_count"]) == (1, 1)
    assert (first["comment_count_label"], first["negative_share_label"], first["suppression_reason"]) == (
        "*",
        "*",
        "small_number",
    )
    assert (weeks[1]["comment_count_label"], weeks[1]["negative_share"], weeks[1]["is_suppressed"]) == (
        "0",
        None,
        False,
    )

    services = {row["service_label"]: row for row in few.table("marts.dim_services")}
    assert services["Bay|9"]["is_registered"] is False
    assert services["Bay|9"]["comment_count"] == 1
    themes = few.table("marts.fct_comment_themes", "comment_id, theme_code, polarity, words")
    assert [tuple(row.values()) for row in themes] == [
        ("c1", "staff_manner", "positive", ["nurse"]),
        ("c3", "timeliness", "negative", ["called"]),
        ("c5", "timeliness", "negative", ["wait"]),
    ]
    [coverage] = few.table("marts.fct_source_coverage")
    assert (coverage["rows_in"], coverage["rows_loaded"], coverage["rows_no_answer"]) == (6, 5, 1)
    assert [row["is_complete"] for row in few.table("marts.dim_weeks")] == [True, True, True]


@pytest.mark.slow
def test_an_incremental_build_gives_the_rows_of_a_full_refresh(warehouse: SmallWarehouse) -> None:
    settings = warehouse.settings
    warehouse.load(FEW, no_answer=1, loaded=5)
    warehouse.build()

    corrected = Answer("c3", MONDAY, "They did call back", 0.3, (), 2, "r2", location="Bay|9")
    emptied = Answer("c6", MONDAY, None, 0.0, (), 3, "r4", location="Bay|9")
    warehouse.load(
        [Answer("c7", MONDAY, "The nurse was kind", 0.6, (("staff_manner", "nurse"),), 1), corrected, emptied]
    )
    with warehouse.connect() as connection:
        connection.execute("delete from raw.comments where comment_id = 'c5'")
    warehouse.build()
    assert [row["comment_id"] for row in warehouse.table("marts.fct_comments")] == ["c1", "c2", "c3", "c7"]
    incremental = everything(warehouse)
    warehouse.build(full_refresh=True)
    assert everything(warehouse) == incremental

    # Another version rescores every comment, and going back to the first one does so again, without new scores.
    before = {row["comment_id"]: row["compound"] for row in incremental["fct_comments"]}
    warehouse.sentiment_version = "vader-9"
    warehouse.understand(
        [Answer(a.comment_id, a.posted_date, a.text, -0.9, a.themes) for a in (*FEW, corrected, emptied)]
    )
    warehouse.build()
    assert {row["compound"] for row in warehouse.table("marts.fct_comments")} == {-0.9}
    with warehouse.connect() as connection:
        connection.execute(
            "insert into understanding.models values ('sentiment', 'vader-3.3.2', '2026-05-01 00:00:00+00')"
        )
    warehouse.build()
    assert {row["comment_id"]: row["compound"] for row in warehouse.table("marts.fct_comments")} == before
    incremental = everything(warehouse)
    marts.build(settings, full_refresh=True)
    assert everything(warehouse) == incremental


def labels(warehouse: SmallWarehouse) -> dict[str, tuple[str | None, str | None]]:
    rows = warehouse.table("marts.fct_comments", "comment_id, sentiment_label, labelled_by")
    return {row["comment_id"]: (row["sentiment_label"], row["labelled_by"]) for row in rows}


@pytest.mark.slow
def test_what_the_learned_model_makes_of_a_text_under_its_question_is_the_label(warehouse: SmallWarehouse) -> None:
    answers = [
        Answer("good", MONDAY, "Nothing", 0.0, sentiment="very_negative"),
        Answer("better", MONDAY, "Nothing", 0.0, question_type="could_improve", sentiment="very_positive"),
        Answer("late", MONDAY, "Waited for hours", 0.0, sentiment="negative"),
    ]
    warehouse.load(answers)
    with warehouse.connect() as connection:
        connection.execute("delete from understanding.annotations where question_type = 'could_improve'")
    warehouse.build()
    # One text under two questions; VADER labels no text that can still be read.
    assert labels(warehouse) == {
        "good": ("negative", "learned"), "better": (None, None), "late": ("negative", "learned")
    }  # fmt: skip
    # Only an annotation is new, and the next build takes it up.
    warehouse.understand(answers)
    warehouse.build()
    assert labels(warehouse)["better"] == ("positive", "learned")
    # Another version labels all anew; the one before does so again, without being asked.
    before = labels(warehouse)
    warehouse.annotations_version = "learned-00000002"
    warehouse.understand([replace(answer, sentiment="neutral") for answer in answers])
    warehouse.build()
    assert set(labels(warehouse).values()) == {("neutral", "learned")}
    with warehouse.connect() as connection:
        connection.execute(
            "insert into understanding.models values ('annotations', 'learned-00000001', '2026-06-01 00:00:00+00')"
        )
    warehouse.build()
    assert labels(warehouse) == before


@pytest.mark.slow
def test_tables_of_an_earlier_version_with_other_columns_are_made_again(warehouse: SmallWarehouse) -> None:
    warehouse.load(FEW, no_answer=1, loaded=5)
    warehouse.build()
    rows = warehouse.table("marts.fct_comments")
    with warehouse.connect() as connection:
        connection.execute(
            "create or replace table marts.fct_comments as select * exclude (vader_label) from marts.fct_comments"
        )
    marts.build(warehouse.settings)
    assert warehouse.table("marts.fct_comments") == rows


def test_sums_that_do_not_come_out_stop_the_build_and_no_text_is_told(warehouse: SmallWarehouse) -> None:
    marker = "zebracrossing"
    warehouse.load([Answer("c1", MONDAY, f"Text with {marker}", 0.1)], quarantined=3)
    with pytest.raises(BuildFailed) as failure:
        marts.build(warehouse.settings)
    assert "assert_rows_in_are_accounted_for: 1 row(s)" in str(failure.value)
    assert marker not in str(failure.value)

    warehouse.load([Answer("c9", MONDAY, f"Elsewhere {marker}", 0.1, source="unheard_of")])
    with pytest.raises(BuildFailed, match="assert_every_comment_is_counted_once"):
        marts.build(warehouse.settings)
    told = [path for path in warehouse.settings.dbt_target.rglob("*") if path.is_file() and holds(path, marker)]
    assert told == []
    with duckdb.connect(str(warehouse.settings.warehouse_file)) as connection:
        assert connection.execute("select count(*) from raw.comments").fetchone() == (2,)


def holds(path: Path, marker: str) -> bool:
    return marker.encode() in path.read_bytes()


def test_a_withheld_comment_counts_and_its_words_are_nowhere(warehouse: SmallWarehouse) -> None:
    shown = Answer("c1", MONDAY, "The nurse was kind", 0.6)
    masked = Answer("c2", MONDAY, "rude rude", -0.9, (("staff_manner", "rude"),), is_withheld=True)
    whole = Answer("c3", MONDAY, None, is_withheld=True)
    warehouse.load([shown, masked, whole, Answer("c4", MONDAY, None)])
    marts.build(warehouse.settings)
    comments = warehouse.table("marts.fct_comments", "comment_id, comment_text, sentiment_label, theme_count")
    assert [tuple(row.values()) for row in comments] == [
        ("c1", "The nurse was kind", "positive", 0),
        ("c2", None, "negative", 1),
        ("c3", None, None, 0),
    ]
    (week,) = warehouse.table("marts.fct_service_weeks", "comment_count, negative_count, neutral_count, positive_count")
    assert tuple(week.values()) == (3, 1, 0, 1)


def test_a_comment_that_was_not_understood_stops_the_build(warehouse: SmallWarehouse) -> None:
    warehouse.load([Answer("c1", MONDAY, "Not yet scored", 0.1)])
    with warehouse.connect() as connection:
        connection.execute("delete from understanding.annotations")
    with pytest.raises(BuildFailed, match=r"every_text_is_understood: 1 row\(s\)\. .* Run `wordround understand`"):
        marts.build(warehouse.settings)


def test_a_worsening_opens_one_alert_and_a_week_that_is_not_over_changes_nothing(warehouse: SmallWarehouse) -> None:
    warehouse.load(trend_of(weeks=32, worse_from=26), logical_date=MONDAY + timedelta(7 * 31 + 2))
    marts.build(warehouse.settings)
    points = warehouse.table("marts.fct_control_chart_points")
    assert [point["is_baseline"] for point in points] == [True] * 24 + [False] * 8
    assert not any(point["is_special_cause"] for point in points[:26])
    assert points[26]["special_cause_type"] == "outside_limits"
    assert points[26]["point_type"] == "concern"
    assert points[31]["not_monitored_reason"] == "not judged: the week is not over, or its data have not all arrived"
    assert points[31]["is_special_cause"] is False
    alerts = warehouse.table("marts.fct_alerts")
    (alert,) = (each for each in alerts if each["series_code"] == "service")
    assert (alert["direction"], alert["status"], alert["tier_code"]) == ("concern", "open", "alert")
    assert (alert["since_week_date"], alert["opened_week_date"]) == (MONDAY + timedelta(7 * 26),) * 2
    assert (alert["negative_count"], alert["comment_count"]) == (16, 20)
    # The total of a trust with one service shows the same change.
    assert [each["series_code"] for each in alerts if each["part_of_alert_id"] is None] == ["service"]
    weeks = warehouse.table("marts.fct_decision_weeks")
    assert all(week["is_paused"] for week in weeks if week["week_date"] == MONDAY + timedelta(7 * 31))


def trend_of(weeks: int, worse_from: int) -> list[Answer]:
    """Twenty comments a week; 4 to 6 are negative, and 16 from one week on."""
    answers = []
    for week in range(weeks):
        negative = 16 if week >= worse_from else 4 + week % 3
        for number in range(20):
            compound, text = (-0.5, "bad") if number < negative else (0.5, "good")
            answers.append(Answer(f"w{week}n{number}", MONDAY + timedelta(7 * week), text, compound))
    return answers


def test_every_table_and_column_of_the_marts_carries_its_description(few: SmallWarehouse) -> None:
    tables = few.table("duckdb_tables()", "schema_name, table_name, comment")
    described = {row["table_name"]: row["comment"] for row in tables if row["schema_name"] == "marts"}
    assert sorted(described) == sorted(MARTS)
    assert all(re.search(r"Grain: one row per .+\.$", comment) for comment in described.values())
    columns = few.table("duckdb_columns()", "schema_name, table_name, column_name, comment")
    assert [row for row in columns if row["schema_name"] == "marts" and not row["comment"]] == []


def test_the_unit_tests_of_the_models_hold(few: SmallWarehouse, tmp_path: Path) -> None:
    assert (
        marts.invoke(copied(few.settings, tmp_path / "copy"), ["test", "--select", "test_type:unit"])["unit_test"] >= 19
    )
