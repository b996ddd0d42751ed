"""How far the rest of the trust moves: what happens to all services at once is no change of one.

Followed within the rule that decides (`decide(peers=...)`), week by week: as the movement lasts it becomes part of the
baselines, and is then expected no longer.
"""

import numpy as np
from numpy.typing import ArrayLike

from wordround.spc.log_odds import Flags, Numbers, Places

WEEKS = 4
# In a smaller group the one that moves most is not left out: the others would say too little.
FEWEST_TO_TRIM = 4
# Log-odds: nearly a threefold.
LARGEST = 1.0


class Movement:
    """The movement of the other series of each one's group over this week and the three before."""

    def __init__(self, peers: ArrayLike, count: int) -> None:
        groups = np.broadcast_to(np.asarray(peers), (count,))
        self.groups = np.unique(groups, return_inverse=True)[1]
        self.sizes = np.bincount(self.groups)
        self._weeks = np.zeros((WEEKS, 3, count))

    def follow(self, x: Numbers, n: Numbers, share: Numbers, effect: Numbers, used: Flags) -> Numbers:
        """Take in one week and return the log-odds by which each series is expected to have moved.

        A value a series: x of n, the share of its baseline, its design effect, and whether the week is judged. Shrunk
        towards 0 by what chance alone would move; never beyond 1.
        """
        share = np.where(used, share, 0.5)
        weight = np.where(used, n * share * (1 - share), 0)
        self._weeks = np.roll(self._weeks, 1, axis=0)
        self._weeks[0] = np.where(used, x - n * share, 0), weight, weight * effect
        sums = self._weeks.sum(axis=0)
        left_out = self._left_out(sums[0])
        moved, weight, chance = (self._of_others(each, left_out) for each in sums)
        is_known = weight > 1e-9
        divisor = np.where(is_known, weight, 1)
        d, variance = moved / divisor, chance / divisor**2
        kept = np.maximum(0, 1 - variance / np.where(d == 0, np.inf, d) ** 2)
        return np.where(is_known, np.clip(d * kept, -LARGEST, LARGEST), 0.0)

    def _left_out(self, moved: Numbers) -> Places:
        """Return for each series the one of its others that moves most: it alone is no movement of all."""
        by_size = np.lexsort((-np.abs(moved), self.groups))
        first = np.searchsorted(self.groups[by_size], np.arange(len(self.sizes)))
        most = by_size[first][self.groups]
        next_most = by_size[np.minimum(first + 1, len(by_size) - 1)][self.groups]
        left_out: Places = np.where(most == np.arange(len(moved)), next_most, most)
        return left_out

    def _of_others(self, values: Numbers, left_out: Places) -> Numbers:
        others: Numbers = np.bincount(self.groups, values)[self.groups] - values
        return np.where(self.sizes[self.groups] >= FEWEST_TO_TRIM, others - values[left_out], others)
