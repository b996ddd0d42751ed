-- A month is closed when it is over and its data have arrived: from every source that brought something in it or
-- shortly before. A source that falls silent is awaited for as long. What is closed is reported, and goes into the next
-- edition.
with weeks as (
    select * from {{ ref('dim_weeks') }}
),

arrivals as (
    select
        source_code,
        max(posted_date) as arrived_date
    from {{ ref('int_comments_listed') }}
    group by source_code
    union all
    select
        source_code,
        arrived_until_date + 1 as arrived_date
    from {{ ref('int_sources_arrived') }}
    where is_asked
),

sources as (
    select
        source_code,
        max(arrived_date) as arrived_date
    from arrivals
    group by source_code
),

months as (
    select
        month_code,
        min(week_date) as first_week_date,
        max(week_end_date) as last_day_date,
        count(*)::integer as week_count,
        bool_and(is_complete) as is_complete,
        month_code < (select {{ month_of_week('max(last.week_date) + 7') }} from weeks as last) as is_over
    from weeks
    group by month_code
),

awaited as (
    select
        month_code,
        unnest(string_split(awaited_sources, ', ')) as source_code
    from weeks
    where awaited_sources is not null
    union
    select
        months.month_code,
        sources.source_code
    from months
    inner join sources
        on
            months.first_week_date - {{ var('awaited_public_days') }} <= sources.arrived_date
            and months.last_day_date >= sources.arrived_date
    where
        (select max(spanned.latest_date) from {{ ref('int_weeks_spanned') }} as spanned)
        <= months.last_day_date + {{ var('awaited_public_days') }}
),

missing as (
    select
        month_code,
        string_agg(source_code, ', ' order by source_code) as awaited_sources
    from awaited
    group by month_code
),

described as (
    select
        ---------- ids
        months.month_code,
        left(months.month_code, 4) || '-Q' || ceil(right(months.month_code, 2)::integer / 3)::integer as quarter_code,

        ---------- strings
        case when months.is_over then missing.awaited_sources end as awaited_sources,

        ---------- numerics
        months.week_count,

        ---------- booleans
        months.is_over,
        months.is_over and months.is_complete and missing.month_code is null as is_closed,
        {{ month_of_week('months.first_week_date - 7') }} != months.month_code as is_whole,

        ---------- dates
        months.first_week_date,
        months.last_day_date
    from months
    left join missing on months.month_code = missing.month_code
)

select * from described
