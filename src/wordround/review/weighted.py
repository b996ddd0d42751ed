"""Weighted figures of a sample with bootstrap intervals: each comment counts for as many as it stands for. Pure.

Comments are drawn again with their weights (Efron's percentile interval over the whole sample). That ignores the
strata, so that an interval is rather too wide than too narrow.
"""

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from wordround.evaluate.agreement import Estimate

RESAMPLES, _SEED = 1_000, 0
_ENDS = (0.025, 0.975)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# Takes weights (resamples, comments), gives a figure of each resample.
Measure = Callable[[Floats], Floats]


def estimate(weights: Floats, measure: Measure, resamples: int = RESAMPLES) -> Estimate:
    """Return a figure and its interval. `weights`: of each comment."""
    if not len(weights):
        return Estimate(value=None, low=None, high=None)
    (whole,) = measure(weights[None, :])
    drawn = resampled(weights, measure, resamples)
    sound = drawn[np.isfinite(drawn)]
    if not np.isfinite(whole) or not len(sound):
        return Estimate(value=None, low=None, high=None)
    low, high = np.quantile(sound, _ENDS)
    return Estimate(value=float(whole), low=float(low), high=float(high))


def resampled(weights: Floats, measure: Measure, resamples: int = RESAMPLES) -> Floats:
    """Return the figure in each resample of the comments."""
    count = len(weights)
    if count < 2:
        return np.full(resamples, np.nan)

    def of_places(places: NDArray[np.int64], axis: int = -1) -> Floats:
        rows = np.atleast_2d(places)
        times = np.stack([np.bincount(row, minlength=count) for row in rows])
        found = measure(times * weights)
        return found if places.ndim > 1 else found[0]

    with np.errstate(all="ignore"), warnings.catch_warnings():
        # Of comments that are all alike there is one figure: so be it.
        warnings.simplefilter("ignore")
        drawn: Floats = bootstrap(
            (np.arange(count),), of_places, n_resamples=resamples, vectorized=True, method="percentile",
            rng=np.random.default_rng(_SEED), batch=200,
        ).bootstrap_distribution  # fmt: skip
    return drawn


def share(has: Bools, among: Bools | None = None) -> Measure:
    """Return a measure: the weighted share of the comments that have something, among those named."""
    base = np.ones(len(has), np.bool_) if among is None else among
    return lambda weights: _over(weights @ (has & base), weights @ base)


def f1(said: Bools, true: Bools) -> Measure:
    """Return a measure: the weighted F1 of a label; nought where it was missed, not defined where nobody has it."""
    return lambda weights: _over(2 * (weights @ (said & true)), weights @ said + weights @ true)


def mean_f1(said: Bools, true: Bools) -> Measure:
    """Return a measure: the mean of the weighted F1 of labels (comments, labels) that people gave at all."""
    used = np.flatnonzero(true.any(0))

    def measure(weights: Floats) -> Floats:
        each = np.stack([f1(said[:, label], true[:, label])(weights) for label in used])
        occurs = np.stack([weights @ true[:, label] > 0 for label in used])
        return _over(np.where(occurs, np.nan_to_num(each), 0).sum(0), occurs.sum(0))

    return measure if len(used) else lambda weights: np.full(len(weights), np.nan)


def micro_f1(said: Bools, true: Bools) -> Measure:
    """Return a measure: the weighted F1 over all mentions of labels (comments, labels)."""
    both, all_said, all_true = ((one.sum(1)) for one in (said & true, said, true))
    return lambda weights: _over(2 * (weights @ both), weights @ all_said + weights @ all_true)


def calibration_error(confidence: Floats, right: Bools, steps: int = 10) -> Measure:
    """Return a measure: the weighted mean distance between confidence and share right, over equal steps."""
    place = np.minimum((confidence * steps).astype(int), steps - 1)
    within = np.stack([place == step for step in range(steps)], 1).astype(float)
    distance = within * (confidence - right)[:, None]
    return lambda weights: _over(np.abs(weights @ distance).sum(1), weights.sum(1))


def effective(weights: Floats) -> float:
    """Return of how many equally weighted comments the sample tells as much (Kish, Survey Sampling, 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


def _over(part: Floats, whole: Floats) -> Floats:
    with np.errstate(all="ignore"):
        divided: Floats = np.where(whole > 0, part / whole, np.nan)
    return divided
