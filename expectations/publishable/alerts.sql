select
    alert_id,
    series_id,
    opened_week_date::varchar as opened_week_date,
    negative_share,
    status,
    since_week_date <= opened_week_date
        and opened_week_date <= ($now at time zone 'Europe/London')::date as has_opened_already,
    coalesce((status = 'closed') = (closed_week_date is not null), false) as has_a_closing_week_if_closed,
    status = 'withdrawn' or is_restated or coalesce(closed_week_date <= opened_week_date, false) or exists (
        from marts.fct_decision_weeks as w
        where w.series_id = a.series_id and w.week_date = a.opened_week_date
            and case a.direction when 'concern' then w.is_concern_open else w.is_improvement_open end
    ) as opens_where_its_series_does
from marts.fct_alerts as a
