{{ config(materialized='table') }}

-- What most of the build asks of a comment, without its words and without who wrote it: made once, and not by each that
-- asks. Whoever needs the words asks int_comments_attributed.
select
    ---------- ids
    comment_id,
    response_id,
    text_id,
    source_code,
    service_id,
    trust_code,
    reshared_comment_id,

    ---------- strings
    kind,
    question_type,
    location_1,
    location_2,
    location_3,
    author_role,
    origin_code,
    collection_mode_code,

    ---------- numerics
    fft_score,

    ---------- dates
    posted_at,
    posted_date,
    week_date,
    updated_at
from {{ ref('int_comments_attributed') }}
