"""Which month or quarter a report can be made of, what it is set beside, and what is said where there is none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from wordround.errors import MonthNotThere
from wordround.published.comparisons import Compared, Counted
from wordround.published.periods import Asked, Month, as_of, choose, earlier, name
from wordround.published.tables import AlertEpisode

FIRST_MONDAY = date(2025, 9, 22)


def months(weeks: int = 60, **changes: dict[str, object]) -> list[Month]:
    """Months of so many weeks from 22 September 2025 on; the last one is not over. changes: by month, as m2026_10."""
    found: dict[str, list[date]] = {}
    for number in range(weeks):
        monday = FIRST_MONDAY + timedelta(weeks=number)
        found.setdefault(f"{monday + timedelta(days=3):%Y-%m}", []).append(monday)
    made = [
        Month(
            month_code=code,
            quarter_code=f"{code[:4]}-Q{(int(code[5:]) + 2) // 3}",
            awaited_sources=None,
            week_count=len(mondays),
            is_over=code != max(found),
            is_closed=code != max(found),
            is_whole=code != min(found),
            first_week_date=mondays[0],
            last_day_date=mondays[-1] + timedelta(days=6),
        )
        for code, mondays in found.items()
    ]
    return [replace(each, **changes.get(f"m{each.month_code.replace('-', '_')}", {})) for each in made]


AWAITED = {"is_closed": False, "awaited_sources": "care_opinion, fft"}


def test_the_latest_month_is_set_beside_the_one_before_and_the_same_one_a_year_before() -> None:
    reported = choose(months(), Asked("month"))
    assert (reported.period.code, reported.period.name, reported.period.week_count) == ("2026-10", "October 2026", 5)
    assert reported.before is not None and reported.before.code == "2026-09"
    assert reported.year_before is not None and reported.year_before.code == "2025-10"
    window = reported.window
    assert (window.first, window.last) == (date(2026, 9, 28), date(2026, 10, 26))
    assert (window.before_first, window.before_last) == (date(2026, 8, 31), date(2026, 9, 21))
    assert (window.within, window.before) == ("in October 2026", "September 2026")


def test_a_quarter_is_three_months_of_the_calendar_year() -> None:
    reported = choose(months(), Asked("quarter"))
    assert (reported.period.code, reported.period.months) == ("2026-Q3", ("2026-07", "2026-08", "2026-09"))
    assert reported.period.name == "July to September 2026"
    assert reported.before is not None and reported.before.code == "2026-Q2"
    assert reported.year_before is None  # its data begin within it
    assert reported.window.within == "from July to September 2026"


def test_what_is_not_whole_is_nothing_to_be_set_beside() -> None:
    reported = choose(months(m2026_09=AWAITED), Asked("month"))
    assert reported.before is None and reported.year_before is not None
    window = reported.window
    assert not any(window.has_before(window.first + timedelta(weeks=number)) for number in range(-60, 60))
    assert choose(months(), Asked("month", "2025-10")).before is None


@pytest.mark.parametrize(
    ("wanted", "changes", "why"),
    [
        (Asked("month", "2026-11"), {}, "November 2026: it is not over in the data, which reach to 15 November 2026"),
        (Asked("month", "2025-09"), {}, "September 2025: the data begin within it, on 22 September 2025"),
        (Asked("month", "2024-01"), {}, "January 2024: the data reach from 22 September 2025 to 15 November 2026"),
        (
            Asked("month", "2026-10"),
            {"m2026_10": AWAITED},
            "October 2026: data are still to come, from care_opinion and",
        ),
        (Asked("quarter", "2026-Q4"), {}, "October to December 2026: it is not over in the data"),
        (Asked("quarter", "2025-Q3"), {}, "July to September 2025: the data begin within it"),
        (Asked("quarter", "2026-Q3"), {"m2026_08": AWAITED}, "July to September 2026: data are still to come"),
    ],
)
def test_a_period_without_its_data_is_refused_with_the_reason_and_what_there_is(
    wanted: Asked, changes: dict[str, dict[str, object]], why: str
) -> None:
    with pytest.raises(MonthNotThere) as refused:
        choose(months(**changes), wanted)
    assert f"There can be no report of {why}" in str(refused.value)
    assert f"each {wanted.kind} whose data have arrived: the first is October" in str(refused.value)


def test_without_a_closed_month_it_says_so() -> None:
    with pytest.raises(MonthNotThere, match=r"No month is over with all of its data here\. .* there is none yet\."):
        choose(months(5), Asked("month"))
    with pytest.raises(MonthNotThere, match="no comment is published yet"):
        choose([], Asked("month", "2026-10"))


@pytest.mark.parametrize(
    ("code", "before", "year_before", "called"),
    [("2026-01", "2025-12", "2025-01", "January 2026"), ("2026-10", "2026-09", "2025-10", "October 2026")],
)
def test_the_months_before(code: str, before: str, year_before: str, called: str) -> None:
    assert (earlier("month", code), earlier("month", code, by_year=True)) == (before, year_before)
    assert name("month", code) == called


def test_the_quarters_before() -> None:
    assert (earlier("quarter", "2026-Q1"), earlier("quarter", "2026-Q3", by_year=True)) == ("2025-Q4", "2025-Q3")


def episode(opened: date, alerted: date | None, closed: date | None, status: str) -> AlertEpisode:
    return AlertEpisode(
        alert_id="a", series_id="s", series_code="service", trust_code="T", service_id="heron", theme_code=None,
        part_of_alert_id=None, direction="concern", tier_code="alert" if alerted else "watch", status=status,
        explained_by=None, negative_count=20, comment_count=40, expected_share=0.3, baseline_comment_count=400,
        baseline_week_count=24, evidence=9.0, once_in_years=100, restated_negative_count=None,
        restated_comment_count=None, negative_count_label="20", comment_count_label="40", since_week_date=opened,
        opened_week_date=opened, alerted_week_date=alerted, closed_week_date=closed, rebase_proposed_week_date=None,
    )  # fmt: skip


def test_alerts_stand_as_they_did_at_the_end_of_the_period() -> None:
    end = date(2026, 10, 26)
    before, after = date(2026, 10, 5), date(2026, 11, 2)
    (later,) = as_of([episode(before, after, None, "open"), episode(after, after, None, "open")], end)
    assert (later.tier_code, later.status) == ("watch", "open")
    (closed_since,) = as_of([episode(before, before, after, "closed")], end)
    assert (closed_since.tier_code, closed_since.status) == ("alert", "open")
    (closed,) = as_of([episode(before, before, end, "closed")], end)
    assert closed.status == "closed"
    (withdrawn,) = as_of([episode(before, before, None, "withdrawn")], end)
    assert withdrawn.status == "withdrawn"


def test_a_difference_is_as_sure_as_the_comments_are_worth() -> None:
    now, before = Counted(70, 56, 5, worth=70.0), Counted(80, 48, 4, worth=80.0)
    sure = Compared(now, before, None).change
    assert sure is not None and sure.is_beyond_chance
    # The example of Newcombe (Statistics in Medicine 17, 1998, 873-890), table II, method 10.
    assert (round(sure.size, 4), round(sure.low, 4), round(sure.high, 4)) == (0.2, 0.0524, 0.3339)
    alike = Compared(replace(now, worth=20.0), replace(before, worth=20.0), None).change
    assert alike is not None and not alike.is_beyond_chance and abs(alike.deviate) < abs(sure.deviate)
    assert Compared(replace(now, negative=None), before, None).change is None
    assert Compared(now, None, None).change is None
