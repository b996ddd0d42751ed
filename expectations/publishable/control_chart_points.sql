select
    chart_id,
    service_id,
    week_date::varchar as week_date,
    value,
    lower_limit is null or (lower_limit <= mean_value and mean_value <= upper_limit) as has_limits_around_the_mean,
    not is_monitored or (mean_value is not null and upper_limit is not null and lower_limit is not null)
        as has_limits_where_monitored,
    not is_special_cause or is_monitored as signals_only_where_monitored
from marts.fct_control_chart_points
