"""How much evidence is asked for: from what a board accepts in false alerts. Measured: docs/trends.md."""

from math import exp, log

# A service; and a service's theme, of which there are many, so that more is asked for until it stands on the page.
WATCH = 4.5
WATCH_THEME_CONCERN, WATCH_THEME_IMPROVEMENT = 5.4, 7.1
MOST_YEARS = 100

_FALSE_AT_FIVE, _DECAY = 0.11, 0.8


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


def odds_ratio(share: float, comments_a_week: float, is_total: bool = False) -> float:
    """Return the change that is looked for: a threefold of what is rare, a smaller one where many comments show it."""
    if share < 0.02:
        return 3.0
    return 1.5 if is_total or comments_a_week > 100 else 2.0
