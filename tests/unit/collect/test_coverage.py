"""Coverage: nothing is asked twice for no reason, and no stretch is left out in silence."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.fixtures.manifests import a_manifest
from wordround.collect import coverage
from wordround.connectors.asking.accounts import QueryAccount
from wordround.connectors.asking.contract import Window
from wordround.connectors.bluesky import Block
from wordround.land.manifests import QueryRecord, WindowRecord

NOW = datetime(2026, 3, 15, 5, 30, tzinfo=UTC)
TODAY = NOW.date()


def block(tags=("nhs",), **more):
    query = {"id": "tag", "hashtags": list(tags)} | more.pop("query", {})
    return Block.model_validate({"queries": [query], **more})


def manifest(of, since, until, answered=True, is_closed=True, landed=NOW):
    window = WindowRecord(
        asked_from=since,
        asked_until=until,
        answered_from=since if answered else None,
        cut=None,
        error=None if is_closed else "SourceDown",
        is_closed=is_closed,
    )
    account = QueryAccount(of.queries[0])
    query = QueryRecord.of(account, coverage.fingerprint(of, account.query))
    query = query.model_copy(update={"windows": (window,)})
    return a_manifest(landed_at=landed, run_id="run", queries=(query,))


def asked(of, manifests=(), day=TODAY, now=NOW):
    return [window for _, windows in coverage.pending(of, list(manifests), day, now) for window in windows]


def at(day: str) -> datetime:
    return coverage.midnight(date.fromisoformat(day))


def test_the_first_run_asks_about_a_week_or_from_the_day_that_the_settings_name():
    assert asked(block()) == [Window(at("2026-03-08"), NOW)]
    assert asked(block(since="2026-01-01")) == [Window(at("2026-01-01"), NOW)]


def test_after_a_fortnight_of_silence_nothing_is_left_out():
    of = block()
    done = manifest(of, at("2026-02-22"), at("2026-03-01"))
    assert asked(of, [done]) == [Window(at("2026-03-01") - timedelta(hours=48), NOW)]
    failed = manifest(of, at("2026-02-22"), at("2026-03-01"), answered=False, is_closed=False)
    assert asked(of, [failed]) == [Window(at("2026-02-22"), NOW)]


def test_what_was_answered_is_asked_again_for_its_last_two_days_alone():
    of = block()
    done = manifest(of, at("2026-03-08"), NOW - timedelta(hours=24))
    assert asked(of, [done]) == [Window(NOW - timedelta(hours=72), NOW)]


def test_a_query_that_asks_for_something_else_now_is_asked_about_the_past_anew():
    of = block(since="2026-03-01")
    done = manifest(of, at("2026-03-01"), NOW)
    other = block(tags=("nhs", "gp"), since="2026-03-01")
    assert asked(other, [done]) == [Window(at("2026-03-01"), NOW)]
    assert asked(of.model_copy(update={"budget": 3.0, "patience_seconds": 5}), [done])[0].since > at("2026-03-10")


def test_a_query_whose_days_are_over_is_not_asked_for_ever():
    of = block(since="2026-01-01", query={"until": "2026-01-31"})
    done = manifest(of, at("2026-01-01"), at("2026-02-01"))
    assert asked(of) == [Window(at("2026-01-01"), at("2026-02-01"))]
    assert asked(of, [done]) == []


def test_a_failure_in_the_middle_is_a_gap_that_the_next_run_asks_about():
    of = block(since="2026-03-01")
    parts = [
        manifest(of, at("2026-03-01"), at("2026-03-05")),
        manifest(of, at("2026-03-05"), at("2026-03-08"), answered=False, is_closed=False),
        manifest(of, at("2026-03-08"), NOW),
    ]
    assert asked(of, parts)[0] == Window(at("2026-03-05"), at("2026-03-08"))


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_days_of_23_and_25_hours_are_whole(day):
    of = block(since=day.isoformat())
    (window,) = asked(of, day=day, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert window == Window(coverage.midnight(day), coverage.midnight(day + timedelta(days=1)))
    assert window.until - window.since == timedelta(hours=23 if day.month == 3 else 25)
