"""Which changes of a share are real: a likelihood-ratio CUSUM with a guarded rolling baseline, for many series at once.

Pure: counts by series and week in; expected shares, evidence, open weeks and episodes out. An XmR chart is what people
look at; this is what decides. The rule and what it finds are in docs/trends.md, its numbers in
tests/fixtures/decision_conformance.json. A week without comments, or paused (its data have not all arrived), changes
nothing.

Two sides, each for itself: `concern` (the share rises) and `improvement` (it falls).
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from wordround.spc.baseline import Baseline, Rule
from wordround.spc.log_odds import Flags, Numbers, Places, logit, share_of
from wordround.spc.movement import Movement
from wordround.spc.sources import Sources

Side = Literal["concern", "improvement"]
SIDES: tuple[Side, ...] = ("concern", "improvement")


@dataclass
class Episode:
    """One change. Weeks are counted from 0. The figures are those of the week in which it opened, and stay."""

    series: int
    side: Side
    opened: int
    since: int  # the first week that counted: the one after the evidence was last 0
    llr: float  # the evidence, a log-likelihood ratio
    x: float  # of the weeks from `since` to `opened`
    n: float
    p0: float  # the expected share
    baseline_n: float
    closed: int | None = None
    rebase_proposed: int | None = None  # open for so long that a person is asked whether this is the new usual


@dataclass(frozen=True)
class Decisions:
    """What the rule says of each series and week: arrays of (series, weeks)."""

    x: Numbers  # as they count: without sources that are new to a series
    n: Numbers
    usual_share: Numbers  # of the baseline, in this week's mix of sources; NaN where the series is not monitored
    expected_share: Numbers  # the same with the offset and the movement of the others
    evidence: dict[Side, Numbers]  # that of the opening while an episode is open
    strength: dict[Side, Numbers]  # the same, but going on while an episode is open
    is_open: dict[Side, Flags]
    baseline_comments: Numbers
    baseline_weeks: Places  # with comments, that the baseline rests on
    weeks_known: Places  # since the first week or the last rebase
    episodes: list[Episode]
    rule: Rule = field(default_factory=Rule)

    def comments_a_week(self) -> Numbers:
        """The mean of a baseline's weeks."""
        mean: Numbers = self.baseline_comments / np.maximum(self.baseline_weeks, 1)
        return mean

    def not_monitored_reason(self, series: int, week: int) -> str | None:
        """Why the rule says nothing of this week, in words."""
        if not np.isnan(self.expected_share[series, week]):
            return None
        weeks, comments = int(self.weeks_known[series, week]), int(self.baseline_comments[series, week])
        if weeks < self.rule.baseline_weeks:
            return f"not monitored: too few weeks ({max(weeks, 0)} of {self.rule.baseline_weeks} for a baseline)"
        return f"not monitored: too few comments ({comments} of {self.rule.minimum_baseline_comments} for a baseline)"


def decide(
    x: ArrayLike,
    n: ArrayLike,
    *,
    offset: ArrayLike = 0.0,
    paused: ArrayLike = False,
    rebase: ArrayLike = False,
    first_week: ArrayLike = 0,
    peers: ArrayLike | None = None,
    by_source: tuple[ArrayLike, ArrayLike] | None = None,
    sides: tuple[Side, ...] = SIDES,
    h_concern: ArrayLike = 4.5,
    h_improvement: ArrayLike = 4.5,
    odds_ratio: ArrayLike | None = 2.0,
    is_total: bool = False,
    rho: ArrayLike | None = 0.02,
    phi: ArrayLike = 0.0,
    boards: ArrayLike = 0,
    rule: Rule | None = None,
) -> Decisions:
    """Decide on every series, week by week; nothing of a later week is used.

    x, n: (series, weeks), so many of n comments. offset (log-odds by which the share is expected to differ from the
    baseline), paused and rebase (a new baseline starts with this week) have the same shape or spread to it. first_week,
    the thresholds h, odds_ratio (above 1; the improvement side takes its inverse), rho and phi: one for all series, or
    one a series. Without an odds_ratio each week looks for the change that suits what is then usual
    (`thresholds.odds_ratios`; is_total: the series are totals). Without rho, rho and phi are estimated over all series
    (of each of the `boards`, whole numbers), in each week from the baselines as they are known then. peers: the group
    of each series, whose others' movement is expected of it; services are one group, so is each theme over services,
    and totals have none. by_source: x and n as (sources, series, weeks), which add up to x and n; then the mix of
    sources is allowed for, and a source counts after its own weeks. Raises ValueError where counts are not
    0 <= x <= n, or shapes do not fit.
    """
    baseline = Baseline(x, n, offset, paused, rebase, first_week, rule or Rule())
    if by_source is not None:
        baseline.sources = Sources(*by_source, baseline.x, baseline.n, baseline.rule.baseline_weeks)
    count = baseline.n.shape[0]
    baseline.is_dispersion_estimated, baseline.is_total = rho is None, is_total
    baseline.boards = boards
    baseline.rho, baseline.phi = (_each(0.0 if value is None else value, count) for value in (rho, phi))
    baseline.movement = None if peers is None else Movement(peers, count)
    if odds_ratio is not None:
        baseline.ratio = _each(odds_ratio, count)
        if not (baseline.ratio > 1).all():
            raise ValueError("odds_ratio has to be above 1")
    thresholds = {"concern": h_concern, "improvement": h_improvement}
    cusums = [_Cusum(side, baseline, _each(thresholds[side], count)) for side in sides]
    for week in range(baseline.n.shape[1]):
        baseline.begin(week)
        for cusum in cusums:
            cusum.restart(week)
        baseline.are_open = np.any([cusum.are_open for cusum in cusums], axis=0)
        share, comments = baseline.expect(week)
        judged = ~np.isnan(share) & baseline.is_counted[:, week]
        for cusum in cusums:
            cusum.follow(week, share, comments, judged)
    episodes = sorted(
        (episode for cusum in cusums for episode in cusum.episodes), key=lambda each: (each.series, each.opened)
    )
    nothing = np.zeros(baseline.n.shape)
    by_side = {cusum.side: cusum for cusum in cusums}
    return Decisions(
        baseline.x,
        baseline.n,
        baseline.usual,
        baseline.expected,
        {side: by_side[side].evidence if side in by_side else nothing for side in SIDES},
        {side: by_side[side].strength if side in by_side else nothing for side in SIDES},
        {side: by_side[side].is_open if side in by_side else nothing.astype(bool) for side in SIDES},
        baseline.comments,
        baseline.rests_on,
        baseline.known,
        episodes,
        baseline.rule,
    )


def _each(value: ArrayLike, count: int) -> Numbers:
    return np.broadcast_to(np.asarray(value, dtype=float), (count,))


class _Cusum:
    """The evidence of one side, of every series, and the episodes that it opens and closes."""

    def __init__(self, side: Side, baseline: Baseline, threshold: Numbers) -> None:
        self.side, self.baseline, self.threshold = side, baseline, threshold
        count, weeks = baseline.n.shape
        self.evidence: Numbers = np.zeros((count, weeks))
        self.strength: Numbers = np.zeros((count, weeks))
        self.is_open: Flags = np.zeros((count, weeks), dtype=bool)
        self.episodes: list[Episode] = []
        self._change: Numbers = np.zeros(count)
        self._strength: Numbers = np.zeros(count)
        self._return: Numbers = np.zeros(count)
        self._since = baseline.first.copy()
        self._open: dict[int, Episode] = {}
        self.are_open: Flags = np.zeros(count, dtype=bool)

    def restart(self, week: int) -> None:
        """Forget what was before a rebase. An open episode ends there: a person has said that this is the new usual."""
        for series in np.flatnonzero(self.baseline.rebase[:, week]):
            self._change[series], self._strength[series], self._since[series] = 0, 0, week
            if series in self._open:
                self._close(int(series), week)

    def follow(self, week: int, share: Numbers, comments: Numbers, judged: Flags) -> None:
        """Take in one week."""
        gain = self._gain(week, share, comments, judged)
        were_open = self.are_open.copy()
        self._change = np.where(were_open, self._change, np.maximum(0, self._change + gain))
        self._return = np.where(were_open, np.maximum(0, self._return - gain), 0)
        self._strength = np.where(were_open, np.maximum(0, self._strength + gain), self._change)
        self.evidence[:, week], self.strength[:, week] = self._change, self._strength
        self.baseline.is_usual[were_open, week] = False
        for series in np.flatnonzero(were_open):
            self._go_on(int(series), week)
        for series in np.flatnonzero(~were_open & judged & (self._change >= self.threshold)):
            self._begin(int(series), week, float(share[series]), float(comments[series]))
        self.is_open[:, week] = self.are_open
        self._since[self._change == 0] = week + 1

    def _gain(self, week: int, share: Numbers, comments: Numbers, judged: Flags) -> Numbers:
        """The log-likelihood ratio of a change against none, less what comments alike and weeks alike say twice."""
        x, n = self.baseline.x[:, week], self.baseline.n[:, week]
        p0 = np.where(judged, share, 0.5)
        ratio = np.log(self.baseline.odds_ratio(p0, comments, week))
        p1 = share_of(logit(p0) + (ratio if self.side == "concern" else -ratio))
        gain = x * np.log(p1 / p0) + (n - x) * np.log((1 - p1) / (1 - p0))
        if not self.baseline.rule.judges_bounds:
            judged = judged & (self.baseline.can_fall if self.side == "improvement" else self.baseline.can_rise)
        return np.where(judged, gain / self.baseline.effect(week), 0)

    def _begin(self, series: int, week: int, share: float, comments: float) -> None:
        since = int(self._since[series])
        those = np.s_[series, since : week + 1]
        counted = self.baseline.is_counted[those]
        self.baseline.is_usual[those] = False
        self.are_open[series] = True
        self._open[series] = episode = Episode(
            series, self.side, week, since, float(self._change[series]),
            float(self.baseline.x[those][counted].sum()), float(self.baseline.n[those][counted].sum()), share, comments,
        )  # fmt: skip
        self.episodes.append(episode)

    def _go_on(self, series: int, week: int) -> None:
        episode, rule = self._open[series], self.baseline.rule
        passed = week - episode.opened
        if self._return[series] >= rule.close_evidence and passed >= rule.close_after_weeks:
            self._close(series, week)
        elif passed >= rule.propose_rebase_after_weeks and episode.rebase_proposed is None:
            episode.rebase_proposed = week

    def _close(self, series: int, week: int) -> None:
        self._open.pop(series).closed = week
        self.are_open[series] = False
        self._change[series] = self._strength[series] = self._return[series] = 0
