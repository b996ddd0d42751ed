-- The series that are charted. A week that may not be judged (too few comments, or not over yet) has no value here: it
-- neither signals nor sets limits, and it breaks runs. A series begins with the first comment or form that counts:
-- weeks before it, of posts that do not count, are no baseline. A rebase date that is no week of its series is left out
-- and named in the mart: its week may have gone with an erasure, and other series are to go on. Where other versions of
-- the models read from a week on, new limits begin there too: no limit is made of both.
with service_weeks as (
    select * from {{ ref('fct_service_weeks') }}
    qualify
        week_date >= min(week_date) filter (where comment_count > 0 or response_count > 0)
            over (partition by service_id)
),

weeks as (
    select * from {{ ref('dim_weeks') }}
),

given as (
    select distinct
        service_id,
        measure_code,
        rebase_date
    from {{ ref('int_rebases_dated') }}
),

rebases as (
    select
        given.service_id,
        given.measure_code,
        list(given.rebase_date order by given.rebase_date) filter (where service_weeks.week_date is not null)
            as rebase_dates,
        min(given.rebase_date) filter (where service_weeks.week_date is null) as unknown_rebase_date
    from given
    left join service_weeks
        on given.service_id = service_weeks.service_id and given.rebase_date = service_weeks.week_date
    group by given.service_id, given.measure_code
),

series as (
    select
        ---------- ids
        md5(service_weeks.service_id || '|negative_share') as series_id,
        service_weeks.service_id,
        'negative_share' as measure_code,
        service_weeks.week_date as point_date,

        ---------- numerics
        service_weeks.negative_share as shown_value,
        -- Those that the share is of: comments in another language, or without words, have no label.
        service_weeks.comment_count - service_weeks.without_sentiment_count as comment_count,
        case
            when
                weeks.is_complete
                and service_weeks.comment_count - service_weeks.without_sentiment_count
                >= {{ var('minimum_week_comments') }}
                then service_weeks.negative_share
        end as value,

        ---------- booleans
        weeks.is_complete,

        ---------- options of the chart
        'decrease' as improvement_direction,
        {{ var('screen_outliers') | lower }} as is_screened,
        {{ var('baseline_weeks') }} as fix_after_n,
        rebases.rebase_dates,
        rebases.unknown_rebase_date,
        '{{ var("rule_profile") }}' as rule_profile,
        {{ var('run_length') }} as run_length,
        null::double as target
    from service_weeks
    inner join weeks on service_weeks.week_date = weeks.week_date
    left join rebases
        on service_weeks.service_id = rebases.service_id and rebases.measure_code = 'negative_share'
)

select * from series
