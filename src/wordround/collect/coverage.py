"""Coverage: the stretches of time for which each listing has been answered, and those that are still to be asked.

A listing is what a query asks one server, place or hashtag for; each can fail by itself. A stretch is covered once an
answer was whole there, or once asking again would bring nothing (a wall, a source that looks back a week). The next run
asks again for stretches that failed or that the budget did not reach. It also asks for the latest stretch again, as
posts surface late; not where a post that is read again costs again.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wordround.connectors.asking.contract import Window
from wordround.connectors.blocks import TERM_KINDS, AskedSource, Query
from wordround.land.manifests import Manifest, QueryRecord, WindowRecord

LONDON = ZoneInfo("Europe/London")

_DAYS_BEFORE_THE_FIRST_RUN = 7
_NEVER = datetime.min.replace(tzinfo=UTC)


def fingerprint(block: AskedSource, query: Query) -> str:
    """Return the fingerprint of a query's terms: where it changes, the past is asked for anew."""
    terms = query.model_dump(mode="json", include=set(TERM_KINDS))
    own = block.model_dump(mode="json", exclude=set(AskedSource.model_fields))
    return hashlib.sha256(json.dumps([terms, own], sort_keys=True).encode()).hexdigest()[:12]


def covered(manifests: Iterable[Manifest]) -> dict[tuple[str, str], list[Window]]:
    """Return the covered windows by the fingerprint of their query and their listing, in order and without overlaps."""
    found: defaultdict[tuple[str, str], list[Window]] = defaultdict(list)
    for query in _queries(manifests):
        for reach in query.windows:
            start = reach.asked_from if reach.is_closed else reach.answered_from
            if start is not None:
                found[query.asks, reach.listing].append(Window(start, reach.asked_until))
    return {asks: _joined(windows) for asks, windows in found.items()}


class Standing(NamedTuple):
    """How much of a window one listing has answered whole, and what ended the answers to the rest."""

    answered: timedelta
    why_not_whole: frozenset[str]


def standings(manifests: Iterable[Manifest], asks: str, whole: Window) -> dict[str, Standing]:
    """Return how each listing of a query stands that was asked for, by name.

    What a wall or the source's own window cut off counts as covered, because asking again brings nothing: it is no
    answer.
    """
    reaches: defaultdict[str, list[WindowRecord]] = defaultdict(list)
    for query in _queries(manifests):
        for reach in query.windows if query.asks == asks else ():
            reaches[reach.listing].append(reach)
    return {listing: _standing(asked, whole) for listing, asked in reaches.items()}


def _standing(reaches: list[WindowRecord], whole: Window) -> Standing:
    windows = (Window(reach.answered_from, reach.asked_until) for reach in reaches if reach.answered_from)
    gaps = _gaps(whole, _joined(windows))
    reasons = {why for reach in reaches if (why := reach.error or reach.cut) and any(_meet(reach, gap) for gap in gaps)}
    lacking = sum((gap.until - gap.since for gap in gaps), timedelta())
    return Standing(max(timedelta(), whole.until - whole.since - lacking), frozenset(reasons))


def _meet(reach: WindowRecord, gap: Window) -> bool:
    return reach.asked_from < gap.until and gap.since < reach.asked_until


def pending(
    block: AskedSource,
    manifests: Sequence[Manifest],
    logical_date: date,
    now: datetime,
    listings: Callable[[Query, Window], Iterable[str]] = lambda *_: (),
) -> list[tuple[Query, list[Window]]]:
    """Return what each listing of each query still lacks up to the end of a day, or up to now while the day lasts.

    `listings` names those of a query; without names it is asked as a whole. What was reached longest ago comes first:
    where a budget ends a run, the next one starts there. Without `since` in the settings a query starts seven days
    before the first run that asked for it.
    """
    until = min(now, midnight(logical_date + timedelta(days=1)))
    week_ago = now.astimezone(LONDON).date() - timedelta(days=_DAYS_BEFORE_THE_FIRST_RUN)
    answered, reached = covered(manifests), _last_reached(manifests)
    found: list[tuple[datetime, Query, list[Window]]] = []
    for query in block.queries:
        asks = fingerprint(block, query)
        first = min(block.since or min([week_ago, *_first_days(manifests, asks)]), logical_date)
        is_later = block.since is not None and midnight(block.since) >= now
        whole = within(query, Window(midnight(first), until))
        if whole is None or is_later:
            continue
        of_all = answered.get((asks, ""), [])
        shares = {
            name: _lacking(block, whole, _joined([*of_all, *answered.get((asks, name), [])]), now)
            for name in listings(query, whole)
        }
        if len({tuple(windows) for windows in shares.values()}) <= 1:
            windows = next(iter(shares.values()), _lacking(block, whole, of_all, now))
            found.append((min((reached[asks, name] for name in shares), default=_NEVER), query, windows))
            continue
        for name, windows in shares.items():
            found.append((reached[asks, name], query, [window._replace(listing=name) for window in windows]))
    in_turn = sorted(found, key=lambda share: share[0])
    return [(query, windows) for _, query, windows in in_turn if windows]


def _lacking(block: AskedSource, whole: Window, known: list[Window], now: datetime) -> list[Window]:
    """Return the gaps of a window, and its latest stretch again for as long as posts surface there."""
    overlap = timedelta(hours=block.overlap_hours)
    latest = max((window.until for window in known if window.until <= whole.until), default=None)
    again = [Window(max(whole.since, latest - overlap), whole.until)] if latest is not None else []
    if whole.until < now - overlap and latest == whole.until:
        again = []  # the window ended long ago: no post surfaces there any more
    return _joined([*_gaps(whole, known), *(window for window in again if window.since < window.until)])


def _last_reached(manifests: Iterable[Manifest]) -> Mapping[tuple[str, str], datetime]:
    """Return when each listing was last answered at all."""
    last: defaultdict[tuple[str, str], datetime] = defaultdict(lambda: _NEVER)
    for manifest in manifests:
        for query in manifest.queries:
            for reach in query.windows:
                if reach.answered_from is not None or reach.is_closed:
                    last[query.asks, reach.listing] = max(last[query.asks, reach.listing], manifest.landed_at)
    return last


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
