"""A rank correlation over services and months: its interval keeps its promise where months of a service are alike."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from wordround.spc.rank_correlation import RankCorrelation, rank_correlation

SERVICES, MONTHS = 10, 12


def worlds(between: float, of_services: float, of_months: float, seed: int = 5, services: int = SERVICES):
    """Pairs of two measures for ever: services differ by `between` of the variance, and both measures go together."""
    chance = np.random.default_rng(seed)
    while True:
        service = chance.multivariate_normal([0, 0], [[1, of_services], [of_services, 1]], services)
        month = chance.multivariate_normal([0, 0], [[1, of_months], [of_months, 1]], (services, MONTHS))
        both = np.sqrt(between) * service[:, None, :] + np.sqrt(1 - between) * month
        yield both[..., 0].ravel(), both[..., 1].ravel(), np.repeat(np.arange(services), MONTHS).tolist()


@pytest.mark.parametrize(
    ("between", "of_services", "of_months"), [(0.0, 0.5, 0.5), (0.5, 0.0, 0.0), (0.5, 0.5, 0.5), (0.8, 0.5, 0.2)]
)
def test_the_interval_holds_what_is_true_nineteen_times_in_twenty(
    between: float, of_services: float, of_months: float
) -> None:
    x, y, _ = next(worlds(between, of_services, of_months, services=20_000))
    true = spearmanr(x, y).statistic
    said = [
        rank_correlation(*pairs) for pairs, _ in zip(worlds(between, of_services, of_months), range(300), strict=False)
    ]
    found = [each for each in said if isinstance(each, RankCorrelation)]
    assert len(found) > 270
    assert 0.91 < np.mean([each.low <= true <= each.high for each in found]) < 0.995


def test_months_of_one_service_that_are_alike_say_less_than_as_many_services() -> None:
    alike, apart = (next(worlds(between, 0.5, 0.5)) for between in (0.8, 0.0))
    close, wide = rank_correlation(*apart), rank_correlation(*alike)
    assert isinstance(close, RankCorrelation)
    assert isinstance(wide, RankCorrelation)
    assert wide.worth < 40 < close.worth <= SERVICES * MONTHS
    assert wide.high - wide.low > close.high - close.low


def test_the_middle_is_spearmans_with_ties_as_scipy_has_them() -> None:
    x, y = np.array([1.0, 1, 2, 3, 3, 4, 5, 5, 6, 9]), np.array([2.0, 1, 2, 2, 5, 4, 4, 7, 9, 8])
    said = rank_correlation(x, y, list(range(10)))
    assert isinstance(said, RankCorrelation)
    assert said.rho == pytest.approx(spearmanr(x, y).statistic)
    assert said.low < said.rho < said.high


@pytest.mark.parametrize(
    ("x", "y", "groups", "says"),
    [
        ([1.0] * 20, range(20), range(20), "does not vary"),
        ([], [], [], "does not vary"),
        # Two services that differ in both: as much as two pairs.
        ([*range(12), *range(100, 112)], [*range(12), *range(100, 112)], [1] * 12 + [2] * 12, "independent ones"),
    ],
)
def test_what_cannot_be_said_is_not_said(x: list[float], y: list[float], groups: list[int], says: str) -> None:
    said = rank_correlation(np.array(x, float), np.array(y, float), list(groups))
    assert isinstance(said, str)
    assert says in said


def test_full_agreement_ends_at_one() -> None:
    said = rank_correlation(np.arange(30.0), np.arange(30.0), list(range(30)))
    assert isinstance(said, RankCorrelation)
    assert 0.99 < said.low <= said.rho <= said.high <= 1 + 1e-12
