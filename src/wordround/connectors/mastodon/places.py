"""Where in a timeline a run has come to, so that the next one begins there and not at its top.

A page begins behind the id of a post (`max_id`). Mastodon makes the ids of posts from the time at which they were
written (lib/mastodon/snowflake.rb: milliseconds since 1970, times 65,536), and takes any number. So what is kept is a
time, a second or less above the place, and no id of a post. Its relatives make ids otherwise: there a timeline is read
from its top again.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from wordround.connectors.asking.contract import Window

_BITS, _SECOND = 16, 1_000
# An id that is no time is read as one of another age.
_FARTHEST = timedelta(days=7)


def of_page(max_id: object, newest: datetime | None) -> str | None:
    """Return the place of a page: the moment of its newest post, and where it begins; None at a top, or of no time.

    max_id: behind which post it was asked for.
    """
    if newest is None or not isinstance(max_id, str) or not max_id.isascii() or not max_id.isdigit():
        return None
    # The next whole second.
    milliseconds = ((int(max_id) >> _BITS) // _SECOND + 1) * _SECOND
    if abs(milliseconds / _SECOND - newest.timestamp()) > _FARTHEST.total_seconds():
        return None
    return f"{newest.astimezone(UTC).isoformat()} {milliseconds}"


def begin(place: str | None, window: Window) -> Mapping[str, str]:
    """Return the parameter by which a window is asked for: from a place where all that came before it was read.

    From the top where the window begins above the place, or no place is known.
    """
    moment, _, milliseconds = (place or "").partition(" ")
    if not milliseconds or window.until > datetime.fromisoformat(moment):
        return {}
    return {"max_id": str(int(milliseconds) << _BITS)}
