"""Shares as log-odds, and by how much comments that are alike say less."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

# A share is never taken for 0 or 1: one comment would then prove a change.
LEAST_SHARE, LARGEST_SHARE = 0.002, 0.98


def logit(share: ArrayLike) -> Numbers:
    """Return the log-odds."""
    share = np.asarray(share, dtype=float)
    log_odds: Numbers = np.log(share / (1 - share))
    return log_odds


def share_of(log_odds: ArrayLike) -> Numbers:
    """Return the share that has these log-odds."""
    share: Numbers = 1 / (1 + np.exp(-np.asarray(log_odds, dtype=float)))
    return share


def design_effect(n: ArrayLike, rho: ArrayLike, phi: ArrayLike) -> Numbers:
    """By how much the evidence of n comments of one week is worth less than that of n independent ones.

    rho: how alike comments of one week are (intra-week correlation); phi: how alike neighbouring weeks are.
    """
    n, rho, phi = (np.asarray(each, dtype=float) for each in (n, rho, phi))
    effect: Numbers = 1 + rho * ((n - 1) + 2 * n * phi / (1 - phi))
    return effect


def usual_share(x: ArrayLike, n: ArrayLike) -> Numbers:
    """Return the share of x in n comments of a baseline: with half a comment added, and neither 0 nor 1."""
    share = (np.asarray(x, dtype=float) + 0.5) / (np.asarray(n, dtype=float) + 1)
    usual: Numbers = np.clip(share, LEAST_SHARE, LARGEST_SHARE)
    return usual
