"""Comments that are looked for by words and by what is known of them: those of a page, and counts of all of them.

Everything is found, counted and ordered within what somebody may read (`Reach`): no figure here is made of a comment
beyond it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal

import duckdb

from wordround.published.comment_index import COMMENTS, CRITICAL_THEMES, THEMES
from wordround.published.database import rows
from wordround.published.search_words import EVERYTHING, SearchWords

Order = Literal["newest", "critical"]
Sentiment = Literal["negative", "neutral", "positive"]

MOST_PAIRS = 15


@dataclass(frozen=True)
class Reach:
    """Whose comments somebody may read. `services`: ids, or None for all of them."""

    services: tuple[str, ...] | None
    with_posts: bool

    def includes(self, service_id: str, is_social: bool | None) -> bool:
        """Whether a comment is within it; one of a source that nobody knows to be none of posts is taken for a post."""
        return (self.services is None or service_id in self.services) and (self.with_posts or is_social is False)


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
    """Look for comments. `page` counts from 1; one after the last is the last. The connection has their index."""
    wanted = _wanted(connection, asked, reach)
    connection.execute(_COUNTED.format(conditions=wanted.conditions), wanted.values)
    (count,) = connection.execute("select coalesce(sum(comment_count), 0)::bigint from counted").fetchone() or (0,)
    page = max(1, min(page, -(-count // size)))
    return Found(
        comment_count=count,
        comments=_comments(connection, wanted, order, size, (page - 1) * size),
        sentiments=rows(connection, _SENTIMENTS, Counted),
        themes=rows(connection, _THEMES, Counted),
        services=rows(connection, _SERVICES, Counted),
        pairs=rows(connection, _PAIRS, ThemePair, MOST_PAIRS),
    )


def listed(
    connection: duckdb.DuckDBPyConnection, asked: Asked, reach: Reach, order: Order, most: int
) -> list[FoundComment]:
    """The first `most` of the same comments."""
    return _comments(connection, _wanted(connection, asked, reach), order, most, 0)


def critical_themes(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What the themes are called that come first among the most critical, as far as the frames have them."""
    found = connection.execute(
        "select theme_label from marts.dim_themes where list_contains($codes, theme_code) order by sort_order",
        {"codes": list(CRITICAL_THEMES)},
    )
    return [label for (label,) in found.fetchall()]


@dataclass(frozen=True)
class _Wanted:
    """What comments of the index must be, and the parameters of that."""

    conditions: str
    values: dict[str, Any]


def _wanted(connection: duckdb.DuckDBPyConnection, asked: Asked, reach: Reach) -> _Wanted:
    """Return what is wanted. Where words are, they are read here, of comments that are all else that is asked."""
    parts = list(_conditions(asked, reach)) or [("true", {})]
    conditions = "\n    and ".join(condition for condition, _ in parts)
    values = {name: value for _, parameters in parts for name, value in parameters.items()}
    if asked.words == EVERYTHING:
        return _Wanted(conditions, values)
    query = _WITH_WORDS.format(conditions=conditions, words=asked.words.condition)
    connection.execute(query, values | dict(asked.words.parameters))
    return _Wanted("indexed.place in (select with_words.place from with_words)", {})


def _conditions(asked: Asked, reach: Reach) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a comment must be, its words apart, each with its parameters."""
    if not reach.with_posts:
        yield "not indexed.is_post", {}
    if reach.services is not None:
        yield "list_contains($services, indexed.service_id::varchar)", {"services": list(reach.services)}
    for column, value in (
        ("service_id", asked.service_id), ("sentiment_label", asked.sentiment), ("source_code", asked.source_code),
        ("fft_score", asked.score),
    ):  # fmt: skip
        if value is not None:
            yield f"indexed.{column} = ${column}", {column: value}
    if asked.first is not None:
        yield "indexed.posted_date >= $first", {"first": asked.first}
    if asked.last is not None:
        yield "indexed.posted_date <= $last", {"last": asked.last}
    if asked.theme_code is not None:
        yield _OF_THEME, {"theme": asked.theme_code}


def _comments(
    connection: duckdb.DuckDBPyConnection, wanted: _Wanted, order: Order, most: int, skipped: int
) -> list[FoundComment]:
    """The comments of a page with their words, which are read for these alone."""
    query = _PLACES.format(conditions=wanted.conditions, order=_ORDERS[order])
    asked = {**wanted.values, "most": most, "skipped": skipped}
    places = [place for (place,) in connection.execute(query, asked).fetchall()]
    return rows(connection, _OF_PLACES, FoundComment, places=places) if places else []


_OF_THEME = f"""indexed.theme_set in (
        select sets.theme_set
        from {THEMES} as sets
        where list_contains(sets.theme_codes, $theme) or list_contains(sets.major_codes, $theme)
    )"""

_WITH_WORDS = f"""
create or replace temp table with_words as
select indexed.place
from {COMMENTS} as indexed
inner join marts.fct_comments as comments on indexed.place = comments.rowid
where
    {{conditions}}
    and {{words}}
"""

_COUNTED = f"""
create or replace temp table counted as
select
    indexed.service_id,
    indexed.sentiment_label,
    indexed.theme_set,
    count(*) as comment_count
from {COMMENTS} as indexed
where
    {{conditions}}
group by all
"""

_PLACES = f"""
select indexed.place
from {COMMENTS} as indexed
inner join {THEMES} as sets on indexed.theme_set = sets.theme_set
where
    {{conditions}}
order by {{order}}
limit $most offset $skipped
"""

_OF_PLACES = f"""
with places as (
    select
        unnest($places) as place,
        generate_subscripts($places, 1) as number
)

select
    comments.comment_id,
    comments.service_id,
    comments.week_date,
    comments.posted_date,
    comments.question_type,
    comments.comment_text,
    comments.fft_score_label,
    comments.sentiment_label,
    comments.sentiment_grade,
    services.service_label,
    sources.source_label,
    sets.theme_labels
from marts.fct_comments as comments
inner join places on comments.rowid = places.place
inner join {COMMENTS} as indexed on places.place = indexed.place
inner join {THEMES} as sets on indexed.theme_set = sets.theme_set
inner join marts.dim_services as services on comments.service_id = services.service_id
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
order by places.number
"""

_NEWEST = "indexed.listed_date desc, indexed.place"
_ORDERS: dict[Order, str] = {
    "newest": _NEWEST,
    "critical": f"""
        coalesce(indexed.sentiment_label = 'negative', false) desc,
        sets.is_critical desc,
        case when indexed.sentiment_label = 'negative' then indexed.sentiment_probability end desc nulls last,
        {_NEWEST}
    """,
}

_SENTIMENTS = """
select
    coalesce(sentiment_label::varchar, 'none') as code,
    coalesce(sentiment_label::varchar, 'not read') as label,
    sum(comment_count)::bigint as comment_count
from counted
group by sentiment_label
order by sentiment_label::varchar nulls last
"""

_SETS = f"""
with combinations as (
    select
        sets.major_codes,
        sum(counted.comment_count) as comment_count
    from counted
    inner join {THEMES} as sets on counted.theme_set = sets.theme_set
    group by sets.major_codes
)"""

_THEMES = f"""
{_SETS},

spoken as (
    select
        comment_count,
        unnest(major_codes) as theme_code
    from combinations
)

select
    themes.theme_code as code,
    themes.theme_label as label,
    sum(spoken.comment_count)::bigint as comment_count
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
    sum(counted.comment_count)::bigint as comment_count
from counted
inner join marts.dim_services as services on counted.service_id::varchar = services.service_id
group by all
order by comment_count desc, label, code
"""

_PAIRS = f"""
{_SETS},

firsts as (
    select
        comment_count,
        major_codes,
        unnest(major_codes) as theme_code
    from combinations
    where len(major_codes) > 1
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
