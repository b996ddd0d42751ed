{{ config(materialized='table') }}

-- What the rule that decides counts: comments that have a label and the negative ones among them, by service, week
-- and source. Where a source tells voices apart, its comments count for as many as there are voices: who writes ten
-- times in a week is no ten people. What each voice says is not looked at. Weeks that are not over, and those of
-- which the source has not brought everything, are left out: what is missing is not low.
with comments as (
    select
        comments.comment_id,
        comments.service_id,
        comments.week_date,
        comments.source_code,
        comments.sentiment_label = 'negative' as is_negative,
        comments.comment_id in (
            select raw_comments.comment_id
            from {{ ref('stg_raw__comments') }} as raw_comments
            where raw_comments.author_key is not null
        ) as has_voice
    from {{ ref('fct_comments') }} as comments
    inner join {{ ref('int_weeks_spanned') }} as weeks on comments.week_date = weeks.week_date and weeks.is_over
    anti join {{ ref('int_source_weeks_awaited') }} as awaited
        on comments.source_code = awaited.source_code and comments.week_date = awaited.week_date
    where comments.is_counted and comments.sentiment_label is not null
),

voices as (
    select
        comments.service_id,
        comments.week_date,
        comments.source_code,
        count(distinct raw_comments.author_key) as voice_count
    from {{ ref('stg_raw__comments') }} as raw_comments
    inner join comments on (raw_comments.comment_id = comments.comment_id)
    where raw_comments.author_key is not null
    group by comments.service_id, comments.week_date, comments.source_code
),

counted as (
    select
        service_id,
        week_date,
        source_code,
        count_if(not has_voice) as comment_count,
        count_if(not has_voice and is_negative) as negative_count,
        count_if(has_voice) as voiced_count,
        count_if(has_voice and is_negative) as voiced_negative_count
    from comments
    group by service_id, week_date, source_code
),

weighed as (
    select
        counted.*,
        coalesce(voices.voice_count, 0) as voice_count,
        coalesce(voices.voice_count / nullif(counted.voiced_count, 0)::double, 0) as voice_weight
    from counted
    left join voices
        on
            counted.service_id = voices.service_id
            and counted.week_date = voices.week_date
            and counted.source_code = voices.source_code
)

select
    service_id,
    week_date,
    source_code,
    voice_weight,
    (comment_count + voice_count)::integer as comment_count,
    (negative_count + round(voiced_negative_count * voice_weight))::integer as negative_count
from weighed
