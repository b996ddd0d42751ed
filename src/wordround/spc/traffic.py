"""Traffic of a conversation: how many times the usual it was, and the intervals that stand out from the rest of it."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Verdict = Literal["peak", "dip"]

# Minutes of an interval, the shortest that keeps a conversation on one chart.
_INTERVALS = (1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440)
_MOST_INTERVALS = 96
# With fewer in an interval, on average, most would be hidden as small, and none could stand out.
_FEWEST_POSTS = 5
_ONE_FALSE_MARK_IN = 20


class TimesUsual(NamedTuple):
    """How many times the usual something came, with a 95 % interval."""

    times: float
    low: float
    high: float


def times_usual(count: int, usual: Sequence[int], level: float = 0.95) -> TimesUsual | None:
    """Return how many times the usual a count is; `usual` are counts of stretches as long, in which it was as always.

    None where the usual is nought or unknown. Given their sum, a count of two Poisson variables is binomial, of which
    Clopper and Pearson give the exact interval (Przyborowski and Wilenski, Biometrika 31, 1940). Usual counts that
    differ by more than chance widen it: all counts are divided by their dispersion (Pearson's, at least 1).
    """
    total = sum(usual)
    if not total:
        return None
    odds = odds_of(count, total, _dispersion(np.asarray(usual, float)), level)
    return TimesUsual(*(len(usual) * each for each in odds))


def odds_of(count: float, other: float, dispersion: float, level: float = 0.95) -> tuple[float, float, float]:
    """Return count / other and its interval, as `times_usual` says; `other` is not nought."""
    here, there, tail = count / dispersion, other / dispersion, (1 - level) / 2
    low = stats.beta.ppf(tail, here, there + 1) if count else 0.0
    high = stats.beta.ppf(1 - tail, here + 1, there)
    found = (float(share / (1 - share)) for share in (count / (count + other), low, high))
    return next(found), next(found), next(found)


def interval_minutes(minutes: int, posts: int) -> int:
    """Return into how long intervals a conversation is divided: they fit a chart, and hold enough to be shown."""
    fits = (
        each for each in _INTERVALS if minutes <= each * _MOST_INTERVALS and posts * each >= _FEWEST_POSTS * minutes
    )
    return next(fits, _INTERVALS[-1])


def standing_out(counts: Sequence[int]) -> list[Verdict | None]:
    """Return which intervals are peaks and dips: Poisson about the mean of all, so that one conversation in twenty in
    which nothing happens has a mark by chance (Bonferroni over intervals and both sides).
    """
    given = np.asarray(counts, float)
    if not given.sum():
        return [None] * len(given)
    chance, mean = 1 / (2 * _ONE_FALSE_MARK_IN * len(given)), given.mean()
    is_peak = stats.poisson.sf(given - 1, mean) < chance
    is_dip = stats.poisson.cdf(given, mean) < chance
    return ["peak" if high else "dip" if low else None for high, low in zip(is_peak, is_dip, strict=True)]


def _dispersion(usual: NDArray[np.float64]) -> float:
    if len(usual) < 2:
        return 1.0
    return max(1.0, float(((usual - usual.mean()) ** 2).sum() / usual.mean() / (len(usual) - 1)))
