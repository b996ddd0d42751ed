{{ config(materialized='table') }}

-- What the rule that decides counts: comments that have a label and the negative ones among them, by service, week and
-- source. Who writes ten times in a week is one voice, which is negative where most of its comments are. Weeks that are
-- not over, and those of which the source has not brought everything, are left out: what is missing is not low.
with voices as (
    select
        comment_id,
        author_key
    from {{ ref('stg_raw__comments') }}
    where author_key is not null
),

comments as (
    select
        comments.service_id,
        comments.trust_code,
        comments.week_date,
        comments.source_code,
        comments.sentiment_label = 'negative' as is_negative,
        voices.author_key
    from {{ ref('fct_comments') }} as comments
    inner join {{ ref('int_weeks_spanned') }} as weeks on comments.week_date = weeks.week_date and weeks.is_over
    left join voices on comments.comment_id = voices.comment_id
    where comments.is_counted and comments.sentiment_label is not null
),

said as (
    select
        service_id,
        trust_code,
        week_date,
        source_code,
        count(*) as comment_count,
        count_if(is_negative) as negative_count
    from comments
    where author_key is null
    group by service_id, trust_code, week_date, source_code
    union all
    select
        service_id,
        trust_code,
        week_date,
        source_code,
        1 as comment_count,
        (avg(is_negative::integer) > 0.5)::integer as negative_count
    from comments
    where author_key is not null
    group by service_id, trust_code, week_date, source_code, author_key
)

select
    said.service_id,
    said.trust_code,
    said.week_date,
    said.source_code,
    sum(said.comment_count)::integer as comment_count,
    sum(said.negative_count)::integer as negative_count
from said
anti join {{ ref('int_source_weeks_awaited') }} as awaited
    on said.source_code = awaited.source_code and said.week_date = awaited.week_date
group by said.service_id, said.trust_code, said.week_date, said.source_code
