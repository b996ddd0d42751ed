"""How often one client, and all together, may ask for something that costs more than a page, such as a login.

Counts are kept in memory, of so many clients at most: a flood costs the flood, and no more.
"""

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from fastapi import HTTPException, Request

_MOST_CLIENTS = 10_000


class Rate:
    """At most `each` times a client and `together` times in all, within the last `seconds`."""

    def __init__(
        self, each: int, together: int, seconds: int = 60, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each, self._together, self._seconds, self._clock = each, together, seconds, clock
        self._all: deque[float] = deque(maxlen=together)
        self._clients: OrderedDict[str, deque[float]] = OrderedDict()

    def takes(self, client: str) -> bool:
        """Whether it may be done once more; if so it is counted."""
        now = self._clock()
        own = self._clients.pop(client, None) or deque(maxlen=self._each)
        self._clients[client] = own
        while len(self._clients) > _MOST_CLIENTS:
            self._clients.popitem(last=False)
        is_free = all(len(times) < times.maxlen or now - times[0] >= self._seconds for times in (own, self._all))  # type: ignore[operator]
        if is_free:
            own.append(now)
            self._all.append(now)
        return is_free

    def refuse(self, request: Request) -> None:
        """Raise HTTPException where the client of this request has asked too often."""
        if not self.takes(client(request)):
            raise HTTPException(
                429, "Too many tries from your network. Wait a minute and try again.",
                {"Retry-After": str(self._seconds)},
            )  # fmt: skip


def client(request: Request) -> str:
    """Who asks, as an address: of a proxy on this machine, what it saw itself, which is the last that it says.

    Of IPv6 the network: one household has more addresses than could be counted.
    """
    seen = request.client.host if request.client else "127.0.0.1"
    said = request.headers.getlist("X-Forwarded-For")
    for given in (said[-1].rpartition(",")[2].strip() if said and _is_own(seen) else "", seen):
        try:
            address = ipaddress.ip_address(given)
        except ValueError:
            continue
        return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
    return "unknown"


def _is_own(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
