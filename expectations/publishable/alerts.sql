select
    alert_id,
    service_id,
    opened_week_date::varchar as opened_week_date,
    opening_value,
    status,
    opened_week_date <= ($now at time zone 'Europe/London')::date as has_opened_already,
    coalesce((status = 'closed') = (closed_week_date is not null), false) as has_a_closing_week_if_closed,
    exists (
        from marts.fct_control_chart_points as p
        where p.service_id = a.service_id and p.measure_code = a.measure_code
            and p.week_date = a.opened_week_date and p.signal_type is not null
    ) as starts_at_a_signal
from marts.fct_alerts as a
