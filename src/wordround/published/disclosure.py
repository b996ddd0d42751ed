"""What may be shown: the rule on small numbers, applied to the totals that the report makes.

Weekly figures come from the marts with their labels ('*' where hidden). Here are the rules for what the report adds:
totals over weeks, shares of such totals, and the lines of a control chart. Pure functions of counts and labels.

The rule is NHS England's for the Friends and Family Test: small counts (1 to 4 there; here what `meta.rules` says) are
hidden, and then the next lowest too where the hidden one could be worked out from a total.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from wordround.published.tables import ChartPoint, ServiceWeek

HIDDEN = "*"

# A control chart's mean and limits are two statements about all its baseline weeks. Fewer than three unknown weeks
# could be worked out from the weeks that are shown.
FEWEST_HIDDEN_BASELINE_WEEKS = 3

# Per cent. The smallest that is as many comments as the smallest count shown is used.
_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0)
_FINE_STEPS = (0.1, 0.2, 0.5)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class SmallNumbers:
    """Counts from 1 to `largest_hidden` must not be shown. Nought may be."""

    largest_hidden: int

    @property
    def smallest_shown(self) -> int:
        """The smallest count that may be shown, beside nought."""
        return self.largest_hidden + 1

    def is_small(self, count: int) -> bool:
        """Whether a count must not be shown."""
        return 0 < count <= self.largest_hidden

    def count_shown(self, count: int) -> str:
        """A count with thousands separated, or words where it is too small to show."""
        return f"fewer than {self.smallest_shown}" if self.is_small(count) else f"{count:,}"

    def in_tens(self, count: int) -> int:
        """A count in steps of twice the smallest that is shown: of totals that differ by a month, none tells it."""
        step = 2 * self.smallest_shown
        return (count + step // 2) // step * step

    def hidden_parts(self, counts: Mapping[Key, int]) -> set[Key]:
        """Which parts of a whole must be hidden when the whole and all other parts are shown.

        Hides small ones, then the next lowest until the hidden parts come to what may be shown together: one alone
        could be worked out, and two that come to two would both be one.
        """
        hidden = {part for part, count in counts.items() if self.is_small(count)}
        others = sorted(
            (part for part, count in counts.items() if count > self.largest_hidden), key=lambda part: counts[part]
        )
        while hidden and others and sum(counts[part] for part in hidden) <= self.largest_hidden:
            hidden.add(others.pop(0))
        return hidden

    def share_shown(self, part: int, whole: int) -> str | None:
        """A share in whole per cent, or None where the part, or what is left of the whole, is too small to show."""
        if whole <= self.largest_hidden or self.is_small(part) or self.is_small(whole - part):
            return None
        return percent(part / whole)

    def rolling_share(self, part: int, whole: int) -> float | None:
        """A share of a total whose weeks are not shown, as `in_steps` gives it; None where it is hidden."""
        return None if self.share_shown(part, whole) is None else self.in_steps(part, whole)

    def in_steps(self, part: int, whole: int, finest: float = _STEPS[0]) -> float:
        """A share rounded so that one step is at least as many comments as the smallest count shown.

        Totals of successive reports differ by the week that comes and the week that goes: who keeps every report would
        otherwise work out the weeks. `finest`: the smallest step, in per cent, one of _FINE_STEPS or 1.
        """
        steps = [step for step in (*_FINE_STEPS, *_STEPS) if step >= finest]
        step = next((step for step in steps if step * whole >= 100 * self.smallest_shown), steps[-1])
        return int(100 * part / whole / step + 0.5) * step / 100

    def fine_share(self, part: int, whole: int) -> float | None:
        """As `rolling_share`, in steps of less than one per cent where there are enough comments for it."""
        return None if self.share_shown(part, whole) is None else self.in_steps(part, whole, _FINE_STEPS[0])


def in_company(issued: str | None, now: str | None, least: int) -> bool:
    """Whether a count that was told may be told again: it is the same, or differs by at least so many comments.

    The difference of two figures that were told is a third. A count that is hidden in one of them is not told again.
    """
    if issued is None or now is None:
        return False
    difference = abs(int(now.replace(",", "")) - int(issued.replace(",", "")))
    return difference == 0 or difference >= least


def is_hidden(label: str | None) -> bool:
    """Whether the marts hide this figure."""
    return label is not None and label.strip() == HIDDEN


def percent(share: float) -> str:
    """A share (0 to 1) in whole per cent, halves up."""
    return f"{int(share * 100 + 0.5)}%"


def fine_percent(share: float) -> str:
    """A share in per cent, with tenths where it has any."""
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def label_shown(label: str | None) -> str | None:
    """A label of the marts as the report writes it; None where it is hidden or there is nothing."""
    if label is None or not label.strip() or is_hidden(label):
        return None
    return label.replace(" %", "%").replace("\u00a0%", "%").strip()


def hidden_weeks(weeks: Iterable[ServiceWeek], points: Iterable[ChartPoint]) -> set[date]:
    """The weeks of one service whose share of negative comments the report must not show; `points`: of its chart."""
    hidden = {week.week_date for week in weeks if is_hidden(week.negative_share_label)}
    for basis in _baselines(points):
        missing = FEWEST_HIDDEN_BASELINE_WEEKS - sum(monday in hidden for _, monday in basis)
        if 0 < missing < FEWEST_HIDDEN_BASELINE_WEEKS:
            shown = sorted((value, monday) for value, monday in basis if monday not in hidden)
            hidden.update(monday for _, monday in shown[:missing])
    return hidden


def _baselines(points: Iterable[ChartPoint]) -> list[list[tuple[float, date]]]:
    """Value and week of the points that each set of limits was worked out from."""
    every: dict[int, list[tuple[float, date]]] = {}
    baseline: dict[int, list[tuple[float, date]]] = {}
    for point in points:
        if point.value is not None:
            every.setdefault(point.rebase_group, []).append((point.value, point.week_date))
            if point.is_baseline:
                baseline.setdefault(point.rebase_group, []).append((point.value, point.week_date))
    return [baseline.get(group, found) for group, found in every.items()]
