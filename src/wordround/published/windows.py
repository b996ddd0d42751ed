"""The weeks that a report looks over and those that it sets them beside, in figures and in words.

Weeks are known by their Mondays.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from wordround.published import wording

RECENT_WEEKS = 12  # a quarter, give or take a week


@dataclass(frozen=True)
class Window:
    """Weeks from `first` to `last`, and those before them, with the words for both.

    name: "last 12 weeks", "October 2026". within: "in the last 12 weeks", "in October 2026". to, within_to: the same
    with their end. before: "the weeks before", "September 2026".
    """

    first: date
    last: date
    before_first: date
    before_last: date
    name: str
    within: str
    to: str
    within_to: str
    before: str

    def has(self, week: date | None) -> bool:
        """Whether a week is looked over."""
        return week is not None and self.first <= week <= self.last

    def has_before(self, week: date) -> bool:
        """Whether a week is among those before."""
        return self.before_first <= week <= self.before_last


def recent(last: date) -> Window:
    """Return the weeks that end with this one, as many as a weekly report looks over, and as many before."""
    first = last - timedelta(weeks=RECENT_WEEKS - 1)
    to = f"{RECENT_WEEKS} weeks to {wording.day(last + timedelta(days=6))}"
    return Window(
        first=first,
        last=last,
        before_first=first - timedelta(weeks=RECENT_WEEKS),
        before_last=first - timedelta(weeks=1),
        name=f"last {RECENT_WEEKS} weeks",
        within=f"in the last {RECENT_WEEKS} weeks",
        to=to,
        within_to=f"in the {to}",
        before="the weeks before",
    )
