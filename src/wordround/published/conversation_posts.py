"""The posts of a conversation: which are counted as what, and those that may be read by people who read comments."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import duckdb

from wordround.published.comments import SELECTED, Comment
from wordround.published.database import rows


@dataclass(frozen=True)
class OpenQuestion:
    """A question of a participant to which no host has replied."""

    began_at: datetime
    comment: Comment


_AT_ONCE = 20_000


class CountedPost(NamedTuple):
    """A post as it counts: a digest of all that figures count it as, and whether it has words of its own."""

    digest: str
    is_contribution: bool


@dataclass(frozen=True)
class ThemeExamples:
    """Posts that speak of a theme as a whole: some that criticise, and some that encourage or thank."""

    frame_code: str
    theme_label: str
    critical: list[Comment]
    encouraging: list[Comment]


def contributions_of(
    connection: duckdb.DuckDBPyConnection, conversation_id: str, comment_ids: Collection[str]
) -> set[str]:
    """Return those of these comments that a conversation counts."""
    found = connection.execute(_CONTRIBUTIONS, [conversation_id, list(comment_ids)])
    return {each for (each,) in found.fetchall()}


def counted_posts(connection: duckdb.DuckDBPyConnection, conversation_id: str) -> Iterator[tuple[str, CountedPost]]:
    """Yield the posts of a conversation by id, in its order, as figures count them.

    Not as to likes and views: they change from day to day, and no post is added or taken away by that.
    """
    # Part by part, so that a conversation of a million posts is never held whole.
    for (part,) in connection.execute(_PARTS, [conversation_id]).fetchall():
        found = connection.execute(_COUNTED, {"conversation_id": conversation_id, "part": part})
        while some := found.fetchmany(_AT_ONCE):
            yield from ((comment_id, CountedPost(digest, has_words)) for comment_id, digest, has_words in some)


def open_questions(
    connection: duckdb.DuckDBPyConnection, conversation_id: str, most: int
) -> tuple[list[OpenQuestion], int]:
    """Return the questions to which no host has replied and whose words are kept, the longest waiting first.

    And how many more wait: without words that may be shown, or beyond `most`.
    """
    waiting = dict(connection.execute(_WAITING, [conversation_id]).fetchall())
    found = rows(connection, _READABLE_OF, Comment, comment_ids=list(waiting))
    in_order = sorted(found, key=lambda each: (waiting[each.comment_id], each.comment_id))
    shown = [OpenQuestion(waiting[each.comment_id], each) for each in in_order[:most]]
    return shown, len(waiting) - len(shown)


def examples(
    connection: duckdb.DuckDBPyConnection, conversation_id: str, fits: Callable[[str], bool], most: int
) -> list[ThemeExamples]:
    """Return for each theme the clearest posts whose words may stand as an example (`fits`), `most` of each side."""
    named = connection.execute(_EXAMPLES, [conversation_id]).fetchall()
    ids = list({comment_id for *_, comment_id in named})
    found = {each.comment_id: each for each in rows(connection, _READABLE_OF, Comment, comment_ids=ids)}
    of_themes = []
    for (frame, label), those in groupby(named, key=lambda each: (each[0], each[1])):
        sides: dict[str, list[Comment]] = {"criticism": [], "encouragement": []}
        for _, _, side, comment_id in those:
            one = found.get(comment_id)
            if one and len(sides[side]) < most and fits(one.comment_text):
                sides[side].append(one)
        if any(sides.values()):
            of_themes.append(ThemeExamples(frame, label, sides["criticism"], sides["encouragement"]))
    return of_themes


_CONTRIBUTIONS = """
select comment_id from marts.fct_conversation_posts
where conversation_id = ? and is_contribution and list_contains(?, comment_id)
"""

# By how their ids begin, which are hexadecimal.
_PARTS = """
select distinct left(comment_id, 1) as part from marts.fct_conversation_posts where conversation_id = ? order by part
"""

_COUNTED = """
with spoken as (
    select comment_id, list_sort(list(distinct (frame_code, theme_code, polarity))) as themes
    from marts.fct_comment_themes where starts_with(comment_id, $part) group by comment_id
)
select
    posts.comment_id,
    md5(struct_pack(
        source := posts.source_code, kind := posts.participant_code, at := date_trunc('minute', posts.posted_at),
        speaks := comments.language,
        themes := spoken.themes, by_host := posts.is_host, contributes := posts.is_contribution,
        reshares := posts.is_reshare, copies := posts.is_copy, asks := threads.is_question,
        is_answered := threads.host_reply_count > 0, soon := ceil(threads.host_reply_minutes),
        -- Countries and links are those of contributions.
        country := case when posts.is_contribution then posts.country_code end,
        points_to := case when posts.is_contribution then posts.links_key end
    )::varchar),
    posts.is_contribution
from marts.fct_conversation_posts as posts
left join marts.fct_comments as comments on posts.comment_id = comments.comment_id
left join spoken on posts.comment_id = spoken.comment_id
left join marts.fct_conversation_threads as threads
    on posts.conversation_id = threads.conversation_id and posts.comment_id = threads.comment_id
where posts.conversation_id = $conversation_id and starts_with(posts.comment_id, $part)
order by posts.comment_id
"""

_WAITING = """
select comment_id, began_at from marts.fct_conversation_threads
where conversation_id = ? and is_question and not is_by_host and host_reply_count = 0
"""

# Whether it is about care does not matter: who asks waits for an answer.
_READABLE_OF = f"""
{SELECTED}
where
    list_contains($comment_ids, comments.comment_id)
    and comments.comment_text is not null and not coalesce(comments.is_withheld, false)
    and comments.sentiment_label is not null
"""

# In the order of frames and their themes, what most say first.
_EXAMPLES = """
select examples.frame_code, themes.theme_label, examples.side, examples.comment_id
from marts.fct_conversation_examples as examples
inner join marts.dim_themes as themes on examples.theme_code = themes.theme_code
where examples.conversation_id = ?
order by examples.frame_code, themes.sort_order, examples.theme_code, examples.side, examples.example_rank
"""
