"""Funnel plots: services side by side at one time, on the scale of asin(sqrt(share)), with limits for overdispersion.

The method of FunnelPlotR 0.6.0 after Spiegelhalter (2005). Additive limits are for services that truly differ,
multiplicative ones for measures that vary more than chance. Exact limits are those of the binomial, interpolated.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, norm

from wordround.spc.log_odds import Numbers

# The limits by name, in standard deviations: 95 % and 99.8 %.
LEVELS = {"95": 1.959964, "99.8": 3.090232}
Limits = dict[str, dict[str, Numbers]]


@dataclass(frozen=True)
class Scale:
    """A scale on which shares are compared: where each lies, its standard error, and how overdispersed all are."""

    z: Numbers
    z_winsorised: Numbers
    phi: float
    tau2: float
    error: Numbers

    @property
    def additive_error(self) -> Numbers:
        """The standard error with what services truly differ by."""
        error: Numbers = np.sqrt(self.error**2 + self.tau2)
        return error

    @property
    def multiplicative_error(self) -> Numbers:
        """The standard error stretched to what is seen; never shrunk."""
        error: Numbers = self.error * np.sqrt(max(self.phi, 1.0))
        return error


@dataclass(frozen=True)
class Funnel:
    """A funnel plot, an entry a service; limits by method and level (`additive_95`), each `lower` and `upper`."""

    share: Numbers
    target: float
    scale: Scale
    limits: Limits
    untransformed: Scale
    untransformed_limits: Limits
    exact_limits: Limits

    @property
    def z_additive(self) -> Numbers:
        """Standard errors from the target, those with what services truly differ by."""
        z: Numbers = self.scale.z * self.scale.error / self.scale.additive_error
        return z

    @property
    def z_multiplicative(self) -> Numbers:
        """Standard errors from the target, those stretched to what is seen."""
        return self.scale.z * self.scale.error / self.scale.multiplicative_error


def funnel(x: Numbers, n: Numbers, winsorise: float = 0.1, target: float | None = None) -> Funnel:
    """Compare services: x of n each, n above 0. `winsorise`: the quantile at which z is cut on either side.

    target: the share compared with; without it that of all together. Where it is 0 or 1 the untransformed scale has no
    spread, and its limits lie on it.
    """
    share = x / n
    common = float(x.sum() / n.sum()) if target is None else target
    angles = _scale(np.arcsin(np.sqrt(share)), float(np.arcsin(np.sqrt(common))), 1 / (2 * np.sqrt(n)), winsorise)
    plain = _scale(share, common, np.sqrt(common * (1 - common) / n), winsorise)
    limits: Limits = {}
    plainly: Limits = {}
    for level, c in LEVELS.items():
        kinds = (("unadjusted", angles.error), ("additive", angles.additive_error))
        for kind, error in (*kinds, ("multiplicative", angles.multiplicative_error)):
            limits[f"{kind}_{level}"] = _around(common, c * error)
        for kind, error in (("additive", plain.additive_error), ("multiplicative", plain.multiplicative_error)):
            lower, upper = np.clip(common - c * error, 0, 1), np.clip(common + c * error, 0, 1)
            plainly[f"{kind}_{level}"] = {"lower": lower, "upper": upper}
    exact = {level: _exact(n, common, float(norm.sf(c))) for level, c in LEVELS.items()}
    return Funnel(share, common, angles, limits, plain, plainly, exact)


def additive_limits(centre: float, between_variance: float, n: Numbers) -> Limits:
    """Return the limits by level at these numbers of comments, of a funnel with this centre and tau squared."""
    error: Numbers = np.sqrt(1 / (4 * n) + between_variance)
    return {level: _around(centre, c * error) for level, c in LEVELS.items()}


def _around(centre: float, distance: Numbers) -> dict[str, Numbers]:
    """Shares that lie so far from the centre, in angles: sin^2 folds back beyond those that are kept."""
    middle = np.arcsin(np.sqrt(centre))
    lower, upper = (np.sin(np.clip(middle + sign * distance, 0, np.pi / 2)) ** 2 for sign in (-1, 1))
    return {"lower": lower, "upper": upper}


def _scale(y: Numbers, middle: float, error: Numbers, winsorise: float) -> Scale:
    z = np.divide(y - middle, error, out=np.zeros_like(y), where=error > 0)
    cut = np.clip(z, *np.quantile(z, [winsorise, 1 - winsorise]))
    phi, count = float((cut**2).mean()), len(y)
    weight = np.divide(1, error**2, out=np.zeros_like(y), where=error > 0)
    total = weight.sum()
    spread = total - (weight**2).sum() / total if total > 0 else 0.0
    tau2 = max(0.0, (count * phi - (count - 1)) / spread) if count > 1 and spread > 0 else 0.0
    return Scale(z, cut, phi, float(tau2), error)


def _exact(n: Numbers, share: float, tail: float) -> dict[str, Numbers]:
    """The binomial's quantiles over n, between two counts in proportion to what either leaves in the tail."""
    found = {}
    for name, probability in (("lower", tail), ("upper", 1 - tail)):
        count = binom.ppf(probability, n, share)
        above, own = binom.cdf(count, n, share) - probability, binom.pmf(count, n, share)
        part = np.divide(above, own, out=np.zeros_like(n, dtype=float), where=own > 0)
        found[name] = np.clip((count - part) / n, 0, 1)
    return found
