"""Shares as log-odds, and by how much comments that are alike say less."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


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
