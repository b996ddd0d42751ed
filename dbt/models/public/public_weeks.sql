-- A month is closed, and goes into the next edition, when it is over and its data have arrived: from every source that
-- brought something in it or shortly before. A source that falls silent is awaited for as long.
with weeks as (
    select * from {{ ref('dim_weeks') }}
),

arrivals as (
    select
        source_code,
        max(posted_date) as arrived_date
    from {{ ref('int_comments_located') }}
    group by source_code
    union all
    select
        source_code,
        max(logical_date) as arrived_date
    from {{ ref('stg_ops__query_runs') }}
    where answered_from is not null
    group by source_code
),

sources as (
    select
        source_code,
        max(arrived_date) as arrived_date
    from arrivals
    group by source_code
),

latest as (
    select greatest(
        (select max(arrived_date) from sources),
        (select max(logical_date) from {{ ref('stg_ops__batches') }})
    ) as latest_date
),

months as (
    select
        month_code,
        min(week_date) as first_day_date,
        max(week_end_date) as last_day_date
    from weeks
    group by month_code
    having
        bool_and(is_complete)
        and month_code < (select {{ month_of_week('max(last.week_date) + 7') }} from weeks as last)
),

awaited as (
    select distinct months.month_code
    from months
    inner join sources
        on
            months.first_day_date - {{ var('awaited_public_days') }} <= sources.arrived_date
            and months.last_day_date >= sources.arrived_date
    cross join latest
    where latest.latest_date <= months.last_day_date + {{ var('awaited_public_days') }}
)

select
    weeks.week_date,
    weeks.week_label,
    weeks.month_code,
    weeks.week_end_date
from weeks
inner join months on weeks.month_code = months.month_code
where weeks.month_code not in (select awaited.month_code from awaited)
