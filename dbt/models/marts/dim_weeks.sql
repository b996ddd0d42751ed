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
        (select max(posted_date) from {{ ref('int_comments_located') }}),
        (select max(logical_date) from {{ ref('stg_ops__batches') }})
    ) as latest_date
),

described as (
    select
        ---------- ids
        weeks.week_date,

        ---------- strings
        strftime(weeks.week_date, '%G-W%V') as week_label,
        {{ month_of_week('weeks.week_date') }} as month_code,

        ---------- numerics
        isoyear(weeks.week_date)::integer as iso_year,
        week(weeks.week_date)::integer as iso_week,

        ---------- booleans
        weeks.week_date + 6 < latest.latest_date as is_complete,

        ---------- dates
        weeks.week_date + 6 as week_end_date
    from weeks
    cross join latest
)

select * from described
