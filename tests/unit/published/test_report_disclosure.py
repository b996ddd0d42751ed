"""Small numbers stay hidden, also from somebody who does sums with what is shown."""

from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.published import service_week
from wordround.published import figures
from wordround.published.disclosure import SmallNumbers, hidden_weeks, label_shown, percent
from wordround.published.tables import ChartPoint, ServiceWeek

NHS_ENGLAND = SmallNumbers(4)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 20, "b": 30}, set()),
        ({"a": 0, "b": 30}, set()),
        ({"a": 3, "b": 30, "c": 9}, {"a", "c"}),
        ({"a": 3, "b": 4, "c": 30}, {"a", "b"}),
        ({"a": 1, "b": 1, "c": 30, "d": 8}, {"a", "b", "d"}),
        ({"a": 3, "b": 0}, {"a"}),
    ],
)
def test_a_hidden_part_is_never_left_alone_or_with_a_sum_that_tells(counts: dict[str, int], hidden: set[str]) -> None:
    assert NHS_ENGLAND.hidden_parts(counts) == hidden


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(10, 40, "25%"), (0, 40, "0%"), (40, 40, "100%"), (4, 40, None), (37, 40, None), (2, 4, None), (0, 4, None)],
)
def test_a_share_is_hidden_where_it_or_its_rest_is_small(part: int, whole: int, shown: str | None) -> None:
    assert NHS_ENGLAND.share_shown(part, whole) == shown


def test_labels_and_counts_are_written_for_readers() -> None:
    assert [label_shown(label) for label in ("23 %", "*", "", None, "1,204")] == ["23%", None, None, None, "1,204"]
    assert [NHS_ENGLAND.count_shown(count) for count in (0, 1, 4, 5, 1204)] == [
        "0",
        "fewer than 5",
        "fewer than 5",
        "5",
        "1,204",
    ]
    assert [percent(share) for share in (0.125, 0.005, 0.9949)] == ["13%", "1%", "99%"]


def test_another_rule_hides_more_and_says_so() -> None:
    stricter = SmallNumbers(9)
    assert [stricter.count_shown(count) for count in (0, 9, 10)] == ["0", "fewer than 10", "10"]
    assert stricter.hidden_parts({"a": 3, "b": 30, "c": 11}) == {"a", "c"}
    assert stricter.share_shown(9, 40) is stricter.share_shown(31, 40) is None
    assert stricter.in_steps(8, 24) == 0.5  # a step of 20% of 24 would be five comments


def chart(negatives: list[int], comments: int) -> tuple[list[ServiceWeek], list[ChartPoint]]:
    weeks, points = [], []
    for number, count in enumerate(negatives):
        mood = ["negative"] * count + ["positive"] * (comments - count)
        row = service_week("kestrel", number, mood, [1] * comments) | {
            "week_date": date(2026, 1, 5) + timedelta(weeks=number),
            "negative_share_label": "*" if 0 < count < 5 else f"{round(100 * count / comments)} %",
        }
        weeks.append(ServiceWeek(**{column.name: row[column.name] for column in fields(ServiceWeek)}))
        points.append(
            ChartPoint(
                service_id="kestrel",
                week_date=row["week_date"],
                value=count / comments,
                rebase_group=1,
                is_baseline=True,
                is_monitored=True,
                not_monitored_reason=None,
                suitable_chart="xmr",
                point_type="common_cause",
                mean_value=None,
                lower_limit=None,
                upper_limit=None,
            )
        )
    return weeks, points


NEGATIVES = [10, 12, 9, 11, 3, 10, 13, 8, 9, 12, 11, 10, 7, 9, 12, 14, 10, 9, 11, 8, 12, 10, 9, 13]


@pytest.mark.parametrize(("others", "negative"), [(0, "25%"), (10, "33%"), (1, None)])
def test_shares_of_words_are_of_what_was_read_and_hidden_where_few_were_not(others: int, negative: str | None) -> None:
    weeks, _ = chart([10], 40)
    shown = figures._words([replace(weeks[0], without_sentiment_count=others)], NHS_ENGLAND)
    assert [part.share for part in shown][:1] == ([negative] if negative else [])


def test_a_hidden_week_of_a_baseline_hides_two_more_so_that_the_mean_does_not_give_it_away() -> None:
    weeks, points = chart(NEGATIVES, 40)
    hidden = hidden_weeks(weeks, points)
    assert {NEGATIVES[(monday - date(2026, 1, 5)).days // 7] for monday in hidden} == {3, 7, 8}
    assert len(hidden) == 3


def test_no_baseline_week_is_hidden_without_need() -> None:
    weeks, points = chart([count for count in NEGATIVES if count > 4], 40)
    assert hidden_weeks(weeks, points) == set()


def test_the_mean_and_limits_as_drawn_leave_every_hidden_count_open() -> None:
    """Tries every set of counts that fits the mean and limits of a chart, to the whole per cent that is drawn."""
    weeks, points = chart(NEGATIVES, 40)
    hidden = sorted((monday - date(2026, 1, 5)).days // 7 for monday in hidden_weeks(weeks, points))
    drawn = _lines(NEGATIVES)
    possible: list[set[int]] = [set() for _ in hidden]
    for counts in product(range(1, 14), repeat=len(hidden)):
        tried = list(NEGATIVES)
        for number, count in zip(hidden, counts, strict=True):
            tried[number] = count
        if _lines(tried) == drawn:
            for seen, count in zip(possible, counts, strict=True):
                seen.add(count)
    assert possible[hidden.index(NEGATIVES.index(3))] >= {1, 2, 3, 4}
    assert all(len(seen) > 3 for seen in possible)


def _lines(negatives: list[int]) -> tuple[float, float]:
    shares = [count / 40 for count in negatives]
    mean = sum(shares) / len(shares)
    spread = sum(abs(b - a) for a, b in pairwise(shares)) / (len(shares) - 1)
    return round(mean, 2), round(mean + 2.66 * spread, 2)


@given(st.integers(20, 20_000), st.data())
def test_a_share_of_a_rolling_total_stands_for_several_totals(whole: int, data: st.DataObject) -> None:
    """Otherwise the totals of two successive reports would differ by a week that is not shown."""
    part = data.draw(st.integers(5, whole - 5))
    share = NHS_ENGLAND.rolling_share(part, whole)
    assert share is not None and abs(share - part / whole) <= 0.13
    same = [p for p in range(max(0, part - 60), part + 60) if NHS_ENGLAND.rolling_share(p, whole) == share]
    assert len(same) >= 3 or share in (0, 1)
    assert NHS_ENGLAND.rolling_share(4, whole) is None and NHS_ENGLAND.rolling_share(whole - 1, whole) is None


def test_small_totals_are_rounded_more_than_large_ones() -> None:
    assert [NHS_ENGLAND.in_steps(part, part * 3) for part in (8, 30, 100, 400)] == [0.25, 0.3, 0.34, 0.33]
