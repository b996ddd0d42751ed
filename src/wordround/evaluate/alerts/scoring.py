"""What a way of alerting is worth: how often it was wrong in a year, and how many weeks it took where it was right.

A false episode is one that opens where nothing has changed. A change is found in its first week where the episode opens
in that week.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy.stats import chi2

from wordround.evaluate.agreement import Figures, Share
from wordround.spc.deciding import Decisions
from wordround.spc.log_odds import Flags, Places

YEAR_WEEKS = 52
# The longest that anybody waits for a change to be found: beyond it, it was not.
FOLLOWED_WEEKS = 52
_LEVEL = 0.95


@dataclass(frozen=True)
class Episodes:
    """Episodes of any way of alerting, a value each: series, side, the week it opened and the week it was over.

    watched: (series, weeks) in which it would have spoken. An episode that is not over has closed beyond the last week.
    """

    series: Places
    is_concern: Flags
    opened: Places
    closed: Places
    watched: Flags

    def rows(self) -> Iterator[tuple[int, bool, int, int]]:
        """Yield series, side, and the weeks it opened and was over."""
        columns = (each.tolist() for each in (self.series, self.is_concern, self.opened, self.closed))
        return zip(*columns, strict=True)

    def only(self, those: Flags) -> Self:
        """Return some of them."""
        return replace(
            self, series=self.series[those], is_concern=self.is_concern[those], opened=self.opened[those],
            closed=self.closed[those],
        )  # fmt: skip

    @classmethod
    def of(cls, decisions: Decisions) -> Self:
        """Those of the rule that decides."""
        weeks = decisions.expected_share.shape[1]
        found = decisions.episodes
        return cls(
            np.array([each.series for each in found], dtype=np.int64),
            np.array([each.side == "concern" for each in found], dtype=bool),
            np.array([each.opened for each in found], dtype=np.int64),
            np.array([weeks if each.closed is None else each.closed for each in found], dtype=np.int64),
            ~np.isnan(decisions.expected_share),
        )


class Rate(Figures):
    """Events in a span of years (or weeks), and how many a year that is, with the exact (Garwood's) 95 % interval.

    dispersion: how many times the variance of counts is that of Poisson's. Events that come in company say less: the
    interval is that of so many times fewer (quasi-Poisson, Wedderburn, Biometrika 61, 1974).
    """

    count: int
    span: float
    rate: float | None
    low: float | None
    high: float | None
    dispersion: float = 1.0

    @classmethod
    def of(cls, count: int, span: float, dispersion: float = 1.0) -> Self:
        if span <= 0:
            return cls(count=count, span=span, rate=None, low=None, high=None)
        tail, alone = (1 - _LEVEL) / 2, count / dispersion
        low = float(chi2.ppf(tail, 2 * alone)) / 2 if count else 0.0
        high = float(chi2.ppf(1 - tail, 2 * alone + 2)) / 2
        low, high = (bound * dispersion / span for bound in (low, high))
        return cls(count=count, span=span, rate=count / span, low=low, high=high, dispersion=dispersion)


class Delay(Figures):
    """How long changes went unseen. `median_weeks` is None where half of them were not found in a year.

    within: how many were found in `weeks` weeks, of those that could be. Left out: series that were not watched, and
    series in which an episode of this side, a false one, was open when the change came.
    """

    weeks: int
    within: Share
    median_weeks: float | None
    not_watched: int
    were_open: int


def false_rate(episodes: Episodes, trust: Places) -> Rate:
    """The episodes of a world in which nothing changes, a series-year that was watched, both sides.

    trust: that of each series. Those of one trust share what is estimated of it, so that episodes come in company.
    """
    span = float(episodes.watched.sum()) / YEAR_WEEKS
    return Rate.of(len(episodes.series), span, company(np.bincount(trust[episodes.series], minlength=trust.max() + 1)))


def company(counts: Places) -> float:
    """Return how many times the variance of counts alike is that of Poisson's; no less than once."""
    if len(counts) < 2 or not counts.any():
        return 1.0
    return max(1.0, float(counts.var(ddof=1) / counts.mean()))


def delay(episodes: Episodes, onset: Places, is_concern: bool, weeks: int = 8) -> Delay:
    """Score the series in which something changes; `onset`: the first week of the change, beyond all weeks for none."""
    last = episodes.watched.shape[1]
    changed = np.flatnonzero(onset < last)
    is_watched = np.array([episodes.watched[series, onset[series] :].any() for series in changed], dtype=bool)
    of_side = episodes.is_concern == is_concern
    starts = onset[episodes.series]
    open_then = np.unique(episodes.series[of_side & (episodes.opened < starts) & (episodes.closed > starts)])
    could = changed[is_watched & ~np.isin(changed, open_then)]
    waited = np.full(len(onset), np.inf)
    after = of_side & (episodes.opened >= starts)
    np.minimum.at(waited, episodes.series[after], (episodes.opened - starts)[after] + 1.0)
    waited = np.where(waited <= FOLLOWED_WEEKS, waited, np.inf)[could]
    # Of a half that was not found there is no middle.
    ordered = np.sort(waited)
    middle = ordered[[(len(could) - 1) // 2, len(could) // 2]] if len(could) else np.array([np.inf])
    return Delay(
        weeks=weeks,
        within=Share.of(int((waited <= weeks).sum()), len(could)),
        median_weeks=float(middle.mean()) if np.isfinite(middle).all() else None,
        not_watched=int((~is_watched).sum()),
        were_open=len(np.intersect1d(changed[is_watched], open_then)),
    )
