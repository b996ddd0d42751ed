{%- set weeks = var('baseline_weeks') -%}
{%- set mean = var('minimum_mean_comments') -%}

with drawn as (
    select * from {{ ref('int_control_charts_drawn') }}
),

baselines as (
    select
        *,
        group_row <= {{ weeks }} as is_baseline,
        count_if(group_row <= {{ weeks }} and is_complete) over (partition by series_id, rebase_group)
            as baseline_week_count,
        avg(comment_count) filter (where group_row <= {{ weeks }} and is_complete)
            over (partition by series_id, rebase_group) as baseline_mean_comments,
        max(value) filter (where group_row <= {{ weeks }}) over (partition by series_id, rebase_group)
        > min(value) filter (where group_row <= {{ weeks }}) over (partition by series_id, rebase_group) as is_varying,
        coalesce(
            count_if(shown_value = 0) over (partition by series_id, rebase_group) * 2
            > count(shown_value) over (partition by series_id, rebase_group), false
        ) as is_mostly_nought,
        coalesce(min(shown_value) over (partition by series_id, rebase_group) = 1, false) as is_always_one
    from drawn
),

chart_reasons as (
    select
        *,
        case
            when baseline_week_count < {{ weeks }}
                then format('not monitored: too few weeks ({} of {} for a baseline)', baseline_week_count, {{ weeks }})
            when baseline_mean_comments < {{ mean }}
                then format('not monitored: too few comments (fewer than {} a week in the baseline)', {{ mean }})
            when unknown_rebase_date is not null
                then format('not monitored: the rebase date {} is no week of this service', unknown_rebase_date)
            when refusal_reason is not null then 'not monitored: ' || refusal_reason
            when not coalesce(is_varying, false) then 'not monitored: no variation'
            -- Limits rest on differences between one week and the next.
            when upper_limit is null then 'not monitored: no two weeks in a row have enough comments'
        end as chart_reason
    from baselines
),

reasons as (
    select
        *,
        {{ xmr_point_type('signal_side') }} as signal_point_type,
        case
            when chart_reason is not null then chart_reason
            when not is_complete then 'not judged: the week is not over, or its data have not all arrived'
            when comment_count < {{ var('minimum_week_comments') }}
                then 'not judged: fewer than {{ var("minimum_week_comments") }} comments in the week'
        end as not_monitored_reason,
        -- The chart that fits what this one cannot watch (docs/trends.md); none of the others is drawn yet.
        case
            when chart_reason is null then 'xmr'
            when
                baseline_mean_comments >= {{ var('minimum_week_comments') }} and (is_mostly_nought or is_always_one)
                then 'g'
            when is_mostly_nought or is_always_one then 't'
            when
                baseline_week_count < {{ weeks }} or baseline_mean_comments < {{ var('minimum_week_comments') }}
                then 'funnel'
            else 'p_prime'
        end as suitable_chart
    from chart_reasons
),

described as (
    select
        ---------- ids
        series_id as chart_id,
        service_id,
        measure_code,
        point_date as week_date,

        ---------- strings
        improvement_direction,
        not_monitored_reason,
        suitable_chart,
        case when not_monitored_reason is null then special_cause_type end as special_cause_type,
        case when not_monitored_reason is null then point_type else 'common_cause' end as point_type,
        case when not_monitored_reason is null then signal_type end as signal_type,
        case when not_monitored_reason is null then nullif(signal_point_type, 'common_cause') end as signal_direction,

        ---------- numerics
        shown_value as value,
        comment_count,
        rebase_group,
        case when chart_reason is null then mean_value end as mean_value,
        case when chart_reason is null then lower_limit end as lower_limit,
        case when chart_reason is null then upper_limit end as upper_limit,
        case when chart_reason is null then lower_near_limit end as lower_near_limit,
        case when chart_reason is null then upper_near_limit end as upper_near_limit,
        moving_range,

        ---------- booleans
        not_monitored_reason is null as is_monitored,
        not_monitored_reason is null and special_cause_type is not null as is_special_cause,
        is_baseline
    from reasons
)

select * from described
