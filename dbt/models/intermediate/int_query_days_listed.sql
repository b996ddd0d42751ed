-- How many listings of a query a day was asked of, and how many of them are answered whole for it. A listing (a server,
-- a place, a hashtag) fails by itself. One without a name is the query as a whole, as it was asked before listings had
-- names.
with days as (
    select * from {{ ref('int_query_days_spanned') }}
),

listings as (
    select
        source_code,
        query_id,
        listing,
        asked_from,
        asked_until,
        min(asked_from) over (partition by source_code, query_id, listing) as first_asked_from
    from {{ ref('stg_ops__query_runs') }}
),

asked as (
    select
        days.source_code,
        days.query_id,
        days.posted_date,
        days.due_until,
        listings.listing,
        greatest(days.due_from, min(listings.first_asked_from)) as due_from
    from days
    inner join listings
        on
            days.source_code = listings.source_code
            and days.query_id = listings.query_id
            and days.day_until > listings.asked_from
            and days.day_from < listings.asked_until
    where days.due_from < days.due_until
    group by
        days.source_code, days.query_id, days.posted_date, days.due_from, days.due_until, listings.listing
),

answered as (
    select distinct
        asked.source_code,
        asked.query_id,
        asked.posted_date,
        asked.listing
    from asked
    inner join {{ ref('int_query_spans_answered') }} as spans
        on
            asked.source_code = spans.source_code
            and asked.query_id = spans.query_id
            and spans.listing in (asked.listing, '')
            and asked.due_from >= spans.span_from
            and asked.due_until <= spans.span_until
),

named as (
    select
        asked.*,
        answered.listing is not null as is_answered
    from asked
    left join answered
        on
            asked.source_code = answered.source_code
            and asked.query_id = answered.query_id
            and asked.posted_date = answered.posted_date
            and asked.listing = answered.listing
    qualify
        asked.listing != ''
        or count(*) over (partition by asked.source_code, asked.query_id, asked.posted_date) = 1
)

select
    source_code,
    query_id,
    posted_date,
    count(*)::integer as listing_count,
    count_if(is_answered)::integer as answered_listing_count
from named
group by source_code, query_id, posted_date
