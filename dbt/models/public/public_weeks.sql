select
    weeks.week_date,
    weeks.week_label,
    weeks.month_code,
    weeks.week_end_date
from {{ ref('dim_weeks') }} as weeks
inner join {{ ref('dim_months') }} as months on weeks.month_code = months.month_code and months.is_closed
