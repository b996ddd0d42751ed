"""What people do about an alert comes back into the marts, and what was changed answers itself twelve weeks later."""

from datetime import date, timedelta
from typing import Any

import pytest
from small_warehouse import Answer, SmallWarehouse

from wordround.build import dbt
from wordround.records import alert_actions, issued_alerts
from wordround.records.alert_actions import Action
from wordround.records.issued_alerts import Issue
from wordround.settings import Settings
from wordround.warehouse import alert_actions as in_warehouse
from wordround.warehouse import issued_alerts as issued_in_warehouse

MONDAY = date(2024, 1, 1)
N, ROSE, FELL, WEEKS = 40, 50, 62, 76  # answers a week; the weeks in which the share rises and falls back


def negative(week: int) -> int:
    usual = 10 + (week % 3 - 1) * 2
    return 22 + week % 3 if ROSE <= week < FELL else usual


def history(weeks: range) -> list[Answer]:
    return [
        Answer(
            f"c{week}-{number}", MONDAY + timedelta(7 * week + number % 7), f"The tea of week {week}, answer {number}",
            sentiment="negative" if number < negative(week) else "neutral",
        )
        for week in weeks
        for number in range(N)
    ]  # fmt: skip


def monday(week: int) -> date:
    return MONDAY + timedelta(weeks=week)


def rebuild(warehouse: SmallWarehouse) -> None:
    issued_in_warehouse.bring_in_line(warehouse.settings)
    in_warehouse.bring_in_line(warehouse.settings)
    warehouse.build()


def concern(warehouse: SmallWarehouse) -> dict[str, Any]:
    (found,) = (
        alert
        for alert in warehouse.table("marts.fct_alerts")
        if (alert["series_code"], alert["direction"]) == ("service", "concern")
    )
    return found


def issue(warehouse: SmallWarehouse) -> dict[str, Any]:
    """Issue the alert as `watch` does, and return it."""
    alert = concern(warehouse)
    names = (
        "alert_id", "series_id", "series_code", "trust_code", "service_id", "theme_code", "direction", "evidence",
        "negative_count", "comment_count", "expected_share", "baseline_comment_count", "baseline_week_count",
    )  # fmt: skip
    weeks = {"since_week": alert["since_week_date"], "opened_week": alert["opened_week_date"]}
    issued_alerts.issue(warehouse.settings, [Issue(**{name: alert[name] for name in names}, **weeks)], "b1")
    return alert


def act(settings: Settings, alert: dict[str, Any], event: str, version: int, **what: Any) -> None:
    given = {"by": "quality lead", **what}
    alert_actions.log(settings, Action(alert["alert_id"], alert["series_id"], event, **given), version)


@pytest.fixture
def warehouse(settings: Settings) -> SmallWarehouse:
    """A ward whose share rises and falls back, built until the week before the change."""
    found = SmallWarehouse(settings)
    found.load(history(range(FELL)), logical_date=monday(FELL))
    found.build()
    return found


def answers(warehouse: SmallWarehouse) -> list[tuple[Any, ...]]:
    columns = "action_version, action_code, outcome_code, answer_code, answer_label, is_in_force"
    return [tuple(row.values()) for row in warehouse.table("marts.fct_actions", columns)]


def handling(warehouse: SmallWarehouse) -> dict[str, Any]:
    columns = "direction, alert_count, seen_count, changed_count, planned_count, unchanged_count, changed_share"
    return next(row for row in warehouse.table("marts.fct_alert_handling", columns) if row["direction"] == "concern")


def test_a_change_is_planned_made_and_answers_itself_when_its_weeks_have_passed(warehouse: SmallWarehouse) -> None:
    settings, alert = warehouse.settings, issue(warehouse)
    assert alert["opened_week_date"] < monday(FELL - 4)
    act(settings, alert, "acknowledged", 0, by="brackenburyo", is_login=True)
    act(settings, alert, "closed", 1, words="A second receptionist.", outcome="planned", acted_on=monday(FELL))
    rebuild(warehouse)
    planned = (2, "closed", "planned", "planned", "a change is planned", True)
    assert answers(warehouse) == [(1, "acknowledged", None, None, None, False), planned]
    found = handling(warehouse)
    assert (found["alert_count"], found["seen_count"], found["planned_count"], found["changed_count"]) == (1, 1, 1, 0)

    act(settings, alert, "closed", 2, words="She has begun.", outcome="made", acted_on=monday(FELL) + timedelta(days=2))
    warehouse.load(history(range(FELL, FELL + 6)), logical_date=monday(FELL + 6))
    rebuild(warehouse)
    assert answers(warehouse)[1:] == [
        (*planned[:-1], False), (3, "closed", "made", "too_early", "too early: 5 of 12 weeks", True),
    ]  # fmt: skip

    # Two weeks in which nothing came at all.
    later = [week for week in range(FELL + 6, WEEKS) if week not in (FELL + 8, FELL + 9)]
    warehouse.load([one for week in later for one in history(range(week, week + 1))], logical_date=monday(WEEKS))
    dbt.invoke(settings, ["build", "--no-write-json", "--exclude-resource-type", "unit_test"])
    (made,) = (row for row in warehouse.table("marts.fct_actions") if row["outcome_code"] == "made")
    assert (made["answer_code"], made["is_very_sure"], made["passed_week_count"]) == ("lower", True, 12)
    before = [week for week in range(WEEKS) if alert["opened_week_date"] < monday(week) < monday(FELL)]
    after = [week for week in range(FELL + 1, FELL + 13) if week not in (FELL + 8, FELL + 9)]
    assert (made["before_week_count"], made["after_week_count"]) == (len(before), 10)
    assert (made["before_negative_count"], made["before_comment_count"]) == (
        sum(map(negative, before)),
        N * len(before),
    )
    assert (made["after_negative_count"], made["after_comment_count"]) == (sum(map(negative, after)), N * 10)
    label, shares = made["answer_label"], (made["before_share_label"], made["after_share_label"])
    assert label == "{} before, {} after, ten weeks; very unlikely to be chance".format(*shares)
    assert handling(warehouse)["changed_share"] == 1.0

    by = {row["action_version"]: row["made_by"] for row in warehouse.table("marts.fct_actions")}
    assert by == {1: None, 2: "quality lead", 3: "quality lead"}, "the login of somebody is published nowhere"


def test_a_person_says_from_when_a_chart_starts_anew_and_takes_it_back(warehouse: SmallWarehouse) -> None:
    settings, alert = warehouse.settings, issue(warehouse)
    act(settings, alert, "rebased", 0, words="The ward moved.", week_date=monday(ROSE))
    rebuild(warehouse)
    rebases = "service_id, rebase_date, reason"
    assert warehouse.table("intermediate.int_rebases_dated", rebases) == [
        {"service_id": alert["service_id"], "rebase_date": monday(ROSE), "reason": "The ward moved."}
    ]
    # What was issued stays, and stands no more: the weeks that it was unlike are before the new usual.
    assert concern(warehouse)["status"] in ("closed", "withdrawn")
    act(settings, alert, "rebase_withdrawn", 1, words="It did not.", week_date=monday(ROSE))
    rebuild(warehouse)
    assert warehouse.table("intermediate.int_rebases_dated", rebases) == []
    assert concern(warehouse)["status"] == "open"


def test_an_action_on_an_alert_that_is_no_longer_there_is_kept_and_stops_nothing(warehouse: SmallWarehouse) -> None:
    gone = {"alert_id": "0" * 32, "series_id": "1" * 32}
    act(warehouse.settings, gone, "closed", 0, words="More staff.", outcome="made", acted_on=monday(ROSE))
    rebuild(warehouse)
    assert answers(warehouse)[0][3:] == ("nothing_to_compare", "cannot be said: the alert is not there any more", True)
    assert handling(warehouse)["seen_count"] == 0


def test_records_that_cannot_be_read_leave_the_actions_of_the_last_build(settings: Settings) -> None:
    act(settings, {"alert_id": "0" * 32, "series_id": "1" * 32}, "acknowledged", 0)
    in_warehouse.bring_in_line(settings)
    (settings.records / "records.sqlite").write_bytes(b"damaged")
    in_warehouse.bring_in_line(settings)
    assert len(SmallWarehouse(settings).table("ops.alert_actions")) == 1
