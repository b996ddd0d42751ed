with points as (
    select * from {{ ref('fct_control_chart_points') }}
),

latest as (
    select
        points.chart_id,
        max(points.week_date) filter (where weeks.is_complete) as latest_week_date,
        arg_max(points.value, points.week_date) filter (where points.is_monitored) as latest_value
    from points
    inner join {{ ref('dim_weeks') }} as weeks on points.week_date = weeks.week_date
    group by points.chart_id
),

signals as (
    select
        *,
        lag(week_date) over (partition by chart_id, signal_direction order by week_date) as previous_week_date
    from points
    where signal_type is not null and not is_baseline
),

numbered as (
    select
        *,
        count_if(previous_week_date is null or week_date - previous_week_date > 7 * {{ var('quiet_weeks') }})
            over (partition by chart_id, signal_direction order by week_date) as episode_number
    from signals
),

episodes as (
    select
        chart_id,
        service_id,
        measure_code,
        signal_direction as direction,
        min(week_date) as opened_week_date,
        max(week_date) as last_signal_week_date,
        count(*)::integer as signal_week_count,
        arg_min(signal_type, week_date) as opening_special_cause_type,
        arg_min(value, week_date) as opening_value,
        arg_min(comment_count, week_date) as opening_comment_count,
        arg_min(mean_value, week_date) as baseline_mean_value,
        arg_min(upper_limit, week_date) as baseline_upper_limit,
        arg_min(lower_limit, week_date) as baseline_lower_limit
    from numbered
    group by chart_id, service_id, measure_code, signal_direction, episode_number
),

described as (
    select
        ---------- ids
        md5(concat_ws('|', episodes.service_id, episodes.measure_code, episodes.direction, episodes.opened_week_date))
            as alert_id,
        episodes.*,
        latest.latest_value,
        latest.latest_week_date - episodes.last_signal_week_date >= 7 * {{ var('quiet_weeks') }} as is_closed
    from episodes
    inner join latest on episodes.chart_id = latest.chart_id
)

select
    * exclude (chart_id, is_closed),
    case when is_closed then 'closed' else 'open' end as status,
    case when is_closed then last_signal_week_date + 7 * {{ var('quiet_weeks') }} end as closed_week_date
from described
