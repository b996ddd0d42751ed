{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ delete_comments_listed_otherwise(this) }}"
) }}
{%- set those_not_listed = comments_attributed(comment_ids_not_listed(this)) %}

-- What most of the build asks of a comment, without its words and without who wrote it: made once, and not by each that
-- asks. Whoever needs the words asks int_comments_attributed.
with comments as (
    {% if is_incremental() %}
        select * from ({{ those_not_listed }})
    {% else %}
        select * from {{ ref('int_comments_attributed') }}
    {% endif %}
)

select
    ---------- ids
    comments.comment_id,
    comments.response_id,
    comments.text_id,
    comments.source_code,
    comments.service_id,
    comments.trust_code,
    comments.reshared_comment_id,

    ---------- strings
    comments.kind,
    comments.question_type,
    comments.location_1,
    comments.location_2,
    comments.location_3,
    comments.author_role,
    comments.origin_code,
    comments.collection_mode_code,
    comments.attributed_by,

    ---------- numerics
    comments.fft_score,

    ---------- booleans
    comments.is_ambiguous,

    ---------- dates
    comments.posted_at,
    comments.posted_date,
    comments.week_date,
    comments.updated_at,

    ---------- how it was made
    rules.rules_version
from comments
cross join {{ ref('int_rules_versioned') }} as rules
