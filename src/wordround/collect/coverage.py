"""Coverage: the stretches of time for which each query has been answered, and those that are still to be asked.

A stretch is covered once an answer was whole there, or once asking again would bring nothing (a wall, a source that
looks back a week). The next run asks again for stretches that failed or that the budget did not reach. It also asks for
the latest stretch again, because posts surface late.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wordround.connectors.asking.contract import Window
from wordround.connectors.blocks import TERM_KINDS, AskedSource, Query
from wordround.land.manifests import Manifest, QueryRecord

LONDON = ZoneInfo("Europe/London")

_DAYS_BEFORE_THE_FIRST_RUN = 7


def fingerprint(block: AskedSource, query: Query) -> str:
    """Return the fingerprint of a query's terms: where it changes, the past is asked for anew."""
    terms = query.model_dump(mode="json", include=set(TERM_KINDS))
    own = block.model_dump(mode="json", exclude=set(AskedSource.model_fields))
    return hashlib.sha256(json.dumps([terms, own], sort_keys=True).encode()).hexdigest()[:12]


def covered(manifests: Iterable[Manifest]) -> dict[str, list[Window]]:
    """Return the covered windows of each query, by its fingerprint, in order and without overlaps."""
    found: defaultdict[str, list[Window]] = defaultdict(list)
    for query in _queries(manifests):
        for reach in query.windows:
            start = reach.asked_from if reach.is_closed else reach.answered_from
            if start is not None:
                found[query.asks].append(Window(start, reach.asked_until))
    return {asks: _joined(windows) for asks, windows in found.items()}


def pending(
    block: AskedSource, manifests: Sequence[Manifest], logical_date: date, now: datetime
) -> list[tuple[Query, list[Window]]]:
    """Return what each query still lacks up to the end of a day, or up to now while the day lasts.

    Without `since` in the settings a query starts seven days before the first run that asked for it.
    """
    until = min(now, midnight(logical_date + timedelta(days=1)))
    week_ago = now.astimezone(LONDON).date() - timedelta(days=_DAYS_BEFORE_THE_FIRST_RUN)
    answered, overlap = covered(manifests), timedelta(hours=block.overlap_hours)
    found = []
    for query in block.queries:
        asks = fingerprint(block, query)
        first = min(block.since or min([week_ago, *_first_days(manifests, asks)]), logical_date)
        is_later = block.since is not None and midnight(block.since) >= now
        whole = within(query, Window(midnight(first), until))
        if whole is None or is_later:
            continue
        known = answered.get(asks, [])
        latest = max((window.until for window in known if window.until <= whole.until), default=None)
        again = [Window(max(whole.since, latest - overlap), whole.until)] if latest is not None else []
        if whole.until < now - overlap and latest == whole.until:
            again = []  # the window ended long ago: no post surfaces there any more
        windows = _joined([*_gaps(whole, known), *(window for window in again if window.since < window.until)])
        if windows:
            found.append((query, windows))
    return found


def named(block: AskedSource, since: date, until: date, now: datetime) -> list[tuple[Query, list[Window]]]:
    """Return each query with the given days, first and last included, whether or not they were answered before."""
    whole = Window(midnight(since), min(now, midnight(until + timedelta(days=1))))
    return [(query, [window]) for query in block.queries if (window := within(query, whole)) is not None]


def within(query: Query, window: Window) -> Window | None:
    """Return the part of a window that lies within the query's own days."""
    since = max(window.since, midnight(query.since)) if query.since else window.since
    until = min(window.until, midnight(query.until + timedelta(days=1))) if query.until else window.until
    return Window(since, until) if since < until else None


def midnight(day: date) -> datetime:
    """Return the beginning of a day in Europe/London, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _queries(manifests: Iterable[Manifest]) -> Iterator[QueryRecord]:
    yield from (query for manifest in manifests for query in manifest.queries)


def _first_days(manifests: Iterable[Manifest], asks: str) -> Iterator[date]:
    """Yield the first day of each window that was asked for, answered or not."""
    for query in _queries(manifests):
        if query.asks == asks:
            yield from (reach.asked_from.astimezone(LONDON).date() for reach in query.windows)


def _joined(windows: Iterable[Window]) -> list[Window]:
    joined: list[Window] = []
    for window in sorted(windows):
        if joined and window.since <= joined[-1].until:
            joined[-1] = Window(joined[-1].since, max(joined[-1].until, window.until))
        else:
            joined.append(window)
    return joined


def _gaps(whole: Window, known: Iterable[Window]) -> list[Window]:
    gaps, start = [], whole.since
    for window in known:
        if window.since > start:
            gaps.append(Window(start, min(window.since, whole.until)))
        start = max(start, window.until)
        if start >= whole.until:
            return [gap for gap in gaps if gap.since < gap.until]
    return [gap for gap in [*gaps, Window(start, whole.until)] if gap.since < gap.until]
