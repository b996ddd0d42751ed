"""What a source may still cost today: each amount is recorded before the next request is sent.

A run that is cut short has spent the amount all the same. Asking and checking for deletions have a budget each. The
check also remembers the last post that it asked about, so that the next night goes on behind it.
"""

from datetime import UTC, datetime

from wordround.records import spending
from wordround.records.spending import Purpose
from wordround.settings import Settings


class Ledger:
    """The spending of one source for one purpose on one day (UTC), in the source's own unit."""

    def __init__(self, settings: Settings, source: str, purpose: Purpose) -> None:
        self._settings, self._source, self._purpose = settings, source, purpose
        self._day = datetime.now(UTC).date()
        self.spent = spending.spent(settings, source, purpose, self._day)

    @property
    def last_place(self) -> int:
        """How far down its list of posts the last check came."""
        return spending.last_place(self._settings, self._source)

    def add(self, amount: float) -> None:
        """Count an amount; a negative one corrects the amount reserved for an answer that cost less."""
        if amount:
            self.spent += amount
            spending.add(self._settings, self._source, self._purpose, self._day, amount)

    def stop_at(self, place: int) -> None:
        """Remember how far down its list of posts a check came."""
        spending.stop_at(self._settings, self._source, place)
