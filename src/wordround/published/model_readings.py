"""What the model read in comments, theme by theme: what somebody may say is wrong, and whose comments they are."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

import duckdb

from wordround.published.comment_index import OF_IDS, READABLE, THEMES_OF_IDS
from wordround.published.database import rows


@dataclass(frozen=True)
class ReadTheme:
    """A theme that a comment speaks of, as the model read it, and how it speaks of it."""

    TABLE: ClassVar = "marts.fct_comment_themes"

    comment_id: str
    frame_code: str
    theme_code: str
    theme_label: str
    polarity: str


@dataclass(frozen=True)
class ModelReading:
    """What the model read in a comment as a whole, where the comment comes from, and which version read it."""

    TABLE: ClassVar = "marts.fct_comments"

    comment_id: str
    service_id: str
    is_social: bool | None
    sentiment_label: str | None
    model_version: str | None


_READ = f"""
select
    comments.comment_id,
    comments.service_id,
    comments.sentiment_label,
    comments.model_version,
    sources.is_social
from marts.fct_comments as comments
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
where {READABLE} and comments.labelled_by = 'learned' and {OF_IDS}
"""

_THEMES = f"""
select
    spoken.comment_id,
    spoken.frame_code,
    spoken.theme_code,
    spoken.polarity,
    themes.theme_label
from marts.fct_comment_themes as spoken
inner join marts.dim_themes as themes on spoken.theme_code = themes.theme_code
where {THEMES_OF_IDS}
order by themes.sort_order
"""


def read_by_the_model(
    connection: duckdb.DuckDBPyConnection, ids: Collection[str]
) -> dict[str, tuple[ModelReading, list[ReadTheme]]]:
    """Those of these comments that may be read and that the model read, by id, each with its themes.

    What people have settled is not the model's, and is left out. The connection has the index of its comments.
    """
    if not ids:
        return {}
    themes = defaultdict[str, list[ReadTheme]](list)
    for theme in rows(connection, _THEMES, ReadTheme, ids=sorted(ids)):
        themes[theme.comment_id].append(theme)
    found = rows(connection, _READ, ModelReading, ids=sorted(ids))
    return {each.comment_id: (each, themes[each.comment_id]) for each in found}
