"""What a rule says week by week, where every week all is decided anew from what is known by then.

What a page said in a week was said: an episode is issued in the week in which it first stands there, whatever a later
build makes of that week.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wordround.evaluate.alerts.scoring import Episodes
from wordround.evaluate.alerts.watching import BASELINE
from wordround.evaluate.alerts.worlds import Chance, World
from wordround.spc.deciding import SIDES, Decisions
from wordround.spc.log_odds import Flags, Numbers, Places

# In which week after that of the comment it arrives (a form that is typed in, a file that is exported monthly), as
# shares; those of `SLOW` come later: what people complain of is written on paper.
ARRIVALS = (0.5, 0.25, 0.15, 0.1)
SLOW = (0.35, 0.25, 0.2, 0.2)


@dataclass(frozen=True)
class Issued:
    """What was said when it was new, and how many of these episodes the last build says nothing of any more."""

    episodes: Episodes
    withdrawn: int


def rebuild(decided: Callable[[int], Decisions], weeks: int) -> Issued:
    """Decide in every week from `BASELINE` on. decided: the decisions of the weeks up to this one, as it knows them."""
    was_open: dict[str, Flags] = {}
    found: list[tuple[int, bool, int, int]] = []
    live: dict[tuple[int, bool], int] = {}
    decisions = decided(BASELINE)
    watched = np.zeros((len(decisions.expected_share), weeks), dtype=bool)
    for week in range(BASELINE, weeks):
        decisions = decided(week)
        watched[:, week] = ~np.isnan(decisions.expected_share[:, week])
        for side in SIDES:
            now = decisions.is_open[side][:, week]
            before = was_open.get(side, np.zeros_like(now))
            for series in np.flatnonzero(now & ~before):
                live[int(series), side == "concern"] = week
            for series in np.flatnonzero(before & ~now):
                key = int(series), side == "concern"
                found.append((*key, live.pop(key), week))
            was_open[side] = now
    found += [(*key, opened, weeks) for key, opened in live.items()]
    table = np.array(sorted(found), dtype=np.int64).reshape(-1, 4)
    episodes = Episodes(table[:, 0], table[:, 1].astype(bool), table[:, 2], table[:, 3], watched)
    return Issued(episodes, _withdrawn(episodes, decisions))


def _withdrawn(issued: Episodes, last: Decisions) -> int:
    """Count what was issued and is open in no week of its time by what the last build says."""
    sides = {side == "concern": last.is_open[side] for side in SIDES}
    each = zip(issued.series, issued.is_concern, issued.opened, issued.closed, strict=True)
    return sum(not sides[bool(side)][series, opened:closed].any() for series, side, opened, closed in each)


@dataclass(frozen=True)
class Arriving:
    """Counts by the week in which they are known: (lags, series, weeks), those of each lag alone."""

    x: Numbers
    n: Numbers

    def known(self, week: int) -> tuple[Numbers, Numbers]:
        """x and n of the weeks up to this one, as this one knows them."""
        lags = np.arange(len(self.x))[:, None, None]
        has_come = np.arange(week + 1) + lags <= week
        x, n = (np.where(has_come, each[:, :, : week + 1], 0).sum(axis=0) for each in (self.x, self.n))
        return x, n


def arriving(world: World, chance: Chance, negative_late: bool) -> Arriving:
    """Let the comments of a world arrive; `negative_late`: the negative ones later than the others."""
    x = _spread(world.x, SLOW if negative_late else ARRIVALS, chance)
    others = _spread(world.n - world.x, ARRIVALS, chance)
    return Arriving(x, x + others)


def _spread(counts: Numbers, shares: tuple[float, ...], chance: Chance) -> Numbers:
    spread: Places = chance.multinomial(counts.astype(np.int64), shares)
    moved: Numbers = np.moveaxis(spread, -1, 0).astype(float)
    return moved
