"""Weighted figures: an over-sampled stratum tells of the population, and intervals hold what they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as property_settings
from hypothesis import strategies as st

from wordround.review import sampling, weighted
from wordround.train.calibration import calibration_error


def test_a_share_is_that_of_the_population_though_one_half_is_over_sampled() -> None:
    # 900 comments of which the model reads 90 % rightly, 100 of which it reads half; 50 of each are drawn.
    right = np.array([True] * 45 + [False] * 5 + [True] * 25 + [False] * 25)
    weights = np.array([900 / 50] * 50 + [100 / 50] * 50)
    found = weighted.estimate(weights, weighted.share(right))
    assert found.value == pytest.approx(0.9 * 0.9 + 0.1 * 0.5)
    assert right.mean() == pytest.approx(0.7)
    assert found.low is not None and found.high is not None and found.low < 0.86 < found.high
    assert weighted.effective(weights) < 100


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    chance = np.random.default_rng(1)
    sizes, truths = np.array([2_000, 300]), np.array([0.85, 0.6])
    whole = float((sizes * truths).sum() / sizes.sum())
    held = 0
    for _ in range(200):
        right = np.concatenate([chance.random(80) < truth for truth in truths])
        found = weighted.estimate(np.repeat(sizes / 80, 80), weighted.share(right), resamples=300)
        assert found.low is not None and found.high is not None
        held += found.low <= whole <= found.high
    assert held >= 180


def test_equal_weights_give_the_plain_figures() -> None:
    chance = np.random.default_rng(2)
    confidence, right = chance.random(500), chance.random(500) < 0.7
    found = weighted.estimate(np.ones(500), weighted.calibration_error(confidence, right), resamples=20)
    assert found.value == pytest.approx(calibration_error(confidence.astype(np.float32), right), abs=1e-6)
    said, true = chance.random((500, 3)) < 0.4, chance.random((500, 3)) < 0.4
    both = (said & true).sum()
    micro = weighted.estimate(np.ones(500), weighted.micro_f1(said, true), resamples=20)
    assert micro.value == pytest.approx(2 * both / (said.sum() + true.sum()))


def test_what_nobody_has_is_not_defined() -> None:
    none = np.zeros(5, np.bool_)
    assert weighted.estimate(np.ones(5), weighted.share(none, none)).value is None
    assert weighted.estimate(np.ones(0), weighted.share(none[:0])).value is None
    assert weighted.estimate(np.ones(5), weighted.mean_f1(none[:, None], none[:, None])).value is None


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=30), st.integers(1, 400))
def test_every_stratum_has_its_own_and_none_more_than_it_has(sizes: list[int], size: int) -> None:
    drawn = sampling.allocated(sizes, size)
    assert sum(drawn) == min(size, sum(sizes))
    assert all(0 <= count <= whole for count, whole in zip(drawn, sizes, strict=True))
    if size >= sum(whole > 0 for whole in sizes):
        assert all(count > 0 for count, whole in zip(drawn, sizes, strict=True) if whole)


def test_rare_strata_are_over_sampled_and_large_ones_still_have_more() -> None:
    small, middle, large = sampling.allocated([100, 1_000, 10_000], 150)
    assert small / 100 > middle / 1_000 > large / 10_000
    assert small < middle < large


@property_settings(max_examples=50)
@given(st.integers(1, 60), st.data())
def test_a_systematic_sample_has_every_place_as_often(count: int, data: st.DataObject) -> None:
    from random import Random

    drawn = data.draw(st.integers(1, count))
    times = np.zeros(count)
    for seed in range(300):
        places = sampling.systematic(count, drawn, Random(seed))
        assert len(set(places)) == drawn
        times[places] += 1
    expected = 300 * drawn / count
    assert np.abs(times - expected).max() <= 6 * np.sqrt(expected) + 6


@given(
    st.dictionaries(
        st.tuples(*(st.sampled_from("abcdef") for _ in range(4))), st.integers(1, 100), min_size=1, max_size=60
    ),
    st.integers(10, 200),
)
def test_strata_are_never_more_than_the_sample_can_fill(cells: dict[tuple[str, str, str, str], int], size: int) -> None:
    found = sampling.strata(cells, size)
    assert found.keys() == cells.keys()
    assert 2 * len(set(found.values())) <= size
