-- The months over which services are compared: whole, closed, and at most a year of them.
select
    month_code,
    min(month_code) over () as first_month_code,
    max(month_code) over () as last_month_code,
    (count(*) over ())::integer as month_count
from (
    select month_code
    from {{ ref('dim_months') }}
    where is_closed and is_whole
    qualify row_number() over (order by month_code desc) <= {{ var('comparison_months') }}
) as latest
