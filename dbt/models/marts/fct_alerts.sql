with points as (
    select * from {{ ref('fct_control_chart_points') }}
),

latest as (
    select
        chart_id,
        max(week_date) filter (where week_date in (select week_date from {{ ref('dim_weeks') }} where is_complete))
            as latest_week_date,
        arg_max(value, week_date) filter (where is_monitored) as latest_value
    from points
    group by chart_id
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
        {% for figure in ['value', 'comment_count'] %}
            arg_min({{ figure }}, week_date) as opening_{{ figure }},
        {% endfor %}
        {% for figure in ['mean_value', 'upper_limit', 'lower_limit'] %}
            arg_min({{ figure }}, week_date) as baseline_{{ figure }}{{ ',' if not loop.last }}
        {% endfor %}
    from numbered
    group by chart_id, service_id, measure_code, signal_direction, episode_number
),

described as (
    select
        ---------- ids
        md5(concat_ws('|', episodes.service_id, episodes.measure_code, episodes.direction, episodes.opened_week_date))
            as alert_id,
        episodes.* exclude (chart_id),
        latest.latest_value,
        latest.latest_week_date - episodes.last_signal_week_date >= 7 * {{ var('quiet_weeks') }} as is_closed
    from episodes
    inner join latest on episodes.chart_id = latest.chart_id
)

select
    * exclude (is_closed),
    case when is_closed then 'closed' else 'open' end as status,
    case when is_closed then last_signal_week_date + 7 * {{ var('quiet_weeks') }} end as closed_week_date
from described
