"""Rate limits of the Graph API: headers of JSON with percentages, and minutes until requests are allowed again."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from wordround.connectors.asking.dialects import Dialect

_HEADERS = ("x-app-usage", "x-page-usage", "x-business-use-case-usage")
_PERCENTAGES = ("call_count", "total_time", "total_cputime")
_NEARLY_SPENT = 95
# The limits count the last hour, so that a little waiting brings a little more.
_SHORT_REST = 60.0


class Usage(Dialect):
    """The dialect of `X-App-Usage` and `X-Business-Use-Case-Usage`."""

    def seconds_until_more(self, headers: Mapping[str, str], now: datetime) -> float | None:
        """Return how long to wait after a refusal; None where the answer names no time."""
        wait = super().seconds_until_more(headers, now)
        return wait if wait is not None else _regained_after(headers) or None

    def pause(self, headers: Mapping[str, str], now: datetime) -> float:
        """Return how long to wait before the next request, where the limit is nearly reached."""
        used = max((_number(part.get(name)) for part in _parts(headers) for name in _PERCENTAGES), default=0.0)
        return (_regained_after(headers) or _SHORT_REST) if used >= _NEARLY_SPENT else 0.0


def _regained_after(headers: Mapping[str, str]) -> float:
    minutes = (_number(part.get("estimated_time_to_regain_access")) for part in _parts(headers))
    return 60.0 * max(minutes, default=0.0)


def _parts(headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield every record of usage: one header holds it bare, the other in lists by business."""
    for name in _HEADERS:
        try:
            usage = json.loads(headers.get(name, "") or "{}")
        except (ValueError, RecursionError):
            continue
        if isinstance(usage, dict):
            yield usage
            lists = [part for part in usage.values() if isinstance(part, list)]
            yield from (part for parts in lists for part in parts if isinstance(part, dict))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e6 else 0.0
