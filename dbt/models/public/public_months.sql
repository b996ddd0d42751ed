select
    month_code,
    first_week_date,
    last_day_date,
    week_count
from {{ ref('dim_months') }}
where is_closed
