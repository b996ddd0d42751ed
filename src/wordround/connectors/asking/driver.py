"""The driver: takes every source through its pages, windows, walls and failures, the same way.

It yields rows a page at a time and keeps an account of each query (accounts.py): what was asked of each of its
listings, and from which moment on the answer is whole. A listing is what can fail by itself: it does not stop the
others, and its rows from before the failure are kept.
"""

import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from wordround.comments import Comment
from wordround.connectors.asking.accounts import Cut, QueryAccount, Reach
from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Page, Request, Window
from wordround.connectors.asking.fetching import Fetcher, host_of
from wordround.connectors.blocks import Query
from wordround.errors import (
    AnswerBeyondLimits,
    AnswerUnreadable,
    BudgetSpent,
    ClosedSpace,
    SourceBusy,
    SourceDown,
    SourceRefused,
    TimeSpent,
)

FAILURES = (SourceRefused, SourceDown, SourceBusy, AnswerUnreadable, ClosedSpace)

_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, OSError, RecursionError)
_MOST_EMPTY_PAGES = 200
_MOST_FAILURES = 5  # of one server in a check for deletions, where each may concern one answer alone
_NEAR_THE_WALL = 0.9
_TICK = timedelta(seconds=1)
_MARGIN = timedelta(minutes=1)
# By so much the clocks of two machines may differ.
_CLOCKS_DIFFER = timedelta(minutes=5)


class _Seen(NamedTuple):
    """The rows of a listing so far; `position` counts those too that the source did not show."""

    position: int = 0
    newest_of_last_page: datetime | None = None
    oldest: datetime | None = None


class Driver:
    """Asks one source every open question."""

    def __init__(self, connector: Connector, fetcher: Fetcher) -> None:
        self.connector, self._fetcher = connector, fetcher
        self.accounts: list[QueryAccount] = []
        self.failures: list[str] = []
        self.notes: list[str] = []  # a budget that is spent is no failure: the trust set it
        self._limits, self._began = connector.block.limits, time.monotonic()
        self._asked: QueryAccount | None = None

    def hand_over(self, is_ended: bool) -> list[QueryAccount]:
        """Return the accounts of what was asked since the last time, at the end or while `collect` waits at a page.

        Where the run is killed afterwards, the next one asks for no more than the rest.
        """
        asked = None if is_ended else self._asked
        return [account.hand_over(is_asked=account is asked) for account in self.accounts]

    def collect(self, pending: Sequence[tuple[Query, Sequence[Window]]]) -> Generator[list[Item], None, None]:
        """Yield the rows of every listing, page by page. Look at `accounts` and `failures` afterwards."""
        accounts: dict[str, QueryAccount] = {}
        failed: dict[tuple[str, str], str] = {}
        ended: Cut | None = None
        for query, windows in pending:
            account = accounts.setdefault(query.id, QueryAccount(query))
            self.accounts = list(accounts.values())
            for window in windows:
                for listing, request in self.connector.listings(query, window).items():
                    reach = Reach(window._replace(listing=listing))
                    account.reaches.append(reach)
                    self._asked = account
                    if ended:
                        reach.cut = ended
                        continue
                    try:
                        yield from self._ask(account, reach, host_of(request), failed)
                    except BudgetSpent as error:
                        ended = reach.cut = "time" if isinstance(error, TimeSpent) else "budget"
                        self.notes.append(f"{type(error).__name__}: {error}")

    def gone(
        self, native_ids: Sequence[str], take: Callable[[list[Item]], object] = lambda _: None
    ) -> Generator[tuple[str, Sequence[str], set[str]], None, None]:
        """Yield (server, ids asked about, those of them that are deleted, hidden or withdrawn).

        `take` gets the posts that an answer shows whole. Raises the first error of fetching, after all other ids were
        asked about; BudgetSpent, and TimeSpent as that, at once.
        """
        account = QueryAccount(Query(id="deletions", phrases=("deletions",)))
        failed: Counter[str] = Counter()
        first: Exception | None = None
        checks = self.connector.checks(native_ids)
        while True:
            try:
                asked, request = next(checks)
            except StopIteration:
                break
            except FAILURES as error:  # what all requests together left open
                first = first or error
                break
            host = host_of(request)
            if failed[host] >= _MOST_FAILURES:
                continue
            self._stop_beyond_time()
            try:
                answer = self._fetcher.fetch(request, account)
                self._fetcher.settle(len(asked), account)
                gone = self._gone(asked, answer)
                take(self._still_there(asked, answer))
            except FAILURES as error:
                # A request about no post looks whether the server is one that can be believed.
                failed[host] += 1 if asked and not _is_everywhere(error) else _MOST_FAILURES
                first = first or error
                continue
            yield host, asked, gone
        if first:
            raise first

    def _ask(
        self, account: QueryAccount, reach: Reach, host: str, failed: dict[tuple[str, str], str]
    ) -> Generator[list[Item], None, None]:
        """Ask one listing. Where its server fails altogether, it is not asked for the query's others (`failed`)."""
        window = self._within_reach(reach)
        if window is None:
            return
        if reason := failed.get((account.query.id, host)):
            reach.error = reason
            return
        try:
            whole_from = yield from self._listing(account, reach, window)
        except FAILURES as error:
            reach.error = type(error).__name__
            if _is_everywhere(error):
                failed[account.query.id, host] = reach.error
            is_dead = isinstance(error, SourceDown) and error.is_unreachable
            if is_dead or isinstance(error, AnswerUnreadable):
                # Each attempt takes as long as patience lasts: what else is asked of this server is tried once.
                self._fetcher.doubted.add(host)
            hosts = {host_of(request) for request in self.connector.asks(account.query, window)}
            where = f" at {host}" if len(hosts) > 1 else ""
            self.failures.append(f"{reach.error}: query '{account.query.id}'{where}: {error}")
            return
        reach.answered_from = max(window.since, whole_from)

    def _within_reach(self, reach: Reach) -> Window | None:
        """Return the part of a window that the source answers. What it does not answer yet is left to the next run."""
        now = datetime.now(UTC)
        if self.connector.delay:
            # Sources are asked by the second: windows that meet on one ask for no post twice.
            answerable = (now - self.connector.delay).replace(microsecond=0)
            reach.window = reach.window._replace(until=min(reach.window.until, answerable))
            if reach.window.since >= reach.window.until:
                return None
        if self.connector.reach is None:
            return reach.window
        earliest = now - self.connector.reach + _MARGIN
        if reach.window.since >= earliest:
            return reach.window
        reach.cut = "window"
        return reach.window._replace(since=earliest) if reach.window.until > earliest else None

    def _listing(self, account: QueryAccount, reach: Reach, window: Window) -> Generator[list[Item], None, datetime]:
        """Page through one listing, and beyond its wall where it takes an earlier `until`.

        Returns the moment from which on it is whole.
        """
        until = window.until
        while True:
            asked = window._replace(until=until)
            (request,) = self.connector.listings(account.query, asked).values()
            seen, is_cut = yield from self._pages(account, reach, asked, request)
            wall = self.connector.wall
            if not is_cut and (wall is None or seen.position < wall * _NEAR_THE_WALL):
                return window.since
            earlier = _earlier(seen, until)
            if self.connector.newest_first or is_cut or earlier is None or earlier <= window.since:
                reach.cut = reach.cut or "wall"
                return seen.oldest or until
            until = earlier

    def _pages(
        self, account: QueryAccount, reach: Reach, window: Window, first: Request
    ) -> Generator[list[Item], None, tuple[_Seen, bool]]:
        """Page through one listing. Returns the rows so far, and whether the source hides more."""
        request: Request | None = first
        seen, empty, last_ids = _Seen(), 0, set[str]()
        pages = 0
        while request is not None:
            pages += 1
            self._stop_beyond_limits(pages)
            answer = self._fetcher.fetch(request, account)
            if pages == 1:
                _end_where_it_was_given(reach, answer)
            page = self._read(answer, Asked(account.query, window, request))
            priced = len(page.items) if page.priced_items is None else page.priced_items
            self._fetcher.settle(priced, account)
            newest, oldest = _span(page)
            ids = {item.native_id for item in page.items if isinstance(item, Comment)}
            # A page that repeats the last one is as empty as one without rows.
            empty = 0 if ids - last_ids else empty + 1
            last_ids = ids or last_ids
            if page.following == request or empty > _MOST_EMPTY_PAGES:
                raise AnswerUnreadable(f"{self.connector.name}: gives the same page for ever. Please report this.")
            account.memory |= page.remember
            kept = [item for item in page.items if _is_in(item, window)]
            account.take(kept)
            seen = _Seen(
                max(seen.position + len(page.items), page.position),
                newest or seen.newest_of_last_page,
                min(filter(None, (oldest, seen.oldest)), default=None),
            )
            whole_from = self._whole_from(seen)
            reach.answered_from = whole_from and max(reach.window.since, whole_from)
            # Afterwards: whoever takes the page may end here, and the account has it.
            if kept:
                yield kept
            if self.connector.newest_first and newest is not None and newest < window.since:
                return seen, False
            if page.is_cut:
                return seen, page.following is None
            request = page.following
        return seen, False

    def _stop_beyond_limits(self, pages: int) -> None:
        """Raise TimeSpent where a run has taken all its time, AnswerBeyondLimits where a listing has no end."""
        self._stop_beyond_time()
        if pages > self._limits.pages:
            raise AnswerBeyondLimits(
                f"{self.connector.name}: a listing has more than {self._limits.pages:,} pages (limits.pages). What it "
                "gave before is kept; ask for a shorter time, or raise the limit."
            )

    def _stop_beyond_time(self) -> None:
        """Raise TimeSpent where a run has taken all its time."""
        if time.monotonic() - self._began > self._limits.run_seconds:
            raise TimeSpent(
                f"{self.connector.name}: was asked for {self._limits.run_seconds:,} seconds, all that "
                "limits.run_seconds allows. The next run goes on from there."
            )

    def _whole_from(self, seen: _Seen) -> datetime | None:
        """Return the moment from which on a listing is whole if it ends here."""
        if self.connector.order == "strict":
            return seen.oldest and seen.oldest + self.connector.tick
        return seen.newest_of_last_page if self.connector.order == "loose" else None

    def _read(self, answer: Answer, asked: Asked) -> Page:
        if answer.is_unchanged:
            return Page([])
        try:
            page = self.connector.read(answer, asked)
        except _UNREADABLE as error:
            raise self._unreadable(error) from None
        if len(page.items) > self._limits.items:
            raise AnswerBeyondLimits(
                f"{self.connector.name}: a page has more than {self._limits.items:,} rows (limits.items). It was left "
                "out; raise the limit if the source is in order."
            )
        return page

    def _gone(self, asked: Sequence[str], answer: Answer) -> set[str]:
        if answer.is_unchanged:
            return set()
        try:
            return self.connector.gone(asked, answer)
        except _UNREADABLE as error:
            raise self._unreadable(error) from None

    def _still_there(self, asked: Sequence[str], answer: Answer) -> list[Item]:
        if answer.is_unchanged or answer.content is None or not (asked or self.connector.shows_unasked):
            return []
        try:
            return self.connector.still_there(asked, answer)
        except _UNREADABLE:
            return []  # what is gone was read all the same

    def _unreadable(self, error: Exception) -> AnswerUnreadable:
        return AnswerUnreadable(
            f"{self.connector.name}: answered something that it does not document ({type(error).__name__}). "
            "Please report this."
        )


def _end_where_it_was_given(reach: Reach, answer: Answer) -> None:
    """Let the first answer of a listing reach no further than its source's own clock.

    Where this machine's clock is ahead, days would count as answered that have not come yet, and never be asked for.
    A source whose clock stands still or is behind what it has answered before is not believed: it would be asked for
    the same without end.
    """
    given_at, window = answer.given_at, reach.window
    if given_at is not None and window.since < given_at < datetime.now(UTC) - _CLOCKS_DIFFER:
        reach.window = window._replace(until=min(window.until, given_at))


def _is_everywhere(error: Exception) -> bool:
    """Whether every other request to the same server would fail as well."""
    if isinstance(error, SourceRefused):
        return error.is_everywhere
    return isinstance(error, SourceDown | SourceBusy)


def moments_of(item: Item) -> list[datetime]:
    """Return when a row was written, edited and surfaced, as far as it is known."""
    if not isinstance(item, Comment):
        return []
    return [moment for moment in (item.posted_at, item.surfaced_at, item.edited_at) if moment]


def _is_in(item: Item, window: Window) -> bool:
    moments = moments_of(item)
    return not moments or any(window.since <= moment < window.until for moment in moments)


def _span(page: Page) -> tuple[datetime | None, datetime | None]:
    """Return the newest and the oldest moment of a page, by the source's own order."""
    if page.newest or page.oldest:
        return page.newest, page.oldest
    sorted_by = [
        moment
        for item in page.items
        if isinstance(item, Comment) and (moment := item.surfaced_at or item.edited_at or item.posted_at)
    ]
    return max(sorted_by, default=None), min(sorted_by, default=None)


def _earlier(seen: _Seen, until: datetime) -> datetime | None:
    """Return the next `until` beyond a wall. Pages may be out of order, and each step must lead further back."""
    for moment in (seen.newest_of_last_page, seen.oldest):
        if moment is not None and moment + _TICK < until:
            return moment + _TICK
    return None
