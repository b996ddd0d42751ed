{{ config(materialized='table') }}

-- Every week from the first to the last that any service has, and whether it is over: data of a later day have arrived,
-- or a source has brought all of it.
with span as (
    select
        min(first_week_date) as first_week_date,
        max(last_week_date) as last_week_date
    from {{ ref('int_services_observed') }}
),

weeks as (
    select unnest(generate_series(first_week_date, last_week_date, interval 7 day))::date as week_date
    from span
),

latest as (
    select greatest(
        (select max(posted_date) from {{ ref('int_comments_listed') }}),
        (select max(arrived_until_date) + 1 from {{ ref('int_sources_arrived') }})
    ) as latest_date
)

select
    weeks.week_date,
    weeks.week_date + 6 as week_end_date,
    latest.latest_date,
    weeks.week_date + 6 < latest.latest_date as is_over
from weeks
cross join latest
