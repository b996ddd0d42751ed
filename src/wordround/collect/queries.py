"""Collecting answers: open questions go to a source through its connector and driver, and the answers to landing.

Answers from before a failure are landed. The account in the manifest says how far they reach, and the next run asks for
the rest. A batch is finished every so many rows, with the account so far: memory does not grow with the number of
pages, and a run that is killed costs no more than its last batch. Nothing is asked before the governance of the source
is complete. Outcomes hold counts and accounts, never text.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any, Literal

import httpx

from wordround.collect import coverage, permission
from wordround.collect.locking import source_lock
from wordround.collect.spending import Ledger
from wordround.collect.words import shown
from wordround.connectors import registry
from wordround.connectors.asking.contract import Connector, Item, Window
from wordround.connectors.asking.driver import Driver
from wordround.connectors.asking.fetching import Fetcher
from wordround.connectors.blocks import AskedSource, Query
from wordround.errors import ErasedMeanwhile, SettingsInvalid
from wordround.folders import documentation
from wordround.identity.pseudonyms import pseudonymiser
from wordround.land.batch import Batch
from wordround.land.manifests import Manifest, Moment, QueryRecord, WindowRecord, landed
from wordround.outcomes import Outcome
from wordround.progress import progress
from wordround.settings import Settings
from wordround.storage import storage

log = logging.getLogger(__name__)

# About 200 MB in memory; a day of most sources is one batch.
ROWS_PER_BATCH = 100_000
# Of a source that takes no dates: all its days are one listing, which is paged for hours.
_ROWS_OF_A_LISTING = 2_000

Days = tuple[date, date]


class QueryAnswered(Outcome):
    """What became of one query in a run; the fields of QueryRecord that may be stored anywhere."""

    windows: tuple[WindowRecord, ...]
    requests: int
    retries: int
    waited_seconds: float
    spent: float
    rows: int
    refused: Mapping[str, int]


class AnswersCollected(Outcome):
    """What a source answered: ids of batches, each query by its id, notes, and the failures."""

    source: str
    batches: tuple[str, ...]
    queries: Mapping[str, QueryAnswered]
    notes: tuple[str, ...]
    refused: tuple[str, ...]


class PlannedWindow(Outcome):
    """A stretch of time that a query would ask for."""

    since: Moment
    until: Moment


class PlannedQuery(Outcome):
    """What a query would ask for, in which windows, by which first requests (without secrets)."""

    query_id: str
    asks: str
    windows: tuple[PlannedWindow, ...]
    first_requests: tuple[str, ...]


class Cost(Outcome):
    """The price of a source, in its own unit."""

    unit: str
    per_item: float
    per_request: float


class Plan(Outcome):
    """What a run would ask and could cost, and what governance lacks. `at_most_today`: None means without limit."""

    source: str
    governance: tuple[str, ...]
    queries: tuple[PlannedQuery, ...]
    cost: Cost | Literal["free"]
    spent_today: float
    at_most_today: float | None


def collect(
    settings: Settings,
    source: str,
    logical_date: date,
    secrets: Mapping[str, str],
    days: Days | None = None,
    client: httpx.Client | None = None,
    block: AskedSource | None = None,
) -> AnswersCollected:
    """Ask a source its open questions, up to the end of the day, and land the answers.

    `days`: first and last day to ask for instead, answered before or not. `block`: how and what to ask in place of the
    settings' own; then nothing is landed where nothing is open. Raises GovernanceIncomplete, SettingsInvalid,
    AlreadyCollected.
    """
    permission.require(settings, source)
    with source_lock(settings, source):
        return _collect(settings, source, logical_date, secrets, days, client, block)


def _collect(
    settings: Settings,
    source: str,
    logical_date: date,
    secrets: Mapping[str, str],
    days: Days | None,
    client: httpx.Client | None,
    block: AskedSource | None,
) -> AnswersCollected:
    manifests = [manifest for manifest in landed(settings, source) if manifest.queries]
    connector = _connector(settings, source, secrets, manifests, block)
    now = datetime.now(UTC)
    pending = _pending(connector, manifests, logical_date, days, now)
    if block is not None and not pending:
        return AnswersCollected(source=source, batches=(), queries={}, notes=(), refused=())
    ledger = Ledger(settings, source, "asking")
    with Fetcher(connector, client, spent_today=ledger.spent, record=ledger.add, shown=shown) as fetcher:
        driver = Driver(connector, fetcher)
        landing = _Landing(settings, source, logical_date, driver)
        with storage(settings.landing), closing(driver.collect(pending)) as pages:
            landing.take(pages)
    return AnswersCollected(
        source=source,
        batches=tuple(manifest.batch_id for manifest in landing.manifests),
        queries={query_id: _answered(told) for query_id, told in landing.queries().items()},
        notes=tuple(driver.notes),
        refused=(*driver.failures, *landing.failures),
    )


def plan(
    settings: Settings, source: str, logical_date: date, secrets: Mapping[str, str], days: Days | None = None
) -> Plan:
    """Return what a run would ask and could cost, without asking."""
    manifests = [manifest for manifest in landed(settings, source) if manifest.queries]
    connector = _connector(settings, source, secrets, manifests)
    now = datetime.now(UTC)
    price, budget = connector.price, connector.block.budget
    spent = Ledger(settings, source, "asking").spent
    queries = tuple(
        PlannedQuery(
            query_id=query.id,
            asks=query.label,
            windows=tuple(PlannedWindow(since=window.since, until=window.until) for window in windows),
            first_requests=tuple(
                _shown(request.url, request.params, secrets)
                for window in windows
                for request in connector.listings(query, window).values()
            ),
        )
        for query, windows in _pending(connector, manifests, logical_date, days, now)
    )
    left = None if budget is None else max(0.0, budget - spent)
    cost = Cost(unit=price.unit, per_item=price.per_item, per_request=price.per_request) if price.unit else None
    return Plan(
        source=source,
        governance=tuple(f"{problem.key} {problem.says}" for problem in permission.problems(settings, source)),
        queries=queries,
        cost=cost or "free",
        spent_today=spent,
        at_most_today=left if cost else 0,
    )


def _connector(
    settings: Settings,
    source: str,
    secrets: Mapping[str, str],
    manifests: list[Manifest],
    asking: AskedSource | None = None,
) -> Connector:
    block, kind = asking or settings.sources.named(source), registry.connector(source)
    if kind is None or not isinstance(block, AskedSource):
        raise SettingsInvalid(f"{source}: is a source of files; it is not asked anything. Put files into its folder.")
    if not kind.terms.allows_derived_metrics and not getattr(block, "derived_metrics_accepted", False):
        raise SettingsInvalid(
            f"[sources.{source}]: its terms allow no sentiment or themes to be made of it without an agreement. "
            f"Nothing was asked; {documentation(f'sources/{source}.md')} says how it is accepted."
        )
    if not block.queries:
        raise SettingsInvalid(
            f"[sources.{source}] has no queries, so that there is nothing to ask: "
            f"{documentation(f'sources/{source}.md')} shows one."
        )
    queries = (query for manifest in manifests for query in manifest.queries)
    memory = {name: value for query in queries for name, value in query.memory.items()}
    return kind(block, settings.trust.code, secrets, memory)


def _pending(
    connector: Connector, manifests: list[Manifest], logical_date: date, days: Days | None, now: datetime
) -> list[tuple[Query, list[Window]]]:
    if days:
        return coverage.named(connector.block, *days, now)
    return coverage.pending(connector.block, manifests, logical_date, now, connector.listings)


class _Landing:
    """Lands pages in batches of bounded size; the last one carries the account of the queries."""

    def __init__(self, settings: Settings, source: str, logical_date: date, driver: Driver) -> None:
        self._settings, self._source, self._logical_date, self._driver = settings, source, logical_date, driver
        self._run = datetime.now(UTC).isoformat()
        self._most_rows = _ROWS_OF_A_LISTING if driver.connector.newest_first else ROWS_PER_BATCH
        self._told: list[QueryRecord] = []
        self.manifests: list[Manifest] = []
        self.failures: list[str] = []

    def take(self, pages: Iterator[list[Item]]) -> None:
        """Land every page. A comment that was erased meanwhile costs its batch, which the next run asks for again."""
        is_more = True
        with progress(f"Asking {self._source}", None) as advance:
            while is_more and not self.failures:
                try:
                    is_more = self._batch(pages, advance)
                except ErasedMeanwhile as error:
                    self.failures.append(f"ErasedMeanwhile: {error}")

    def _batch(self, pages: Iterator[list[Item]], advance: Any) -> bool:
        part = f"{self._run}{len(self.manifests)}"
        sha256 = hashlib.sha256(part.encode()).hexdigest()
        keys = pseudonymiser(self._settings)
        with Batch(self._settings, self._source, self._logical_date, sha256, self._source, keys) as batch:
            rows, is_more = 0, False
            for items in pages:
                batch.take(items)
                rows += len(items)
                advance(len(items))
                if rows >= self._most_rows:
                    is_more = True
                    break
            block = self._driver.connector.block
            told = tuple(
                QueryRecord.of(account, coverage.fingerprint(block, account.query))
                for account in self._driver.hand_over(is_ended=not is_more)
            )
            self.manifests.append(batch.finish(run_id=self._run, queries=told))
            self._told += told
        return is_more

    def queries(self) -> Mapping[str, list[QueryRecord]]:
        """Return what was told of each query, by its id."""
        found: dict[str, list[QueryRecord]] = {}
        for query in self._told:
            found.setdefault(query.query_id, []).append(query)
        return found


def _answered(queries: list[QueryRecord]) -> QueryAnswered:
    """Return what became of a query in a run, whose account may stand in several batches."""
    return QueryAnswered(
        windows=tuple(window for query in queries for window in query.windows),
        requests=sum(query.requests for query in queries),
        retries=sum(query.retries for query in queries),
        waited_seconds=round(sum(query.waited_seconds for query in queries), 3),
        spent=round(sum(query.spent for query in queries), 6),
        rows=sum(query.rows for query in queries),
        refused=dict(sum((Counter(query.refused) for query in queries), Counter[str]())),
    )


def _shown(url: str, params: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
    """Return a request as it may be shown: without secrets."""
    shown = str(httpx.URL(url, params=dict(params))) if params else url
    for secret in filter(None, secrets.values()):
        shown = shown.replace(secret, "***")
    return shown
