{{ config(materialized='table') }}

-- Weeks of which a source has not brought everything: its files are still to come, or its queries were not answered on
-- most days. What is missing is not low: nothing is decided on it.
with weeks as (
    select * from {{ ref('int_weeks_spanned') }}
),

-- Sources that are asked every day: what they did not answer is in the coverage and keeps no week open.
arrivals as (
    select * from {{ ref('int_sources_arrived') }}
    where not is_asked
),

-- What came once, such as a survey of one autumn, is awaited only where nothing came more often.
awaited as (
    select arrivals.*
    from arrivals
    where
        arrivals.last_posted_date
        >= (select max(weeks.latest_date) from weeks) - {{ var('awaited_days') }}
        and (arrivals.is_brought_again or not (select bool_or(others.is_brought_again) from arrivals as others))
),

unanswered as (
    select
        source_code,
        date_trunc('week', posted_date)::date as week_date
    from {{ ref('fct_query_days') }}
    where not {{ is_conversation_query('query_id') }}
    group by source_code, date_trunc('week', posted_date)::date
    having avg(is_gap::integer) > 0.5
)

select
    awaited.source_code,
    weeks.week_date,
    'file' as awaited_kind
from weeks
inner join awaited on weeks.week_end_date > awaited.arrived_until_date
union all
select
    unanswered.source_code,
    weeks.week_date,
    'query' as awaited_kind
from weeks
inner join unanswered on weeks.week_date = unanswered.week_date
