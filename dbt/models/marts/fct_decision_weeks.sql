with decided as (
    select * from {{ ref('int_decisions_made') }}
),

-- Of a service, only sources that have ever brought a comment on it; of totals, any.
fed_by as (
    select distinct
        service_id,
        source_code
    from {{ ref('int_decision_counts') }}
    union all
    select distinct
        null as service_id,
        source_code
    from {{ ref('int_decision_counts') }}
),

awaited as (
    select
        fed_by.service_id,
        missing.week_date,
        string_agg(distinct missing.source_code, ', ' order by missing.source_code) as awaited_sources
    from {{ ref('int_source_weeks_awaited') }} as missing
    inner join fed_by on missing.source_code = fed_by.source_code
    group by fed_by.service_id, missing.week_date
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
    left join awaited
        on decided.week_date = awaited.week_date and decided.service_id is not distinct from awaited.service_id
)

select * from described
