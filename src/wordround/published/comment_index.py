"""What comments are looked for by, their words apart: narrow tables in memory, made once of a publication.

Ids and codes are long texts and themes lists of them: of a million comments they take half a second to read. Here a
comment is its place in its table (`rowid`), a day and some small numbers. The database of the connection begins in
memory, with the publication attached to it and chosen.
"""

import duckdb

# Themes of care itself and of safety, of the frames that Wordround brings; a frame without them moves nothing up.
CRITICAL_THEMES = (
    "feeling_safe", "competence", "medication", "pain_management", "medication_and_pain", "cleanliness",
    "mental_health_act", "discharge", "lived_experience.risk", "lived_experience.crisis",
)  # fmt: skip

READABLE = """
comments.is_counted and not coalesce(comments.is_withheld, false) and comments.comment_text is not null
"""

# What the major themes of a comment are called.
THEME_LABELS = """
    coalesce(
        (
            select list(themes.theme_label order by themes.sort_order)
            from marts.dim_themes as themes
            where themes.frame_code = 'patient_experience' and list_contains(comments.major_codes, themes.theme_code)
        ),
        []
    )
"""

# One row per comment that may be read, whose service and source are known.
COMMENTS = "memory.main.comments_indexed"
# One row per set of themes of which a comment speaks, with what its major ones are called: few, beside comments.
THEMES = "memory.main.theme_sets"
# The places of rows of fct_comment_themes, by their comment.
_THEME_PLACES = "memory.main.theme_places"

# Joined: in a list, fifty thousand ids among a million comments took minutes. Two ids may have one hash.
_HASHES = "select hash(unnest($ids))"
OF_IDS = f"""
comments.rowid in (select indexed.place from {COMMENTS} as indexed where indexed.id_hash in ({_HASHES}))
and comments.comment_id in (select unnest($ids))
"""
THEMES_OF_IDS = f"""
spoken.rowid in (select places.place from {_THEME_PLACES} as places where places.id_hash in ({_HASHES}))
and spoken.comment_id in (select unnest($ids))
"""


def make(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables; those of a former call are made anew."""
    for code, listed in _CODES.items():
        connection.execute(f"drop type if exists memory.main.{code}")
        # A type has one value at least, each of them once and in order.
        values = f"select code from (select '' as code union {listed}) where code is not null order by code"
        connection.execute(f"create type memory.main.{code} as enum ({values})")
    connection.execute(_THEME_SETS, {"critical": list(CRITICAL_THEMES)})
    connection.execute(_COMMENTS)
    connection.execute(_PLACES)


_CODES = {
    "service_code": "select service_id from marts.dim_services",
    "source_code": "select source_code from marts.dim_sources",
    "sentiment": "select sentiment_label from marts.fct_comments",
}

_THEME_SETS = f"""
create or replace table {THEMES} as
select
    row_number() over ()::integer as theme_set,
    theme_codes,
    major_codes,
    coalesce(list_has_any(theme_codes, $critical), false) as is_critical,
    {THEME_LABELS} as theme_labels
from (select distinct theme_codes, major_codes from marts.fct_comments) as comments
"""

_COMMENTS = f"""
create or replace table {COMMENTS} as
select
    comments.rowid::uinteger as place,
    hash(comments.comment_id) as id_hash,
    comments.service_id::memory.main.service_code as service_id,
    comments.source_code::memory.main.source_code as source_code,
    comments.sentiment_label::memory.main.sentiment as sentiment_label,
    comments.sentiment_probability::float as sentiment_probability,
    comments.fft_score::utinyint as fft_score,
    coalesce(comments.posted_date, comments.week_date) as listed_date,
    comments.posted_date,
    spoken.theme_set,
    coalesce(sources.is_social, true) as is_post
from marts.fct_comments as comments
inner join marts.dim_services as services on comments.service_id = services.service_id
inner join marts.dim_sources as sources on comments.source_code = sources.source_code
inner join {THEMES} as spoken
    on
        comments.theme_codes is not distinct from spoken.theme_codes
        and comments.major_codes is not distinct from spoken.major_codes
where {READABLE}
"""

_PLACES = f"""
create or replace table {_THEME_PLACES} as
select
    hash(spoken.comment_id) as id_hash,
    spoken.rowid::uinteger as place
from marts.fct_comment_themes as spoken
"""
