{#-
    XmR control charts as NHS England's "Making Data Count" draws them; rule for rule those of NHSRplotthedots 0.2.2.

    `relation` has one row per series and point (a week without a value is a row whose value is null):
        series_id, point_date, value double,
        improvement_direction    'increase' | 'decrease' | 'neutral'
        is_screened boolean      leave moving ranges of 3.267 times their mean or more out, once
        fix_after_n integer      limits from the first n rows of each rebase group (12 or more; null: from all)
        rebase_dates date[]      a new group starts at each; one that is no point of the series is an error naming it
        rule_profile             'nhs_r', or 'mdc_2023': points outside the limits also count in two of three
        run_length integer       6 or 7 points make a trend or a shift
        target double            null where there is none

    xmr() returns a select: those columns and
        rebase_group, group_row, moving_range, mean_value, lower_limit, upper_limit, lower_near_limit, upper_near_limit,
        is_outside, relative_to_mean (-1, 0, 1), is_near_limit (between near and outer limit; all three null where there
        is no value or no limit), is_short_group (fewer than 13 rows),
        special_cause_type    'outside_limits' | 'trend' | 'two_of_three' | 'shift' | null, first match wins
        special_cause_side    'above' | 'below' (a rising trend is 'above')
        point_type            'improvement' | 'concern' | 'neutral_high' | 'neutral_low' | 'common_cause'
        signal_type, signal_side    the rule that this point completes: what the chart said when it was the newest point.
                              Runs are marked backwards to their start; who watches a chart learns of them at their end
        refusal_reason        why no conclusion may be drawn, although the arithmetic gives one
        assurance_type        'consistent_pass' | 'consistent_fail' | 'inconsistent' | null, from the last limits

    Two deviations from the reference, on purpose. A series that is mostly zeros, or whose limits have collapsed onto the
    mean, is refused. A constant series has no special cause, whatever the floating point says of its mean.

    A null drops both moving ranges beside it and breaks runs. favg() over an ordered frame makes sums exact and repeatable.
-#}
{% macro xmr(relation) %}
    with xmr_points as (
        select
            *,
            row_number() over (partition by series_id order by point_date) as point_number,
            count(*) filter (where list_contains(coalesce(rebase_dates, []), point_date))
                over (partition by series_id order by point_date)::integer as rebase_group
        from {{ relation }}
        where {{ _xmr_rebase_dates_exist(relation) }}
    ),

    xmr_numbered as (
        select
            *,
            row_number() over grouped as group_row,
            count(*) over (partition by series_id, rebase_group) as group_rows,
            abs(value - lag(value) over grouped) as moving_range,
            case when row_number() over grouped <= coalesce(fix_after_n, point_number) then value end as fixed_value
        from xmr_points
        window grouped as (partition by series_id, rebase_group order by point_date)
    ),

    xmr_ranged as (
        select
            *,
            case when group_row <= coalesce(fix_after_n, group_row) then moving_range end as fixed_range
        from xmr_numbered
    ),

    xmr_centred as (
        select
            *,
            case when min(fixed_value) over whole = max(fixed_value) over whole
                then min(fixed_value) over whole else favg(fixed_value) over whole
            end as mean_value,
            favg(fixed_range) over whole as mean_range,
            count_if(fixed_value = 0) over whole * 2 > count(fixed_value) over whole as is_mostly_zeros,
            max(value) over whole > min(value) over whole as is_varying
        from xmr_ranged
        window whole as {{ _xmr_whole_group() }}
    ),

    xmr_screened as (
        select
            *,
            favg(case when not is_screened or fixed_range < 3.267 * mean_range then fixed_range end)
                over {{ _xmr_whole_group() }} as kept_range
        from xmr_centred
    ),

    xmr_limited as (
        select
            *,
            mean_value - 2.66 * kept_range as lower_limit,
            mean_value + 2.66 * kept_range as upper_limit,
            mean_value - (2 * 2.66 / 3) * kept_range as lower_near_limit,
            mean_value + (2 * 2.66 / 3) * kept_range as upper_near_limit,
            sign(value - mean_value)::integer as relative_to_mean,
            sign(value - lag(value) over grouped)::integer as slope
        from xmr_screened
        window grouped as (partition by series_id, rebase_group order by point_date)
    ),

    xmr_placed as (
        select
            *,
            value > upper_limit or value < lower_limit as is_outside,
            (value > upper_near_limit or value < lower_near_limit)
            and not (value > upper_limit or value < lower_limit) as is_near_limit,
            coalesce(relative_to_mean != lag(relative_to_mean) over grouped, true) as is_new_side,
            coalesce(slope != lag(slope) over grouped, true) as is_new_slope
        from xmr_limited
        window grouped as (partition by series_id, rebase_group order by point_date)
    ),

    xmr_runs as (
        select
            *,
            count_if(is_new_side) over grouped as side_run,
            count_if(is_new_slope) over grouped as slope_run,
            is_near_limit or (is_outside and rule_profile = 'mdc_2023') as is_far,
            case
                when
                    count(relative_to_mean) over three = 3
                    and abs(sum(relative_to_mean) over three) = 3
                    and count_if(is_near_limit or (is_outside and rule_profile = 'mdc_2023')) over three >= 2
                    then relative_to_mean
            end as two_of_three_ends
        from xmr_placed
        window
            grouped as (partition by series_id, rebase_group order by point_date),
            three as (partition by series_id, rebase_group order by point_date rows 2 preceding)
    ),

    xmr_measured as (
        select
            *,
            row_number() over (partition by series_id, rebase_group, side_run order by point_date) as side_length,
            count(*) over (partition by series_id, rebase_group, side_run) as side_run_length,
            row_number() over (partition by series_id, rebase_group, slope_run order by point_date) as slope_length,
            case when count(*) over (partition by series_id, rebase_group, slope_run) >= run_length - 1
                then nullif(slope, 0)
            end as left_trend,
            coalesce(max(abs(two_of_three_ends)) over (
                partition by series_id, rebase_group order by point_date rows between current row and 2 following
            ) = 1, false) as is_beside_two_of_three
        from xmr_runs
    ),

    xmr_trended as (
        select
            *,
            -- At an apex that two trends share, the slope on the right-hand side wins.
            coalesce(lead(left_trend) over (partition by series_id, rebase_group order by point_date), left_trend) as trend
        from xmr_measured
    ),

    xmr_judged as (
        select
            *,
            case
                when is_outside then 'outside_limits'
                when trend is not null then 'trend'
                when is_far and is_beside_two_of_three then 'two_of_three'
                when relative_to_mean != 0 and side_run_length >= run_length then 'shift'
            end as special_cause_type,
            case
                when is_outside then 'outside_limits'
                when slope != 0 and slope_length >= run_length - 1 then 'trend'
                when two_of_three_ends is not null then 'two_of_three'
                when relative_to_mean != 0 and side_length >= run_length then 'shift'
            end as signal_type,
            case
                when is_mostly_zeros then 'too rare for this chart: use a g or t chart'
                when is_varying and upper_limit = lower_limit then 'the baseline does not vary: the limits lie on the mean'
            end as refusal_reason,
            last_value(lower_limit) over whole_series as last_lower_limit,
            last_value(upper_limit) over whole_series as last_upper_limit
        from xmr_trended
        window whole_series as (
            partition by series_id order by point_date rows between unbounded preceding and unbounded following
        )
    ),

    xmr_sided as (
        select
            *,
            case
                when special_cause_type is null then null
                when case when special_cause_type = 'trend' then trend else relative_to_mean end > 0 then 'above'
                else 'below'
            end as special_cause_side,
            case
                when signal_type is null then null
                when case when signal_type = 'trend' then slope else relative_to_mean end > 0 then 'above'
                else 'below'
            end as signal_side
        from xmr_judged
    )

    select
        xmr_sided.* exclude (
            point_number, group_rows, fixed_value, fixed_range, mean_range, is_mostly_zeros, is_varying, kept_range, slope,
            is_new_side, is_new_slope, side_run, slope_run, is_far, two_of_three_ends, side_length, side_run_length,
            slope_length, left_trend, trend, is_beside_two_of_three, last_lower_limit, last_upper_limit
        ),
        group_rows < 13 as is_short_group,
        {{ xmr_point_type('special_cause_side') }} as point_type,
        case
            when target is null or improvement_direction = 'neutral' or last_lower_limit is null then null
            when target between last_lower_limit and last_upper_limit then 'inconsistent'
            when (target < last_lower_limit) = (improvement_direction = 'increase') then 'consistent_pass'
            else 'consistent_fail'
        end as assurance_type
    from xmr_sided
{% endmacro %}

{#- What a special cause on one side means, by the direction in which the measure improves. -#}
{% macro xmr_point_type(side) -%}
    case
        when {{ side }} is null then 'common_cause'
        when improvement_direction = 'neutral' then case {{ side }} when 'above' then 'neutral_high' else 'neutral_low' end
        when ({{ side }} = 'above') = (improvement_direction = 'increase') then 'improvement'
        else 'concern'
    end
{%- endmacro %}

{#- The frame is ordered so that a sum of floating-point numbers is the same on every run. -#}
{% macro _xmr_whole_group() -%}
    (
        partition by series_id, rebase_group order by point_date
        rows between unbounded preceding and unbounded following
    )
{%- endmacro %}

{% macro _xmr_rebase_dates_exist(relation) -%}
    coalesce((
        select error(
            'wordround: rebase date ' || min(wanted.rebase_date) || ' is no point of series ' || min(wanted.series_id)
            || '. Give the date of a point (weeks: a Monday) or take the rebase date out.'
        )
        from (
            select distinct series_id, unnest(rebase_dates) as rebase_date
            from {{ relation }}
        ) as wanted
        anti join {{ relation }} as points
            on wanted.series_id = points.series_id and wanted.rebase_date = points.point_date
        having count(*) > 0
    )::varchar is null, true)
{%- endmacro %}
