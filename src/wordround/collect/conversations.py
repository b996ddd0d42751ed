"""Collecting a conversation: every source that can be asked by hashtag is asked for its tags, in its days.

The question stands beside the source's own queries and has an id of its own in coverage, so that what was answered
whole is not asked again. The weeks of the conversation come first, then those of its baseline, backwards: each is
landed by itself. A source that fails stops no other; one that is not asked is named with the reason.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from pydantic import ValidationError

from wordround.collect import coverage, permission, queries
from wordround.connectors import registry
from wordround.connectors.asking.contract import Window
from wordround.connectors.blocks import AskedSource, ConversationQuery
from wordround.conversation_plans import LONDON, asked_by_hashtag
from wordround.conversations.declared import Declared
from wordround.errors import ConversationRefused, StorageFailed, WordroundError
from wordround.land.manifests import landed
from wordround.outcomes import Outcome
from wordround.settings import Settings

SEARCHES_CHOOSE = (
    "A search is no census: it favours popular and local posts and leaves others out. Counts are of what was found."
)

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# Posts of a live hour surface within minutes, and the nightly check takes over what changes afterwards.
_OVERLAP_HOURS = 1
# While it is on: a source that wants to be waited for is left to the next run.
_LIVE_PATIENCE_SECONDS, _LIVE_RUN_SECONDS = 60, 240
# A source may answer about nothing that is younger than half a minute.
_NOT_YET = timedelta(minutes=3)


class SourceCovered(Outcome):
    """What a source was asked for a conversation now, and how much of its days it has answered so far.

    `hours`, `hours_answered`: of all days asked about up to now, on average over its listings. `why_not_whole`: what
    ended answers that are not whole (`wall`, `window`, `budget`, `time`, or an error).
    """

    rows: int
    requests: int
    spent: float
    not_kept: Mapping[str, int]
    listings: int
    listings_whole: int
    hours: float
    hours_answered: float
    why_not_whole: tuple[str, ...]
    search_shows: str


class ConversationCollected(Outcome):
    """What came of collecting a conversation; `not_asked`: sources and why, `refused`: what failed."""

    conversation_id: str
    since: date
    until: date
    batches: tuple[str, ...]
    sources: Mapping[str, SourceCovered]
    not_asked: Mapping[str, str]
    caution: str = SEARCHES_CHOOSE
    notes: tuple[str, ...]
    refused: tuple[str, ...]


def collect(
    settings: Settings,
    conversation: Declared,
    secrets_of: Callable[[str], Mapping[str, str]],
    since: date | None = None,
    until: date | None = None,
    *,
    is_live: bool = False,
) -> ConversationCollected:
    """Ask every source that can be asked for a conversation, and land the answers.

    `since`, `until`: first and last day; without them from the first baseline day to the day on which it ends. Raises
    StorageFailed, and ConversationRefused where the last day comes first; what else goes wrong at a source stands in
    `refused`.
    """
    days = (since or conversation.first_day, until or conversation.last_day)
    if days[0] > days[1]:
        raise ConversationRefused(f"the first day {days[0]} is later than the last, {days[1]}.")
    if is_live:
        settings = _impatient(settings)
    not_asked = dict(_not_asked(settings, conversation))
    collected: dict[str, _OfSource] = {}
    for source in _wanted(conversation):
        if source in not_asked:
            continue
        try:
            block = _with_question(settings, source, conversation, is_live)
        except ValidationError as error:
            not_asked[source] = "; ".join(str(one["msg"]).removeprefix("Value error, ") for one in error.errors())
        else:
            parts = _parts(source, conversation, *days)
            collected[source] = _of_source(settings, source, block, parts, secrets_of)
    answers = [one for asked in collected.values() for one in asked.answers]
    nobody = () if collected else ("No source was asked; the reason stands beside each.",)
    return ConversationCollected(
        conversation_id=conversation.conversation_id,
        since=days[0],
        until=days[1],
        batches=tuple(batch for one in answers for batch in one.batches),
        sources={source: _covered(settings, source, asked, days) for source, asked in collected.items()},
        not_asked=not_asked,
        notes=tuple(dict.fromkeys(note for one in answers for note in one.notes)),
        refused=(*(wrong for asked in collected.values() for wrong in asked.refused), *nobody),
    )


class _OfSource(NamedTuple):
    """The block by which a source was asked, its answers to each part of the days, and what failed."""

    block: AskedSource
    began: datetime
    answers: list[queries.AnswersCollected]
    refused: list[str]


def _impatient(settings: Settings) -> Settings:
    """Return settings by which no run waits long for another one that collects the same source."""
    seconds = min(settings.environment.wait_seconds, _LIVE_PATIENCE_SECONDS)
    return settings.model_copy(
        update={"environment": settings.environment.model_copy(update={"wait_seconds": seconds})}
    )


def _wanted(conversation: Declared) -> Iterator[str]:
    """Yield the sources of a conversation that can be asked by hashtag: those it names, else every social one."""
    for source in asked_by_hashtag():
        if source in conversation.sources or (not conversation.sources and registry.terms()[source].is_social):
            yield source


def _not_asked(settings: Settings, conversation: Declared) -> Iterator[tuple[str, str]]:
    """Yield the sources that are not asked, each with the reason; of those that have no block, those that could be."""
    wanted = set(_wanted(conversation))
    for source, kind in registry.blocks().items():
        if not issubclass(kind, AskedSource):
            continue
        is_known = source in settings.sources.known()
        if source not in wanted:
            if is_known and "hashtags" not in kind.answers_to:
                yield source, f"cannot be asked by hashtag, only by {' or '.join(kind.answers_to)}"
            elif is_known:
                yield source, "is none of the sources of this conversation"
        elif not is_known:
            yield source, f"is not set up: [sources.{source}] is not in the settings file"
        elif source in settings.sources.unfinished():
            yield source, f"its block is not finished:\n{settings.sources.unfinished()[source]}"
        elif not settings.sources.named(source).enabled:
            yield source, f"is switched off: [sources.{source}] enabled = false"
        elif problems := permission.problems(settings, source):
            lacking = ", ".join(problem.key for problem in problems)
            yield source, f"its governance is not complete or contradicts itself: {lacking}"


def _with_question(settings: Settings, source: str, conversation: Declared, is_live: bool) -> AskedSource:
    """Return the block of a source with the question for the tags alone. Raises ValidationError where it takes none."""
    block = settings.sources.named(source)
    assert isinstance(block, AskedSource)  # noqa: S101 - for the type checker
    question = ConversationQuery(id=conversation.query_id, hashtags=conversation.tags)
    # Beside its own queries, as if it stood in the settings: whatever they may not ask it may not either.
    type(block).model_validate(block.model_dump(exclude_unset=True) | {"queries": (*block.queries, question)})
    changes: dict[str, Any] = {"queries": (question,), "overlap_hours": min(block.overlap_hours, _OVERLAP_HOURS)}
    if is_live:
        seconds = min(block.limits.run_seconds, _LIVE_RUN_SECONDS)
        changes["limits"] = block.limits.model_copy(update={"run_seconds": seconds})
        changes["patience_seconds"] = min(block.patience_seconds, _LIVE_PATIENCE_SECONDS)
    return block.model_copy(update=changes)


def _parts(source: str, conversation: Declared, first: date, last: date) -> Iterator[queries.Days]:
    """Yield the days in parts: the weeks of the conversation to the last day, then those before it, backwards.

    In one part where a source takes no dates: each would be paged back to from today.
    """
    kind = registry.connector(source)
    if kind is None or kind.newest_first:
        yield first, last
        return
    day = start = min(max(first, conversation.begins_at.astimezone(LONDON).date()), last)
    while day <= last:
        yield day, min(last, day + _WEEK - _DAY)
        day += _WEEK
    while start > first:
        until = start - _DAY
        start = max(first, start - _WEEK)
        yield start, until


def _of_source(
    settings: Settings,
    source: str,
    block: AskedSource,
    parts: Iterable[queries.Days],
    secrets_of: Callable[[str], Mapping[str, str]],
) -> _OfSource:
    """Ask one source for what is open of each part, until one fails or is cut short: the next run goes on there."""
    asked = _OfSource(block, datetime.now(UTC), [], [])
    for first, last in parts:
        (question,) = block.queries
        of_part = question.model_copy(update={"since": first, "until": last})
        asking = block.model_copy(update={"queries": (of_part,), "since": first})
        today = asked.began.astimezone(LONDON).date()
        try:
            answers = queries.collect(settings, source, today, secrets_of(source), block=asking)
        except StorageFailed:
            raise
        except WordroundError as error:
            asked.refused.append(f"{source}: {type(error).__name__}: {error}")
            break
        asked.answers.append(answers)
        asked.refused.extend(answers.refused)
        if answers.refused or answers.notes:
            break
    return asked


def _covered(settings: Settings, source: str, asked: _OfSource, days: queries.Days) -> SourceCovered:
    """Return what was asked now and, from all manifests, how much of the days is answered."""
    asks = coverage.fingerprint(asked.block, asked.block.queries[0])
    whole = Window(coverage.midnight(days[0]), min(asked.began, coverage.midnight(days[1] + timedelta(days=1))))
    length = max(timedelta(), whole.until - whole.since)
    listings = coverage.standings(landed(settings, source), asks, whole).values()
    records = [query for answers in asked.answers for query in answers.queries.values()]
    answered = sum((one.answered for one in listings), timedelta()) / max(1, len(listings))
    return SourceCovered(
        rows=sum(record.rows for record in records),
        requests=sum(record.requests for record in records),
        spent=round(sum(record.spent for record in records), 6),
        not_kept=dict(sum((Counter(record.refused) for record in records), Counter[str]())),
        listings=len(listings),
        listings_whole=sum(length - one.answered <= _NOT_YET for one in listings),
        hours=_hours(length),
        hours_answered=_hours(answered),
        why_not_whole=tuple(sorted(set().union(*(one.why_not_whole for one in listings)))),
        search_shows=registry.terms()[source].search_shows,
    )


def _hours(length: timedelta) -> float:
    return round(length.total_seconds() / 3600, 1)
