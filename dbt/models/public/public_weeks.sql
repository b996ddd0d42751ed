-- A week is published once its month is over: what is shown then stays shown.
with weeks as (
    select * from {{ ref('dim_weeks') }}
)

select
    week_date,
    week_label,
    month_code,
    week_end_date
from weeks
qualify
    bool_and(is_complete) over (partition by month_code)
    and month_code < (select {{ month_of_week('max(last.week_date) + 7') }} from weeks as last)
