-- What the trust itself posted in the last year, each post under all its subjects, and within each by its form and the
-- time of day. Answers of the trust's to others are no subject of its own.
with posts as (
    select *
    from {{ ref('fct_own_posts') }}
    where
        kind != 'reply'
        and posted_at > (select max(latest.posted_at) from {{ ref('fct_own_posts') }} as latest) - interval 365 day
),

spoken_of as (
    select
        *,
        unnest(
            list_concat(['all'], case when len(major_codes) > 0 then list_distinct(major_codes) else ['none'] end)
        ) as subject_code
    from posts
)

select
    comment_id,
    source_code,
    subject_code,
    drawn_reply_count,
    reaction_count,
    unnest(['all', 'form', 'day_part']) as split_code,
    unnest(['all', form_code, day_part_code]) as value_code
from spoken_of
