"""Rate limits as each source writes them: how long to wait, from the headers of an answer.

No two sources name the remaining requests and the reset alike. `Retry-After` (RFC 9110, section 10.2.3) is understood
from all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

Reset = Literal["epoch_seconds", "iso_time", "seconds_left"]


@dataclass(frozen=True)
class Dialect:
    """Which headers (lower case) hold the remaining requests and the reset, and how the reset is written."""

    remaining: str = ""
    reset: str = ""
    reset_is: Reset = "epoch_seconds"

    def seconds_until_more(self, headers: Mapping[str, str], now: datetime) -> float | None:
        """Return how long to wait after a refusal, never negative; None where the answer names no time."""
        retry_after = _retry_after(headers.get("retry-after", ""), now)
        return retry_after if retry_after is not None else self._until_reset(headers, now)

    def pause(self, headers: Mapping[str, str], now: datetime) -> float:
        """Return how long to wait before the next request: 0 while requests remain."""
        left = _number(headers.get(self.remaining, ""))
        if left is None or left > 0:
            return 0.0
        return self._until_reset(headers, now) or 0.0

    def _until_reset(self, headers: Mapping[str, str], now: datetime) -> float | None:
        reset = headers.get(self.reset, "").strip()
        if not reset:
            return None
        if self.reset_is == "iso_time":
            try:
                moment = datetime.fromisoformat(reset)
            except ValueError:
                return None
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return max(0.0, (moment - now).total_seconds())
        number = _number(reset)
        if number is None:
            return None
        return max(0.0, number if self.reset_is == "seconds_left" else number - now.timestamp())


def _number(header: str) -> float | None:
    try:
        number = float(header)
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None


def _retry_after(header: str, now: datetime) -> float | None:
    if not header:
        return None
    seconds = _number(header)
    if seconds is not None:
        return max(0.0, seconds)
    try:
        moment = parsedate_to_datetime(header)
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None
