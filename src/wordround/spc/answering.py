"""What became of a share after something was changed: the weeks of an alert before the change against those after it.

Pure. Two shares are compared as of two samples whose comments are alike within a week and between neighbouring weeks,
so that n comments are worth n/D (`log_odds.design_effect`). The week of the change counts on neither side.

The weeks that opened an alert do not count either: they were picked for being unlike the others, and after an alert
that was chance the share falls back without anybody's doing. With them, 6 of 10 such alerts would be said to have been
answered by whatever was done; without them 3 of 100 are (tests/unit/spc/test_answering.py). Where something was changed
before another week had passed, both shares are given, and not how sure that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan, sqrt
from typing import Literal

from wordround.spc.log_odds import design_effect

WEEKS_AFTER = 12
FEWEST_WEEKS = 4  # of those after, whose data are whole

# Two-sided, of a normal deviate: one in a thousand, and one in twenty.
_VERY_UNLIKELY, _UNLIKELY = 3.2905, 1.96

Code = Literal["too_early", "nothing_to_compare", "not_judged", "lower", "higher", "may_be_chance"]


@dataclass(frozen=True)
class Week:
    """One week of a series: x of n comments. It counts where it `is_whole`: over, and all of its data arrived.

    expected: the share that was expected of it, by its mix of sources and what the others did; None where unknown.
    """

    week_date: date
    x: float
    n: float
    is_whole: bool = True
    expected: float | None = None


@dataclass(frozen=True)
class Part:
    """The weeks on one side of a change, with comments."""

    x: float = 0
    n: float = 0
    weeks: int = 0


@dataclass(frozen=True)
class Answer:
    """What can be said. `passed`: of the weeks after the change, at most 12; `deviate`: of the shares, NaN for none."""

    code: Code
    before: Part
    after: Part
    passed: int
    deviate: float = float("nan")

    @property
    def is_very_sure(self) -> bool:
        """Whether chance alone would make such a difference less than once in a thousand times."""
        return not isnan(self.deviate) and abs(self.deviate) >= _VERY_UNLIKELY


def answer(
    weeks: Sequence[Week],
    since: date,
    opened: date,
    changed_on: date,
    last_week: date,
    rho: float = 0.02,
    phi: float = 0.0,
) -> Answer:
    """Compare the weeks of an alert up to a change with the twelve after it.

    weeks: of the series, in any order. since, opened: the first week that made the alert, and the last. last_week: the
    last that is over. Raises ValueError where rho or phi is no share.
    """
    if not (0 <= rho < 1 and 0 <= phi < 1):
        raise ValueError("rho and phi have to be from 0 to below 1")
    monday = changed_on - timedelta(days=changed_on.weekday())
    end = monday + timedelta(weeks=WEEKS_AFTER)
    passed = max(0, min(WEEKS_AFTER, (last_week - monday).days // 7))
    counted = [week for week in weeks if week.is_whole and week.n > 0 and week.week_date <= last_week]
    before = [week for week in counted if opened < week.week_date < monday]
    is_judged = bool(before)
    before = before or [week for week in counted if since <= week.week_date < monday]
    after = [week for week in counted if monday < week.week_date <= end]
    parts = _part(before), _part(after)
    if passed < WEEKS_AFTER:
        return Answer("too_early", *parts, passed)
    if not before or len(after) < FEWEST_WEEKS:
        return Answer("nothing_to_compare", *parts, passed)
    if not is_judged:
        return Answer("not_judged", *parts, passed)
    deviate = _deviate(before, after, rho, phi)
    if abs(deviate) < _UNLIKELY:
        return Answer("may_be_chance", *parts, passed, deviate)
    return Answer("lower" if deviate < 0 else "higher", *parts, passed, deviate)


def _part(weeks: Sequence[Week]) -> Part:
    return Part(sum(week.x for week in weeks), sum(week.n for week in weeks), len(weeks))


def _deviate(before: Sequence[Week], after: Sequence[Week], rho: float, phi: float) -> float:
    """The difference of two shares in its standard errors, were both one share; less what was expected to differ."""
    one, other = _part(before), _part(after)
    share = (one.x + other.x) / (one.n + other.n)
    variance = share * (1 - share) * (_spread(before, rho, phi) + _spread(after, rho, phi))
    return 0.0 if variance == 0 else (other.x / other.n - one.x / one.n - _shift(before, after)) / sqrt(variance)


def _shift(before: Sequence[Week], after: Sequence[Week]) -> float:
    """By how much another mix of sources and the movement of the others differ: nobody's doing in this series."""
    shares = []
    for weeks in (before, after):
        known = [(week.expected, week.n) for week in weeks if week.expected is not None]
        if len(known) < len(weeks):
            return 0.0
        shares.append(sum(share * n for share, n in known) / sum(n for _, n in known))
    return shares[1] - shares[0]


def _spread(weeks: Sequence[Week], rho: float, phi: float) -> float:
    """The variance of a share of these weeks, in units of that of one comment."""
    worth = sum(week.n * float(design_effect(week.n, rho, phi)) for week in weeks)
    return worth / sum(week.n for week in weeks) ** 2
