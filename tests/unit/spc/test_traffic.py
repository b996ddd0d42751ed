"""Times the usual, and what stands out of a conversation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wordround.spc.traffic import interval_minutes, standing_out, times_usual


def test_the_interval_is_that_of_two_poisson_counts() -> None:
    """Given 60 and 14 times 20, the odds of an exact binomial interval of 60 of 340."""
    found = times_usual(60, [20] * 14)
    exact = stats.binomtest(60, 340).proportion_ci(0.95, "exact")
    assert found is not None and found.times == pytest.approx(3.0)
    assert found.low == pytest.approx(14 * exact.low / (1 - exact.low))
    assert found.high == pytest.approx(14 * exact.high / (1 - exact.high))


def test_usual_counts_that_differ_widen_it() -> None:
    even, uneven = times_usual(60, [20] * 14), times_usual(60, [0, 40] * 7)
    assert even is not None and uneven is not None
    assert uneven.times == even.times and uneven.low < even.low and uneven.high > even.high


def test_without_anything_usual_nothing_is_said() -> None:
    assert times_usual(60, []) is None
    assert times_usual(60, [0, 0]) is None
    assert times_usual(0, [4, 5]).low == 0.0


@given(st.integers(0, 5_000), st.lists(st.integers(0, 500), max_size=56))
def test_the_ratio_lies_in_its_interval(count: int, usual: list[int]) -> None:
    found = times_usual(count, usual)
    assert found is None or 0 <= found.low <= found.times <= found.high < np.inf


def test_a_true_ratio_of_one_is_in_the_interval_as_often_as_it_says() -> None:
    chance = np.random.default_rng(5)
    found = [times_usual(int(chance.poisson(12)), chance.poisson(12, 14).tolist()) for _ in range(2_000)]
    assert np.mean([each.low <= 1 <= each.high for each in found]) >= 0.95


def test_a_peak_and_a_dip_are_found_and_chance_alone_marks_one_conversation_in_twenty_at_most() -> None:
    counts = [12] * 40
    counts[10], counts[30] = 40, 0
    assert [place for place, verdict in enumerate(standing_out(counts)) if verdict] == [10, 30]
    chance = np.random.default_rng(6)
    marked = [any(standing_out(chance.poisson(12, 45).tolist())) for _ in range(2_000)]
    assert np.mean(marked) < 0.06
    assert standing_out([0] * 9) == [None] * 9


def test_a_conversation_of_any_length_fits_a_chart() -> None:
    many = 10**6
    assert [interval_minutes(each, many) for each in (45, 97, 2 * 24 * 60, 31 * 24 * 60)] == [1, 2, 30, 720]


def test_intervals_of_a_small_conversation_are_long_enough_to_hold_something() -> None:
    assert [interval_minutes(60, posts) for posts in (300, 88, 20, 3, 0)] == [1, 5, 15, 120, 1440]
