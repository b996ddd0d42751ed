with span as (
    select
        min(first_week_date) as first_week_date,
        max(last_week_date) as last_week_date
    from {{ ref('int_services_observed') }}
),

weeks as (
    select
        week_date,
        week_date + 6 as week_end_date
    from (
        select unnest(generate_series(first_week_date, last_week_date, interval 7 day))::date as week_date
        from span
    ) as spanned
),

latest as (
    select greatest(
        (select max(posted_date) from {{ ref('int_comments_located') }}),
        (select max(logical_date) from {{ ref('stg_ops__batches') }})
    ) as latest_date
),

files as (
    select
        source_code,
        logical_date,
        last_posted_date,
        date_trunc('week', last_posted_date)::date + 6 as last_week_end_date
    from {{ ref('stg_ops__batches') }}
    where
        last_posted_date is not null
        -- Sources that are asked every day: what they did not answer is in the coverage and keeps no week open.
        and source_code not in (select runs.source_code from {{ ref('stg_ops__query_runs') }} as runs)
),

-- Up to which day the data of a source are whole. Many services have no comments on Saturdays and Sundays.
arrivals as (
    select
        source_code,
        count(distinct logical_date) > 1 as is_brought_again,
        max(last_posted_date) as last_posted_date,
        max(
            case
                when logical_date > last_week_end_date and last_posted_date >= last_week_end_date - 2
                    then last_week_end_date
                else last_posted_date - 1
            end
        ) as arrived_until_date
    from files
    group by source_code
),

-- What came once, such as a survey of one autumn, is awaited only where nothing came more often.
awaited as (
    select arrivals.*
    from arrivals
    inner join latest on arrivals.last_posted_date >= latest.latest_date - {{ var('awaited_days') }}
    where arrivals.is_brought_again or not (select bool_or(others.is_brought_again) from arrivals as others)
),

missing as (
    select
        weeks.week_date,
        string_agg(awaited.source_code, ', ' order by awaited.source_code) as awaited_sources
    from weeks
    inner join awaited on weeks.week_end_date > awaited.arrived_until_date
    group by weeks.week_date
),

described as (
    select
        ---------- ids
        weeks.week_date,

        ---------- strings
        strftime(weeks.week_date, '%G-W%V') as week_label,
        {{ month_of_week('weeks.week_date') }} as month_code,
        case when weeks.week_end_date < latest.latest_date then missing.awaited_sources end as awaited_sources,

        ---------- numerics
        isoyear(weeks.week_date)::integer as iso_year,
        week(weeks.week_date)::integer as iso_week,

        ---------- booleans
        weeks.week_end_date < latest.latest_date and missing.week_date is null as is_complete,

        ---------- dates
        weeks.week_end_date
    from weeks
    cross join latest
    left join missing on weeks.week_date = missing.week_date
)

select * from described
