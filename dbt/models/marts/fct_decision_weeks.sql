with decided as (
    select * from {{ ref('int_decisions_made') }}
),

awaited as (
    select
        week_date,
        string_agg(distinct source_code, ', ' order by source_code) as awaited_sources
    from {{ ref('int_source_weeks_awaited') }}
    group by week_date
),

weeks as (
    select * from {{ ref('int_weeks_spanned') }}
),

described as (
    select
        ---------- ids
        decided.series_id,
        decided.series_code,
        decided.trust_code,
        decided.service_id,
        decided.theme_code,
        decided.week_date,

        ---------- strings
        decided.not_monitored_reason,
        case when weeks.is_over then awaited.awaited_sources end as awaited_sources,

        ---------- numerics
        decided.comment_count,
        decided.negative_count,
        {{ share('decided.negative_count', 'decided.comment_count') }} as negative_share,
        decided.usual_share,
        decided.expected_share,
        decided.baseline_comment_count,
        decided.baseline_week_count,
        decided.concern_evidence,
        decided.improvement_evidence,
        decided.concern_threshold,
        decided.improvement_threshold,
        decided.concern_alert_threshold,
        decided.improvement_alert_threshold,
        decided.monitored_series_count,

        ---------- booleans
        decided.concern_is_open as is_concern_open,
        decided.improvement_is_open as is_improvement_open,
        -- Nothing counts in this week, and something has not arrived.
        decided.comment_count = 0 and (not weeks.is_over or awaited.week_date is not null) as is_paused,
        decided.not_monitored_reason is null as is_monitored
    from decided
    inner join weeks on decided.week_date = weeks.week_date
    left join awaited on decided.week_date = awaited.week_date
)

select * from described
