"""Charts of what lies between two rare events, as rivals for rare themes: comments (g) and days (t).

Limits are those of the points of the first baseline. A g chart's lower limit is nought, so that more events show only
as seven points in a row below its centre; a t chart has both. A comment stands anywhere in its week.
"""

from typing import Literal

import numpy as np

from wordround.evaluate.alerts.rivals import RUN_LENGTH, ends_run, episodes_of
from wordround.evaluate.alerts.scoring import Episodes
from wordround.evaluate.alerts.watching import BASELINE
from wordround.evaluate.alerts.worlds import Chance, World
from wordround.spc.attributes import attribute_chart
from wordround.spc.log_odds import Numbers, Places

Chart = Literal["g", "t"]
CHARTS: tuple[Chart, ...] = ("g", "t")
# Points of which limits can be made.
FEWEST_POINTS = 2


def between(world: World, chart: Chart, chance: Chance) -> Episodes:
    """Return the episodes that a chart of each series would open: signals that are joined as those of other rivals."""
    more, fewer = np.zeros(world.x.shape, dtype=bool), np.zeros(world.x.shape, dtype=bool)
    watched = np.zeros(world.x.shape, dtype=bool)
    for series in range(len(world.x)):
        week, gap = _gaps(world.x[series], world.n[series], chart, chance)
        of_baseline = int((week < BASELINE).sum())
        if of_baseline < FEWEST_POINTS:
            continue
        watched[series, BASELINE:] = True
        drawn = attribute_chart(chart, gap, freeze=of_baseline)
        shorter = (gap < drawn.lower) | ends_run(gap < drawn.centre, RUN_LENGTH)
        longer = (gap > drawn.upper) | ends_run(gap > drawn.centre, RUN_LENGTH)
        more[series, week[shorter]] = True
        fewer[series, week[longer]] = True
    return episodes_of(more & watched, fewer & watched, watched)


def _gaps(x: Numbers, n: Numbers, chart: Chart, chance: Chance) -> tuple[Places, Numbers]:
    """The week of each event but the first, and what lies between it and the one before."""
    week = np.repeat(np.arange(len(x)), x.astype(np.int64))
    if chart == "t":
        moment = np.sort(7 * (week + chance.random(len(week))))
        return (moment[1:] // 7).astype(np.int64), np.diff(moment)
    begin = np.concatenate([[0], np.cumsum(n)[:-1]])
    drawn = [chance.choice(int(of), int(events), replace=False) for of, events in zip(n, x, strict=True) if events]
    place = np.sort(np.concatenate(drawn) + begin[week]) if drawn else np.zeros(0)
    return week[1:], np.diff(place) - 1
