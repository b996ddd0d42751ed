"""How alike the comments of one week are (rho), and neighbouring weeks (phi): by moments, over a board of services.

Both make the evidence of n comments worth less than that of n independent ones (`deciding.design_effect`). A single
series says little of them, so each is drawn three quarters of the way to what the board says.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wordround.spc.log_odds import Flags, Numbers, Places

OWN_WEIGHT = 0.25
LEAST_RHO, LARGEST_RHO = 0.005, 0.15
LARGEST_PHI = 0.8
# Of what is counted, in all weeks: series with less say nothing of how alike their comments are.
FEWEST = 5


def estimate(
    x: ArrayLike, n: ArrayLike, used: ArrayLike = True, boards: ArrayLike = 0, share: ArrayLike | None = None
) -> tuple[Numbers, Numbers]:
    """Return rho and phi of each series. x, n, used (the weeks of the baseline): (series, weeks).

    boards: the board of each series, a whole number; each is estimated for itself. share: what each week's is expected
    to be, of the same shape, where it is not the same in all.

    Weeks without comments are left out, and series with fewer than FEWEST in all. Where none is left, rho is at its
    least and phi is 0.
    """
    x, n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    used = np.broadcast_to(np.asarray(used, dtype=bool), n.shape) & (n > 0)
    x, n = np.where(used, x, 0), np.where(used, n, 0)
    usual = np.asarray(((x.sum(axis=1) + 0.5) / (n.sum(axis=1) + 1))[:, None] if share is None else share)
    weeks = used.sum(axis=1)
    divisor = np.where(used, n, 1)
    chi_squared = np.where(used, (x - n * usual) ** 2 / (divisor * usual * (1 - usual)), 0).sum(axis=1)
    # Of a rarer kind chi-squared falls short of its expectation, because the share is no longer known.
    tells = (weeks > 1) & (x.sum(axis=1) >= FEWEST)
    excess = np.where(tells, chi_squared - (weeks - 1), 0)
    weight = (weeks - 1) / np.maximum(weeks, 1) * np.where(used, n - 1, 0).sum(axis=1)
    weight = np.where(tells, weight, 0)
    board = np.broadcast_to(np.asarray(boards, dtype=np.int64), weeks.shape)
    pool = _quotient(np.bincount(board, excess), np.bincount(board, weight))
    of_board, pool = pool, pool[board]
    own = np.where(weight > 0, excess / np.where(weight > 0, weight, 1), pool)
    mean_n = np.maximum(n.sum(axis=1), 1) / np.maximum(weeks, 1)
    least = np.minimum(LEAST_RHO, 0.25 / mean_n)
    rho = np.clip((1 - OWN_WEIGHT) * pool + OWN_WEIGHT * own, least, LARGEST_RHO)
    residual = np.where(used, (x - n * usual) / (divisor * np.sqrt(usual * (1 - usual))), 0)
    return rho, _phi(residual, used, of_board, board)[board]


def _phi(residual: Numbers, used: Flags, pool: Numbers, board: Places) -> Numbers:
    """The correlation of neighbouring weeks, of that part of their variation which comments alike explain.

    A mean taken from the same weeks makes neighbours look less alike, by its own variance, which is added back.
    """
    pairs = used[:, 1:] & used[:, :-1]
    weeks, count = used.sum(axis=1), pairs.sum(axis=1)
    of_mean = (residual**2).sum(axis=1) / np.maximum(weeks * (weeks - 1), 1)
    products = np.where(pairs, residual[:, 1:] * residual[:, :-1], 0).sum(axis=1)
    together = _quotient(np.bincount(board, products + of_mean * count), np.bincount(board, count))
    phi: Numbers = np.clip(_quotient(together, pool), 0, LARGEST_PHI)
    return phi


def _quotient(of: NDArray[Any], by: NDArray[Any]) -> Numbers:
    """Divide; 0 where there is nothing to divide by."""
    quotient: Numbers = np.divide(of, by, out=np.zeros(len(of)), where=by > 0)
    return quotient
