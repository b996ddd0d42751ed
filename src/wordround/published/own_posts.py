"""What the trust itself posted in the last year, and what that drew: by subject, by the time of day and by form."""

from dataclasses import dataclass
from typing import ClassVar

import duckdb

from wordround.published.database import rows


@dataclass(frozen=True)
class Drew:
    """Posts of one kind: how many, how many of them anybody answered, and their median of replies and of likes.

    `median_likes`: None where no source gives likes.
    """

    TABLE: ClassVar = "marts.fct_own_posts"

    label: str
    post_count: int
    answered_count: int
    median_replies: float
    median_likes: float | None


def by_subject(connection: duckdb.DuckDBPyConnection) -> list[Drew]:
    """Return what posts on each theme drew, most answered first; a post may have several."""
    return rows(connection, _BY_SUBJECT, Drew)


def by_time(connection: duckdb.DuckDBPyConnection) -> list[Drew]:
    """Return what posts drew by the time of day in London."""
    return rows(connection, _BY_TIME, Drew)


def by_form(connection: duckdb.DuckDBPyConnection) -> list[Drew]:
    """Return what posts drew that ask something, and those that do not."""
    return rows(connection, _BY_FORM, Drew)


_POSTS = """
with posts as (
    select *, greatest(coalesce(reply_count, 0), collected_reply_count) as replies from marts.fct_own_posts
    -- Answers to others are no subject of the trust's own.
    where kind != 'reply' and posted_at > (select max(posted_at) from marts.fct_own_posts) - interval 365 day
)
"""

_DREW = """
count(*)::integer as post_count, count_if(replies > 0)::integer as answered_count,
median(replies)::double as median_replies, median(like_count)::double as median_likes
"""

_BY_SUBJECT = f"""
{_POSTS}, spoken as (select *, unnest(if(len(major_codes) > 0, major_codes, [null])) as major_code from posts)
select coalesce(themes.theme_label, 'No theme') as label, {_DREW} from spoken
left join marts.dim_themes as themes on spoken.major_code = themes.theme_code
group by label order by answered_count / post_count desc, post_count desc, label
"""

_BY_TIME = f"""
{_POSTS}, parts as (select *, hour_of_day // 6 as part from posts)
select ['0:00 to 5:59', '6:00 to 11:59', '12:00 to 17:59', '18:00 to 23:59'][part + 1] as label, {_DREW} from parts
group by part order by part
"""

_BY_FORM = f"""
{_POSTS}
select if(is_question, 'Asks something', 'Asks nothing') as label, {_DREW} from posts
group by is_question order by is_question desc
"""
