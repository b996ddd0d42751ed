with weeks as (
    select * from {{ ref('int_weeks_spanned') }}
),

-- Sources that are asked every day keep no week open.
missing as (
    select
        week_date,
        string_agg(source_code, ', ' order by source_code) as awaited_sources
    from {{ ref('int_source_weeks_awaited') }}
    where awaited_kind = 'file'
    group by week_date
),

described as (
    select
        ---------- ids
        weeks.week_date,

        ---------- strings
        strftime(weeks.week_date, '%G-W%V') as week_label,
        {{ month_of_week('weeks.week_date') }} as month_code,
        case when weeks.is_over then missing.awaited_sources end as awaited_sources,

        ---------- numerics
        isoyear(weeks.week_date)::integer as iso_year,
        week(weeks.week_date)::integer as iso_week,

        ---------- booleans
        weeks.is_over and missing.week_date is null as is_complete,

        ---------- dates
        weeks.week_end_date
    from weeks
    left join missing on weeks.week_date = missing.week_date
)

select * from described
