"""Spending: what a source's requests of a day have cost, written down before the next one is sent.

Comes in: amounts in the source's own unit. Goes out: the sum of the day (UTC), whatever became of the runs: a run that
is cut short has spent all the same. Asking and checking for deletions have a budget each. For the check it also
remembers the last post that was asked about, so that the next night goes on behind it.
"""

import json
from datetime import UTC, datetime
from typing import Literal

from wordround.settings import Settings
from wordround.storage import write_whole

Purpose = Literal["asking", "checking"]


class Ledger:
    """The spending of one source for one purpose on one day."""

    def __init__(self, settings: Settings, source: str, purpose: Purpose) -> None:
        self._path = settings.home / "spending" / f"{source}-{purpose}.json"
        self._day = datetime.now(UTC).date().isoformat()
        kept = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
        self.spent = float(kept.get("spent", 0.0)) if kept.get("day") == self._day else 0.0
        self.last_place = int(kept.get("last_place", 0))

    def add(self, amount: float) -> None:
        """Count an amount; a negative one corrects what was set aside for an answer that cost less."""
        if amount:
            self.spent += amount
            self._write()

    def stop_at(self, place: int) -> None:
        """Remember how far down its list a check came."""
        self.last_place = place
        self._write()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = {"day": self._day, "spent": round(self.spent, 6), "last_place": self.last_place}
        write_whole(self._path, json.dumps(kept), mode=0o600)
