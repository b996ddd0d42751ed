"""When a share that has risen began to, and which of two rose first: pure.

The rule that decides says that a share rose (`spc.deciding`); since when is the week from which on another share fits
best. Between all weeks that fit nearly as well it cannot be told.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from wordround.spc.baseline import Rule
from wordround.spc.deciding import Episode, decide
from wordround.spc.dispersion import estimate
from wordround.spc.log_odds import LARGEST_SHARE, Numbers, design_effect
from wordround.spc.thresholds import WATCH_THEME_CONCERN

# Weeks before an episode's first in which its change may have begun, and weeks after its opening that tell of it.
_WEEKS_BEFORE, _WEEKS_AFTER = 13, 8
# By how much less likely a week may be that is still possible, as a logarithm.
_SLACK = 3.0
# Rises of one theme that lie further apart are two.
MOST_WEEKS_APART = 26


@dataclass(frozen=True)
class Onset:
    """The week from 0 on in which a rise began, and the first and last week that fit nearly as well."""

    week: int
    earliest: int
    latest: int
    since: int  # the first week of its episode


@dataclass(frozen=True)
class Lead:
    """By how many weeks the first of two rose before the second (after it, where negative), with its bounds."""

    weeks: int
    low: int
    high: int

    @property
    def code(self) -> str:
        """Which was first: `first`, `second`, or `untold` where nought lies within the bounds."""
        return "first" if self.low > 0 else "second" if self.high < 0 else "untold"


@dataclass(frozen=True)
class Rises:
    """Since when one share rose, in the order of its episodes; `not_said_reason`: why its last week is not judged."""

    onsets: tuple[Onset, ...]
    not_said_reason: str | None


def rises(x: Numbers, n: Numbers, boards: ArrayLike = 0) -> list[Rises]:
    """Return the rises of each series of (series, weeks), x of n comments.

    boards: those of which comments are alike by as much, a whole number a series.
    """
    rule = Rule(judges_bounds=False)
    decided = decide(
        x, n, sides=("concern",), h_concern=WATCH_THEME_CONCERN, odds_ratio=None, is_total=True, rho=None,
        boards=boards, rule=rule,
    )  # fmt: skip
    usual = np.ones(n.shape, dtype=bool)
    for episode in decided.episodes:
        usual[episode.series, episode.since : episode.closed] = False
    rho, phi = estimate(x, n, usual, boards)
    effect = design_effect(n, rho[:, None], phi[:, None])
    found: list[list[Onset]] = [[] for _ in x]
    # What an earlier rise has raised is none of the next one.
    ended = [0] * len(x)
    for each in decided.episodes:
        of_series = x[each.series], n[each.series], effect[each.series]
        found[each.series].append(_onset(*of_series, each, ended[each.series]))
        ended[each.series] = each.closed or 0
    last = n.shape[1] - 1
    return [Rises(tuple(each), decided.not_monitored_reason(series, last)) for series, each in enumerate(found)]


def _onset(x: Numbers, n: Numbers, effect: Numbers, episode: Episode, not_before: int) -> Onset:
    last = len(x) - 1 if episode.closed is None else episode.closed
    first = max(not_before, episode.since - _WEEKS_BEFORE)
    those = np.s_[first : min(episode.opened + _WEEKS_AFTER, last) + 1]
    weeks = np.arange(first, episode.opened + 1)
    fits = np.array([_fit(x[those], n[those], effect[those], int(week) - first, episode.p0) for week in weeks])
    possible = weeks[fits >= fits.max() - _SLACK]
    return Onset(int(weeks[fits.argmax()]), int(possible.min()), int(possible.max()), int(episode.since))


def lead(first: Onset, second: Onset) -> Lead:
    """Return by how much the first of two rises was before the second."""
    return Lead(second.week - first.week, second.earliest - first.latest, second.latest - first.earliest)


def _fit(x: Numbers, n: Numbers, effect: Numbers, change: int, usual: float) -> float:
    """The log-likelihood of the usual share up to a week and of the best higher one from it on."""
    later = float(x[change:].sum() + 0.5) / float(n[change:].sum() + 1)
    shares = np.where(np.arange(len(x)) < change, usual, np.clip(later, usual, LARGEST_SHARE))
    return float(((x * np.log(shares) + (n - x) * np.log(1 - shares)) / effect).sum())
