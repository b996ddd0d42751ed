"""Spearman's rank correlation of two measures of services and months, with an interval that knows of services: pure.

Months of one service are alike in both measures, and say less together than as many services would. By how much
follows from how alike their ranks are: the variance grows by 1 + (m - 1) a b (Moulton, Journal of Econometrics 32,
1986), with m months a service and a, b the shares of variance of either measure that lie between services. The interval
is that of Bonett and Wright (Psychometrika 65, 2000) with so many independent pairs.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh

import numpy as np
from scipy.stats import rankdata

from wordround.spc.differences import Z
from wordround.spc.log_odds import Numbers

# With fewer independent pairs an interval says that anything may be.
LEAST_WORTH = 8.0


@dataclass(frozen=True)
class RankCorrelation:
    """rho with its 95 % interval; `worth`: of how many independent pairs it is."""

    rho: float
    low: float
    high: float
    worth: float


def rank_correlation(x: Numbers, y: Numbers, groups: Sequence[Hashable]) -> RankCorrelation | str:
    """Return how x and y go together, or why that cannot be said. groups: the service of each pair."""
    if len(x) == 0 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return "one of the two does not vary"
    first, second = rankdata(x), rankdata(y)
    labels = np.unique([str(group) for group in groups], return_inverse=True)[1]
    sizes = np.bincount(labels)
    alike = max(0.0, _within_groups(first, labels)) * max(0.0, _within_groups(second, labels))
    worth = len(x) / (1 + (float((sizes**2).sum() / sizes.sum()) - 1) * alike)
    if worth < LEAST_WORTH:
        return f"all pairs together say as much as {worth:.0f} independent ones, and it takes {LEAST_WORTH:.0f}"
    rho = float(np.corrcoef(first, second)[0, 1])
    # At 1 and -1 there is no logarithm.
    middle = atanh(min(max(rho, -1 + 1e-12), 1 - 1e-12))
    half = Z * sqrt((1 + rho**2 / 2) / (worth - 3))
    return RankCorrelation(rho, min(rho, tanh(middle - half)), max(rho, tanh(middle + half)), worth)


def _within_groups(ranks: Numbers, labels: np.ndarray) -> float:
    """The share of variance that lies between groups: the intraclass correlation, by analysis of variance."""
    sizes = np.bincount(labels)
    count, groups = len(ranks), len(sizes)
    if groups < 2 or count <= groups:
        # One service tells of its months alone; of a month each there is nothing within.
        return 0.0
    means = np.bincount(labels, ranks) / sizes
    between = float((sizes * (means - ranks.mean()) ** 2).sum()) / (groups - 1)
    within = float(((ranks - means[labels]) ** 2).sum()) / (count - groups)
    usual = (count - float((sizes**2).sum()) / count) / (groups - 1)
    spread = between + (usual - 1) * within
    return (between - within) / spread if spread > 0 else 0.0
