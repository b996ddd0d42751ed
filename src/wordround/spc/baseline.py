"""What is usual of a series, as it is known in one week: the guarded rolling baseline of the rule that decides."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from wordround.spc import dispersion, thresholds
from wordround.spc.log_odds import (
    LARGEST_SHARE,
    LEAST_SHARE,
    Flags,
    Numbers,
    Places,
    design_effect,
    logit,
    share_of,
    usual_share,
)
from wordround.spc.movement import Movement
from wordround.spc.sources import Sources


@dataclass(frozen=True)
class Rule:
    """What holds for all series; weeks, but for the evidence of a return (a log-likelihood ratio) and the comments."""

    baseline_weeks: int = 24
    gap_weeks: int = 8
    keep_weeks: int = 104
    minimum_baseline_comments: int = 50
    close_evidence: float = 3.0
    close_after_weeks: int = 4
    propose_rebase_after_weeks: int = 26
    # Whether a share that is kept off 0 (or 1), and so is not what is usual, can be fallen (or risen) from.
    judges_bounds: bool = True


class Baseline:
    """The counts of all series, and what is usual of each as it is known in one week."""

    def __init__(
        self,
        x: ArrayLike,
        n: ArrayLike,
        offset: ArrayLike,
        paused: ArrayLike,
        rebase: ArrayLike,
        first_week: ArrayLike,
        rule: Rule,
    ) -> None:
        # Copies: of a series by sources, the counts of a week are those of the sources that count in it.
        self.n: Numbers = np.array(n, dtype=float)
        self.x: Numbers = np.array(x, dtype=float)
        if self.n.ndim != 2 or self.x.shape != self.n.shape:
            raise ValueError(f"x and n have to be tables of (series, weeks) alike: {self.x.shape}, {self.n.shape}")
        if not ((self.x >= 0) & (self.x <= self.n) & np.isfinite(self.n)).all():
            raise ValueError("counts have to be 0 <= x <= n")
        shape = self.n.shape
        self.offset = np.broadcast_to(np.asarray(offset, dtype=float), shape)
        self.rebase = np.broadcast_to(np.asarray(rebase, dtype=bool), shape)
        self.is_counted: Flags = (self.n > 0) & ~np.broadcast_to(np.asarray(paused, dtype=bool), shape)
        self.first = np.broadcast_to(np.asarray(first_week, dtype=np.int64), shape[:1]).copy()
        self.rule = rule
        self.weeks = np.arange(shape[1])
        # What tells how alike comments are: with episodes, or chance that looked like one would be missing.
        self.is_known: Flags = self.is_counted & (self.weeks >= self.first[:, None])
        # What a baseline may rest on; episodes are taken out as they open.
        self.is_usual: Flags = self.is_known.copy()
        self.usual: Numbers = np.full(shape, np.nan)
        self.expected: Numbers = np.full(shape, np.nan)
        self.comments: Numbers = np.zeros(shape)
        self.known: Places = np.zeros(shape, dtype=np.int64)
        self.rests_on: Places = np.zeros(shape, dtype=np.int64)
        self.rho = self.phi = np.zeros(shape[:1])
        self.is_dispersion_estimated = False
        self.boards: ArrayLike = 0
        self.ratio: Numbers | None = None
        self.is_total = False
        self.are_open: Flags = np.zeros(shape[:1], dtype=bool)
        # Whether a share lies off its bounds, all sources together: their mix, and what is expected, may do so alone.
        self.can_fall: Flags = np.ones(shape[:1], dtype=bool)
        self.can_rise: Flags = np.ones(shape[:1], dtype=bool)
        self.movement: Movement | None = None
        self.sources: Sources | None = None

    def begin(self, week: int) -> None:
        """Start the baseline anew where a rebase stands at this week."""
        started = self.rebase[:, week]
        self.first[started] = week
        self.is_usual[started, :week] = self.is_known[started, :week] = False

    def expect(self, week: int) -> tuple[Numbers, Numbers]:
        """Return the expected share (NaN: not monitored) and the comments of the baseline, of each series."""
        taken = self._within(self.is_usual, week)
        x, n = (np.where(taken, each[:, : taken.shape[1]], 0).sum(axis=1) for each in (self.x, self.n))
        together = usual_share(x, n)
        self.can_fall, self.can_rise = together > LEAST_SHARE, together < LARGEST_SHARE
        if self.sources:
            share, comments, self.x[:, week], self.n[:, week] = self.sources.expect(week, taken)
            self.is_counted[:, week] &= self.n[:, week] > 0
        else:
            share, comments = together, n
        if self.is_dispersion_estimated:
            last = taken.shape[1]
            known = self._within(self.is_known, week)
            share_of_mix = self.sources.expected(last) if self.sources else None
            self.rho, self.phi = dispersion.estimate(
                self.x[:, :last], self.n[:, :last], known, self.boards, share_of_mix
            )
        self.rests_on[:, week] = taken.sum(axis=1)
        self.known[:, week] = week - self.first
        is_monitored = self.known[:, week] >= self.rule.baseline_weeks
        share[~is_monitored | (comments < self.rule.minimum_baseline_comments)] = np.nan
        expected = share_of(logit(share) + self.offset[:, week] + self._moved(week, share))
        self.usual[:, week], self.expected[:, week], self.comments[:, week] = share, expected, comments
        return expected, comments

    def odds_ratio(self, share: Numbers, comments: Numbers, week: int) -> Numbers:
        """Return the change that is looked for: as given, else by what is usual of each series."""
        if self.ratio is not None:
            return self.ratio
        weekly = comments / np.maximum(self.rests_on[:, week], 1)
        return thresholds.odds_ratios(share, weekly, is_total=self.is_total)

    def _within(self, weeks: Flags, week: int) -> Flags:
        """Those of the weeks that a baseline may take, of (series, weeks from the first to the last that any takes)."""
        rule = self.rule
        end = np.maximum(self.first + rule.baseline_weeks, week - rule.gap_weeks)
        last = min(int(end.max(initial=0)), week)
        taken: Flags = weeks[:, :last] & (self.weeks[:last] < end[:, None])
        if last > rule.keep_weeks:
            taken &= np.cumsum(taken[:, ::-1], axis=1)[:, ::-1] <= rule.keep_weeks
        return taken

    def _moved(self, week: int, share: Numbers) -> Numbers | float:
        if self.movement is None:
            return 0.0
        # What is in an episode moves for a reason of its own.
        used = self.is_counted[:, week] & ~np.isnan(share) & ~self.are_open
        if not self.rule.judges_bounds:
            # Of whom a share is kept off nought less comes than is usual of them, week by week: no movement of all.
            used &= self.can_fall & self.can_rise
        return self.movement.follow(self.x[:, week], self.n[:, week], share, self.effect(week), used)

    def effect(self, week: int) -> Numbers:
        """Return the design effect of the week's comments."""
        return design_effect(self.n[:, week], self.rho, self.phi)
