-- Posts with a tag of a conversation while it was on (number 0) and in the same hours of the days before, as many days
-- at a time as it lasted. Posts without words, such as reshares, are left out of all of them alike.
with conversations as (
    select
        *,
        greatest(1, ceil(date_diff('second', begins_at, ends_at) / 86400.0))::integer as length_days
    from {{ ref('stg_ops__conversations') }}
),

windows as (
    select
        conversation_id,
        query_id,
        number,
        ((begins_at at time zone 'Europe/London') - to_days(number * length_days)) at time zone 'Europe/London'
            as window_from,
        ((ends_at at time zone 'Europe/London') - to_days(number * length_days)) at time zone 'Europe/London'
            as window_until
    from (
        select
            *,
            unnest(generate_series(0, baseline_day_count // length_days))::integer as number
        from conversations
    )
),

counted as (
    select
        windows.conversation_id,
        windows.number,
        count(posts.comment_id)::integer as post_count
    from windows
    left join {{ ref('int_conversation_tagged') }} as tagged
        on
            windows.conversation_id = tagged.conversation_id
            and tagged.posted_at >= windows.window_from
            and tagged.posted_at < windows.window_until
    left join {{ ref('int_social_posts') }} as posts
        on tagged.comment_id = posts.comment_id and posts.text_id is not null
    group by windows.conversation_id, windows.number
),

days as (
    select
        conversation_id,
        query_id,
        number,
        unnest(
            generate_series(
                {{ london_day('window_from') }}::timestamp,
                {{ london_day("window_until - interval 1 microsecond") }}::timestamp,
                interval 1 day
            )
        )::date as posted_date
    from windows
),

-- Each source that was asked about the conversation has answered on each day of the window.
answered as (
    select
        days.conversation_id,
        days.number,
        count(distinct asked.source_code)::integer as source_count,
        coalesce(bool_and(coalesce(found.was_answered, false)), false) as is_covered
    from days
    left join (
        select distinct
            query_id,
            source_code
        from {{ ref('fct_query_days') }}
    ) as asked
        on days.query_id = asked.query_id
    left join {{ ref('fct_query_days') }} as found
        on
            asked.query_id = found.query_id
            and asked.source_code = found.source_code
            and days.posted_date = found.posted_date
    group by days.conversation_id, days.number
)

select
    counted.*,
    (answered.is_covered and answered.source_count > 0) as is_covered
from counted
inner join answered
    on counted.conversation_id = answered.conversation_id and counted.number = answered.number
