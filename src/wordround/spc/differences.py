"""How far apart two shares are, with an interval: pure.

Comments of one week are alike, so that n of them are worth n/D of independent ones (`log_odds.design_effect`).
"""

from dataclasses import dataclass
from math import sqrt

from wordround.spc.log_odds import design_effect

Z = 1.959963984540054  # of a 95 % interval


@dataclass(frozen=True)
class Sample:
    """A share, and of how many comments that say something of their own it is; `worth` is above 0."""

    share: float
    worth: float


@dataclass(frozen=True)
class Difference:
    """One share less another, with its 95 % interval; `deviate`: in standard errors, were both one share."""

    size: float
    low: float
    high: float
    deviate: float

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves nought out."""
        return self.low > 0 or self.high < 0


def worth(comments: float, weeks: int, rho: float, phi: float) -> float:
    """Return how many independent comments so many are worth that came in so many weeks."""
    return comments / float(design_effect(max(comments / weeks, 1), rho, phi)) if comments else 0.0


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share of n, above 0 (JASA 22, 1927, 209-212)."""
    spread = Z * Z / n
    half_width = Z * sqrt(share * (1 - share) / n + spread / (4 * n))
    low, high = ((share + spread / 2 + sign * half_width) / (1 + spread) for sign in (-1, 1))
    return max(0.0, low), min(1.0, high)


def difference(now: Sample, before: Sample) -> Difference:
    """Return how far a share is from another; interval by Newcombe's hybrid score (method 10, Stat Med 17, 1998)."""
    size = now.share - before.share
    (low, high), (low_before, high_before) = wilson(now.share, now.worth), wilson(before.share, before.worth)
    pooled = (now.share * now.worth + before.share * before.worth) / (now.worth + before.worth)
    error = sqrt(pooled * (1 - pooled) * (1 / now.worth + 1 / before.worth))
    return Difference(
        size,
        size - sqrt((now.share - low) ** 2 + (high_before - before.share) ** 2),
        size + sqrt((high - now.share) ** 2 + (before.share - low_before) ** 2),
        size / error if error else 0.0,
    )
