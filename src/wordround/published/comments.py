"""Published comments as people may read them one by one: de-identified, counted, and with the words still kept.

Posts on social media are known to whoever wrote them and can be found by their words: they are left out unless they are
asked for.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

import duckdb

from wordround.published.comment_index import OF_IDS, READABLE, THEME_LABELS
from wordround.published.database import rows
from wordround.published.tables import AlertEpisode


@dataclass(frozen=True)
class Comment:
    """One comment with its words; `theme_labels`: the major themes that it speaks of."""

    TABLE: ClassVar = "marts.fct_comments"

    comment_id: str
    service_id: str
    service_label: str
    source_label: str
    week_date: date
    question_type: str | None
    comment_text: str = field(repr=False)
    fft_score_label: str | None
    sentiment_label: str
    sentiment_grade: str | None
    theme_labels: tuple[str, ...]


SELECTED = f"""
select
    comments.*,
    services.service_label,
    sources.source_label,
    {THEME_LABELS} as theme_labels
from marts.fct_comments as comments
inner join marts.dim_services as services on comments.service_id = services.service_id
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
"""

_OF_EPISODE = f"""
{SELECTED}
where
    {READABLE}
    and (not coalesce(sources.is_social, true) or $with_posts)
    and ($service_id is null or comments.service_id = $service_id)
    and comments.trust_code = $trust_code
    and comments.week_date between $first and $last
    and if(
        $theme_code is null,
        comments.sentiment_label = $polarity,
        exists (
            select 1
            from marts.fct_comment_themes as spoken
            where
                spoken.comment_id = comments.comment_id
                and spoken.theme_code = $theme_code
                and spoken.polarity = $polarity
        )
    )
order by comments.week_date desc, comments.sentiment_probability desc, comments.comment_id
limit $most
"""


def of_episode(
    connection: duckdb.DuckDBPyConnection, alert: AlertEpisode, last: date, *, with_posts: bool, most: int
) -> list[Comment]:
    """The comments behind an episode, the newest first: those that criticise, or praise where it is an improvement.

    last: Monday of the last week that is read. At most `most`.
    """
    return rows(
        connection,
        _OF_EPISODE,
        Comment,
        service_id=alert.service_id,
        trust_code=alert.trust_code,
        theme_code=alert.theme_code,
        polarity="negative" if alert.direction == "concern" else "positive",
        first=alert.since_week_date,
        last=min(last, alert.closed_week_date or last),
        with_posts=with_posts,
        most=most,
    )


_BY_ID = f"""
{SELECTED}
where {READABLE} and {OF_IDS}
"""


def by_id(connection: duckdb.DuckDBPyConnection, ids: list[str]) -> dict[str, Comment]:
    """Those of these comments that may be read, by id, whatever their source. The connection has its index."""
    return {each.comment_id: each for each in rows(connection, _BY_ID, Comment, ids=ids)} if ids else {}
