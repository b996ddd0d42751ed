"""Attribute charts as qicharts2 draws them: shares (p, p'), rates (u, u'), counts (c), between rare events (g, t), i.

Arrays of one series in; centre line and limits of each point out, NaN where there is none. A point without a value
(or with a denominator of 0) drops both moving ranges beside it. `freeze`: centre and spread come from the first so
many points, those without a value included.
"""

from dataclasses import dataclass

import numpy as np

from wordround.spc.log_odds import Flags, Numbers

SHARES = ("p", "pp")
RATIOS = (*SHARES, "u", "up")
SINGLE = ("c", "g", "t", "i")
CHARTS = (*RATIOS, *SINGLE)

# Mean moving range to standard deviation (Shewhart's d2 of two points).
_RANGE_TO_SIGMA = 1.128
_SCREENED_BEYOND = 3.267
# Nelson's power: times between rare events are near normal at it.
_NELSON = 3.6


@dataclass(frozen=True)
class Attributes:
    """One chart, an entry a point."""

    y: Numbers
    centre: Numbers
    lower: Numbers
    upper: Numbers

    @property
    def is_outside(self) -> Flags:
        """Whether a point lies beyond a limit; not where either is missing."""
        return (self.y > self.upper) | (self.y < self.lower)


def attribute_chart(
    chart: str,
    numerator: Numbers,
    denominator: Numbers | None = None,
    freeze: int | None = None,
    screened: bool = False,
) -> Attributes:
    """Draw one chart of `CHARTS`. `numerator` alone for c (counts), g (cases between), t (times between), i (values).

    screened: moving ranges of 3.267 times their mean and more are left out, once (i, t, p' and u').
    """
    base = np.arange(len(numerator)) < (len(numerator) if freeze is None else freeze)
    with np.errstate(invalid="ignore", divide="ignore"):
        if denominator is not None and chart in RATIOS:
            return _ratio(chart, numerator, denominator, base, screened)
        return _single(chart, numerator, base, screened)


def _ratio(chart: str, x: Numbers, n: Numbers, base: Flags, screened: bool) -> Attributes:
    y = np.where(n > 0, x / n, np.nan)
    known = base & ~np.isnan(y)
    centre = x[known].sum() / n[known].sum() if known.any() else np.nan
    spread = np.sqrt(centre * (1 - centre) / n) if chart in SHARES else np.sqrt(centre / n)
    if chart in ("pp", "up"):
        # Laney: by how much points of neighbouring weeks differ, in units of what chance alone would do.
        spread = spread * (_mean_range((y - centre) / spread, base, screened) / _RANGE_TO_SIGMA)
    upper = np.minimum(centre + 3 * spread, 1) if chart in SHARES else centre + 3 * spread
    is_empty = np.isnan(y)
    return Attributes(
        y,
        np.where(is_empty, np.nan, centre),
        np.where(is_empty, np.nan, np.maximum(centre - 3 * spread, 0)),
        np.where(is_empty, np.nan, upper),
    )


def _single(chart: str, y: Numbers, base: Flags, screened: bool) -> Attributes:
    power = 1 / _NELSON if chart == "t" else 1.0
    values = y**power
    known = values[base & ~np.isnan(values)]
    mean = float(known.mean()) if len(known) else np.nan
    if chart in ("c", "g"):
        spread = 3 * np.sqrt(mean if chart == "c" else mean * (mean + 1))
    else:
        spread = 3 * _mean_range(values, base, screened) / _RANGE_TO_SIGMA
    lower, upper = mean - spread, mean + spread
    if chart != "i":
        lower = max(lower, 0.0) if not np.isnan(lower) else lower
    centre = float(np.median(known)) if chart == "g" and len(known) else mean
    lines = (np.where(np.isnan(y), np.nan, line ** (1 / power)) for line in (centre, lower, upper))
    return Attributes(y, *lines)


def _mean_range(values: Numbers, base: Flags, screened: bool) -> float:
    ranges = np.abs(np.diff(values[base]))
    ranges = ranges[~np.isnan(ranges)]
    if screened and len(ranges):
        ranges = ranges[ranges < _SCREENED_BEYOND * ranges.mean()] if ranges.any() else ranges
    return float(ranges.mean()) if len(ranges) else np.nan
