"""Rate limits as sources say them: how long to wait, from the headers of an answer.

Every source says how many requests are left and when there are more; no two say it alike. `Retry-After` (RFC 9110,
section 10.2.3) is understood from all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

Reset = Literal["epoch_seconds", "iso_time", "seconds_left"]


@dataclass(frozen=True)
class Dialect:
    """Which headers (lower case) say what is left and when there is more, and how the moment is written."""

    remaining: str = ""
    reset: str = ""
    reset_is: Reset = "epoch_seconds"

    def seconds_until_more(self, headers: Mapping[str, str], now: datetime) -> float | None:
        """Return how long to wait after a refusal, where the answer says so. Never negative."""
        asked_for = _retry_after(headers.get("retry-after", ""), now)
        return asked_for if asked_for is not None else self._until_reset(headers, now)

    def pause(self, headers: Mapping[str, str], now: datetime) -> float:
        """Return how long to wait before the next request because nothing is left; 0 where something is."""
        left = _number(headers.get(self.remaining, ""))
        if left is None or left > 0:
            return 0.0
        return self._until_reset(headers, now) or 0.0

    def _until_reset(self, headers: Mapping[str, str], now: datetime) -> float | None:
        given = headers.get(self.reset, "").strip()
        if not given:
            return None
        if self.reset_is == "iso_time":
            try:
                moment = datetime.fromisoformat(given)
            except ValueError:
                return None
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return max(0.0, (moment - now).total_seconds())
        number = _number(given)
        if number is None:
            return None
        return max(0.0, number if self.reset_is == "seconds_left" else number - now.timestamp())


def _number(given: str) -> float | None:
    try:
        number = float(given)
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None


def _retry_after(given: str, now: datetime) -> float | None:
    if not given:
        return None
    seconds = _number(given)
    if seconds is not None:
        return max(0.0, seconds)
    try:
        moment = parsedate_to_datetime(given)
    except (TypeError, ValueError):
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
