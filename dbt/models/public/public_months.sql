select
    month_code,
    min(week_date) as first_week_date,
    max(week_end_date) as last_day_date,
    count(*)::integer as week_count
from {{ ref('public_weeks') }}
group by month_code
