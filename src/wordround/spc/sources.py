"""The mix of sources: a source that is switched on, or fails to arrive, is no change of what people say."""

import numpy as np
from numpy.typing import ArrayLike

from wordround.spc.log_odds import Flags, Numbers, usual_share


class Sources:
    """The counts of each source, and what their mix of a week makes of the usual share.

    A source counts in decisions after its own weeks of a baseline; until then its comments are left out.
    """

    def __init__(self, x: ArrayLike, n: ArrayLike, all_x: Numbers, all_n: Numbers, weeks: int) -> None:
        self.x, self.n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
        if self.x.shape != self.n.shape or self.n.shape[1:] != all_n.shape:
            raise ValueError(f"counts by source have to be of (sources, series, weeks): {self.x.shape}, {self.n.shape}")
        if not (np.array_equal(self.x.sum(axis=0), all_x) and np.array_equal(self.n.sum(axis=0), all_n)):
            raise ValueError("counts by source have to add up to x and n")
        there = self.n > 0
        first = np.where(there.any(axis=2), there.argmax(axis=2), all_n.shape[1])
        self._counts_from = first + weeks
        # Comments of each source as they counted; before any source counts, all do, in weeks that are not judged.
        self._counted: Numbers = np.zeros(self.n.shape)
        self._share: Numbers = np.zeros(self.n.shape[:2])

    def expect(self, week: int, taken: Flags) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Return the usual share of this mix, the comments that it rests on, and x and n of the week, a value a series.

        taken: the weeks of the baseline, (series, weeks).
        """
        last = taken.shape[1]
        of_baseline = np.where(taken, self.n[:, :, :last], 0).sum(axis=2)
        share = usual_share(np.where(taken, self.x[:, :, :last], 0).sum(axis=2), of_baseline)
        counts = (week >= self._counts_from) & (of_baseline > 0)
        of_baseline = np.where(counts, of_baseline, 0)
        of_week = counts | ~counts.any(axis=0)
        x, n = np.where(of_week, self.x[:, :, week], 0), np.where(of_week, self.n[:, :, week], 0)
        self._counted[:, :, week], self._share = n, share
        # In a week without comments: the mix of the baseline.
        mix = np.where(n.sum(axis=0) > 0, n, of_baseline)
        total = mix.sum(axis=0)
        usual = np.divide((mix * share).sum(axis=0), total, out=np.full(total.shape, 0.5), where=total > 0)
        return usual, of_baseline.sum(axis=0), x.sum(axis=0), n.sum(axis=0)

    def expected(self, weeks: int) -> Numbers:
        """Return the share to expect of each mix that there was, (series, weeks), by the baseline as last looked at."""
        counted = self._counted[:, :, :weeks]
        total = counted.sum(axis=0)
        mixed = np.einsum("kst,ks->st", counted, self._share)
        share: Numbers = np.divide(mixed, total, out=np.full(total.shape, 0.5), where=total > 0)
        return share
