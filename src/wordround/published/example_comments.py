"""Examples of one theme as people may read them one by one: those that the marts have named, de-identified."""

from collections.abc import Collection

import duckdb

from wordround.published.comment_index import READABLE
from wordround.published.comments import SELECTED, Comment
from wordround.published.database import rows

_OF_THEME = f"""
with named as (
    select
        comment_id,
        polarity,
        min(example_rank) as best_rank
    from marts.fct_theme_examples
    where theme_code in (select theme_code from marts.dim_themes where $theme_code in (theme_code, major_code))
    group by all
)

select found.*
from ({SELECTED} where {READABLE} and comments.comment_id in (select named.comment_id from named)) as found
inner join named on found.comment_id = named.comment_id
inner join marts.dim_sources as sources on found.source_code = sources.source_code
where
    named.polarity = $polarity
    and ($service_ids is null or list_contains($service_ids, found.service_id))
    and (not coalesce(sources.is_social, true) or $with_posts)
order by named.best_rank, found.week_date desc, found.comment_id
limit $most
"""


def of_theme(
    connection: duckdb.DuckDBPyConnection,
    theme_code: str,
    polarity: str,
    service_ids: Collection[str] | None,
    *,
    with_posts: bool,
    most: int,
) -> list[Comment]:
    """The best examples of a theme, or of those below it, that speak of it in one way; `service_ids` None: of all."""
    return rows(
        connection,
        _OF_THEME,
        Comment,
        theme_code=theme_code,
        polarity=polarity,
        service_ids=None if service_ids is None else sorted(service_ids),
        with_posts=with_posts,
        most=most,
    )
