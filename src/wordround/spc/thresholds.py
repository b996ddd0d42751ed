"""How much evidence is asked for: from what a board accepts in false alerts. Measured: docs/trends.md."""

from math import exp, log

import numpy as np

from wordround.spc.log_odds import Numbers, Places

# A service; and a service's theme, of which there are many, so that more is asked for until it stands on the page.
WATCH = 4.5
WATCH_THEME_CONCERN, WATCH_THEME_IMPROVEMENT = 5.4, 7.1
MOST_YEARS = 100

# A share below this is rare; a series with more comments a week shows a smaller change.
RARE_SHARE, MANY_COMMENTS = 0.02, 100

_FALSE_AT_FIVE, _DECAY = 0.11, 0.8
_WEEKS_TO_FIND = ((5, 12), (15, 5), (40, 3), (120, 2))


def false_episodes_a_year(h: float) -> float:
    """Return the false episodes a year to expect of one series and side that opens at `h`."""
    return _FALSE_AT_FIVE * exp(-_DECAY * (h - 5))


def alert_threshold(monitored: int, false_alerts_per_year: float, watch: float = WATCH) -> float:
    """Return the evidence of an alert, where a board of so many series, on both sides, may be wrong so often a year.

    Never less than what stands on the page (`watch`): an alert is on the page too.
    """
    return max(watch, 5 + log(2 * _FALSE_AT_FIVE * max(monitored, 1) / false_alerts_per_year) / _DECAY)


def once_in_years(evidence: float) -> int:
    """Return the whole years in which chance alone brings one series and side so far once; from 1 to 100."""
    return int(min(max(1, 1 / false_episodes_a_year(evidence)), MOST_YEARS))


def odds_ratios(share: Numbers, comments_a_week: Numbers, is_total: bool = False) -> Numbers:
    """Return the change to look for, of each series: a threefold of what is rare, less where many comments show it."""
    many = np.where(is_total | (comments_a_week > MANY_COMMENTS), 1.5, 2.0)
    ratio: Numbers = np.where(share < RARE_SHARE, 3.0, many)
    return ratio


def weeks_to_find(comments_a_week: Numbers) -> Places:
    """Return the median weeks until a share that goes from 25 to 45 % is found at `WATCH`, by comments a week.

    Between the simulated figures (docs/trends.md) on logarithms; below the least of them as many weeks more as there
    are fewer comments.
    """
    n, weeks = (np.array(each, dtype=float) for each in zip(*_WEEKS_TO_FIND, strict=True))
    some = np.maximum(comments_a_week, 0.1)
    between = np.exp(np.interp(np.log(some), np.log(n), np.log(weeks)))
    found: Places = np.where(some < n[0], np.ceil(weeks[0] * n[0] / some), np.rint(between)).astype(np.int64)
    return found
