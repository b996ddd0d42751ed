"""What a report reads of its weeks beside the figures of each, added up before it leaves the database.

Themes of as many weeks before, where the comments of each service come from, and what was written in public.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Protocol, TypeVar

import duckdb

from wordround.published.database import rows
from wordround.published.tables import ThemeCount


class _OfService(Protocol):
    @property
    def service_id(self) -> str: ...


OfService = TypeVar("OfService", bound=_OfService)


@dataclass(frozen=True)
class ServiceSource:
    """How many comments of one service came from one source."""

    TABLE: ClassVar = "marts.fct_comments"

    service_id: str
    source_code: str
    source_label: str
    comment_count: int


@dataclass(frozen=True)
class PublicPosts:
    """What was found at one source that is read in public: posts, and which of them are counted and why others not.

    `week_count`: of `counted_count`, those of the report's week.
    """

    TABLE: ClassVar = "marts.fct_comments"

    source_label: str
    counted_count: int
    copy_count: int
    not_about_care_count: int
    week_count: int


@dataclass(frozen=True)
class Spoken:
    """How many comments from one side, public posts or all others, are on one minor theme; `all_count`: of how many."""

    TABLE: ClassVar = "marts.fct_comments"

    is_social: bool
    theme_code: str
    theme_label: str
    comment_count: int
    all_count: int


@dataclass(frozen=True)
class Quarter:
    """The weeks of a report: by service, themes of the weeks before and sources; public posts, and what each side said.

    `year_before`: themes of the same period a year before, of a report on a month or a quarter.
    """

    before: dict[str, list[ThemeCount]] = field(default_factory=dict)
    year_before: dict[str, list[ThemeCount]] = field(default_factory=dict)
    sources: dict[str, list[ServiceSource]] = field(default_factory=dict)
    posts: list[PublicPosts] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)


def read(
    connection: duckdb.DuckDBPyConnection,
    themes: str,
    before: tuple[date, date],
    recent: tuple[date, date],
    year_before: tuple[date, date] | None = None,
) -> Quarter:
    """Read these weeks. themes: the query of themes between two weeks; the others: first and last week of a span."""
    return Quarter(
        before=by_service(rows(connection, themes, ThemeCount, *before)),
        year_before=by_service(rows(connection, themes, ThemeCount, *year_before)) if year_before else {},
        sources=by_service(rows(connection, _SOURCES, ServiceSource, *recent)),
        posts=rows(connection, _POSTS, PublicPosts, recent[1], *recent),
        spoken=rows(connection, _SPOKEN, Spoken, *recent),
    )


def by_service(found: Sequence[OfService]) -> dict[str, list[OfService]]:
    """Return rows by the service that they are of, in their order."""
    grouped: dict[str, list[OfService]] = {}
    for row in found:
        grouped.setdefault(row.service_id, []).append(row)
    return grouped


_SOURCES = """
select
    comments.service_id,
    sources.source_code,
    sources.source_label,
    count(*)::integer as comment_count
from marts.fct_comments as comments
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
where comments.is_counted and comments.week_date between ? and ?
group by comments.service_id, sources.source_code, sources.source_label
order by comments.service_id, comment_count desc, sources.source_label
"""

_POSTS = """
select
    sources.source_label,
    count_if(comments.is_counted)::integer as counted_count,
    count_if(comments.is_about_care and comments.is_copy)::integer as copy_count,
    count_if(not coalesce(comments.is_about_care, false))::integer as not_about_care_count,
    count_if(comments.is_counted and comments.week_date = ?)::integer as week_count
from marts.fct_comments as comments
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
where sources.is_social and comments.week_date between ? and ?
group by sources.source_label
order by counted_count desc, sources.source_label
"""

# Minor themes of patient experience: a major one is spoken of on either side.
_SPOKEN = """
with comments as (
    select
        comments.theme_codes,
        coalesce(sources.is_social, false) as is_social
    from marts.fct_comments as comments
    inner join marts.dim_sources as sources on comments.source_code = sources.source_code
    where comments.is_counted and comments.week_date between ? and ?
),

totals as (
    select
        is_social,
        count(*)::integer as all_count
    from comments
    group by is_social
),

mentions as (
    select
        is_social,
        unnest(theme_codes) as theme_code
    from comments
)

select
    mentions.is_social,
    themes.theme_code,
    themes.theme_label,
    count(*)::integer as comment_count,
    any_value(totals.all_count) as all_count
from mentions
inner join totals on mentions.is_social = totals.is_social
inner join marts.dim_themes as themes on mentions.theme_code = themes.theme_code
where themes.frame_code = 'patient_experience' and themes.level = 'minor'
group by mentions.is_social, themes.theme_code, themes.theme_label
order by mentions.is_social, themes.theme_code
"""
