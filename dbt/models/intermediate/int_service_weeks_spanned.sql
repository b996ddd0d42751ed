{{ config(materialized='table') }}

-- Every week of every service, from its first to the last week of its trust: a week without comments is a week with
-- n = 0, and a service that has fallen silent shows as silence.
with services as (
    select * from {{ ref('int_services_observed') }}
),

spans as (
    select
        service_id,
        trust_code,
        first_week_date,
        max(last_week_date) over (partition by trust_code) as last_week_date
    from services
),

weeks as (
    select
        service_id,
        trust_code,
        unnest(generate_series(first_week_date, last_week_date, interval 7 day))::date as week_date
    from spans
)

select * from weeks
