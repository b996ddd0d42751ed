"""Comments that are looked for by words and by what is known of them: those of a page, and counts of all of them.

Everything is found, counted and ordered within what somebody may read (`Reach`): no figure here is made of a comment
beyond it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal

import duckdb

from wordround.published.comments import OF_IDS, READABLE, SELECTED
from wordround.published.database import rows
from wordround.published.search_words import EVERYTHING, SearchWords

Order = Literal["newest", "critical"]
Sentiment = Literal["negative", "neutral", "positive"]

MOST_PAIRS = 15
_FEW = 100  # ids that are looked for in a list sooner than they are joined

# Themes of care itself and of safety, of the frames that Wordround brings; a frame without them moves nothing up.
CRITICAL_THEMES = (
    "feeling_safe", "competence", "medication", "pain_management", "medication_and_pain", "cleanliness",
    "mental_health_act", "discharge", "lived_experience.risk", "lived_experience.crisis",
)  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """Whose comments somebody may read. `services`: ids, or None for all of them."""

    services: tuple[str, ...] | None
    with_posts: bool


@dataclass(frozen=True)
class Asked:
    """What is looked for; None, or no words, where anything will do. first, last: days on which it was posted."""

    words: SearchWords = EVERYTHING
    service_id: str | None = None
    theme_code: str | None = None
    sentiment: Sentiment | None = None
    source_code: str | None = None
    first: date | None = None
    last: date | None = None
    score: int | None = None


@dataclass(frozen=True)
class FoundComment:
    """One comment with its words; `theme_labels`: the major themes that it speaks of."""

    TABLE: ClassVar = "marts.fct_comments"

    comment_id: str
    service_id: str
    service_label: str
    source_label: str
    week_date: date
    posted_date: date | None
    question_type: str | None
    comment_text: str = field(repr=False)
    fft_score_label: str | None
    sentiment_label: str | None
    sentiment_grade: str | None
    theme_labels: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """A part of what was found, and how many comments; `code`: what it is asked for by."""

    TABLE: ClassVar = "what was found"

    code: str
    label: str
    comment_count: int


@dataclass(frozen=True)
class ThemePair:
    """Two themes of which the same comments speak, and how many do."""

    TABLE: ClassVar = "what was found"

    label: str
    other_label: str
    comment_count: int


@dataclass(frozen=True)
class Found:
    """What was found: the comments of one page, and counts of all."""

    comment_count: int
    comments: list[FoundComment] = field(repr=False)
    sentiments: list[Counted]
    themes: list[Counted]
    services: list[Counted]
    pairs: list[ThemePair]


def found(
    connection: duckdb.DuckDBPyConnection, asked: Asked, reach: Reach, order: Order, page: int, size: int
) -> Found:
    """Look for comments. `page` counts from 1; one after the last is the last. The connection keeps what it found."""
    _gather(connection, asked, reach)
    (count,) = connection.execute("select count(*) from found").fetchone() or (0,)
    page = max(1, min(page, -(-count // size)))
    return Found(
        comment_count=count,
        comments=_comments(connection, order, size, (page - 1) * size),
        sentiments=rows(connection, _SENTIMENTS, Counted),
        themes=rows(connection, _THEMES, Counted),
        services=rows(connection, _SERVICES, Counted),
        pairs=rows(connection, _PAIRS, ThemePair, MOST_PAIRS),
    )


def listed(
    connection: duckdb.DuckDBPyConnection, asked: Asked, reach: Reach, order: Order, most: int
) -> list[FoundComment]:
    """The first `most` of the same comments."""
    _gather(connection, asked, reach)
    return _comments(connection, order, most, 0)


def critical_themes(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What the themes are called that come first among the most critical, as far as the frames have them."""
    found = connection.execute(
        "select theme_label from marts.dim_themes where list_contains($codes, theme_code) order by sort_order",
        {"codes": list(CRITICAL_THEMES)},
    )
    return [label for (label,) in found.fetchall()]


def _gather(connection: duckdb.DuckDBPyConnection, asked: Asked, reach: Reach) -> None:
    """Keep what was found, without its words, for as long as the connection lasts."""
    conditions = [condition for condition, _ in _conditions(asked, reach)]
    values = {name: value for _, parameters in _conditions(asked, reach) for name, value in parameters.items()}
    connection.execute(_GATHERED.format(conditions="\n    and ".join(conditions)), values)


def _conditions(asked: Asked, reach: Reach) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a comment must be, cheapest first, each with its parameters."""
    yield READABLE, {"critical": list(CRITICAL_THEMES)}
    if not reach.with_posts:
        yield "not coalesce(sources.is_social, true)", {}
    if reach.services is not None:
        yield "list_contains($services, comments.service_id)", {"services": list(reach.services)}
    for column, value in (
        ("service_id", asked.service_id), ("sentiment_label", asked.sentiment), ("source_code", asked.source_code),
        ("fft_score", asked.score),
    ):  # fmt: skip
        if value is not None:
            yield f"comments.{column} = ${column}", {column: value}
    if asked.first is not None:
        yield "comments.posted_date >= $first", {"first": asked.first}
    if asked.last is not None:
        yield "comments.posted_date <= $last", {"last": asked.last}
    if asked.theme_code is not None:
        spoken = "list_contains(comments.theme_codes, $theme) or list_contains(comments.major_codes, $theme)"
        yield f"({spoken})", {"theme": asked.theme_code}
    yield asked.words.condition, dict(asked.words.parameters)


def _comments(connection: duckdb.DuckDBPyConnection, order: Order, most: int, skipped: int) -> list[FoundComment]:
    """The comments of a page with their words, which are read for these alone."""
    ids = [
        comment_id
        for (comment_id,) in connection.execute(
            f"select comment_id from found order by {_ORDERS[order]} limit $most offset $skipped",
            {"most": most, "skipped": skipped},
        ).fetchall()
    ]
    among = "list_contains($ids, comments.comment_id)" if len(ids) <= _FEW else OF_IDS
    read = rows(connection, f"{SELECTED} where {among}", FoundComment, ids=ids)
    by_id = {comment.comment_id: comment for comment in read}
    return [by_id[comment_id] for comment_id in ids]


_GATHERED = """
create or replace temp table found as
select
    comments.comment_id,
    comments.service_id,
    comments.posted_date,
    comments.week_date,
    comments.sentiment_label,
    comments.sentiment_probability,
    comments.major_codes,
    coalesce(list_has_any(comments.theme_codes, $critical), false) as is_critical
from marts.fct_comments as comments
inner join marts.dim_services as services on comments.service_id = services.service_id
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
where
    {conditions}
"""

_NEWEST = "coalesce(posted_date, week_date) desc, comment_id"
_ORDERS: dict[Order, str] = {
    "newest": _NEWEST,
    "critical": f"""
        coalesce(sentiment_label = 'negative', false) desc,
        is_critical desc,
        case when sentiment_label = 'negative' then sentiment_probability end desc nulls last,
        {_NEWEST}
    """,
}

_SENTIMENTS = """
select
    coalesce(sentiment_label, 'none') as code,
    coalesce(sentiment_label, 'not read') as label,
    count(*)::bigint as comment_count
from found
group by sentiment_label
order by sentiment_label nulls last
"""

_THEMES = """
with spoken as (
    select unnest(major_codes) as theme_code from found
)

select
    themes.theme_code as code,
    themes.theme_label as label,
    count(*)::bigint as comment_count
from spoken
inner join marts.dim_themes as themes on spoken.theme_code = themes.theme_code
where themes.frame_code = 'patient_experience'
group by all
order by comment_count desc, label
"""

_SERVICES = """
select
    services.service_id as code,
    services.service_label as label,
    count(*)::bigint as comment_count
from found
inner join marts.dim_services as services on found.service_id = services.service_id
group by all
order by comment_count desc, label, code
"""

_PAIRS = """
with combinations as (
    select
        major_codes,
        count(*) as comment_count
    from found
    where len(major_codes) > 1
    group by major_codes
),

firsts as (
    select
        comment_count,
        major_codes,
        unnest(major_codes) as theme_code
    from combinations
),

pairs as (
    select
        comment_count,
        theme_code,
        unnest(major_codes) as other_code
    from firsts
)

select
    themes.theme_label as label,
    others.theme_label as other_label,
    sum(pairs.comment_count)::bigint as comment_count
from pairs
inner join marts.dim_themes as themes on pairs.theme_code = themes.theme_code
inner join marts.dim_themes as others on pairs.other_code = others.theme_code
where
    themes.frame_code = 'patient_experience'
    and others.frame_code = 'patient_experience'
    and themes.sort_order < others.sort_order
group by all
order by comment_count desc, label, other_label
limit ?
"""
