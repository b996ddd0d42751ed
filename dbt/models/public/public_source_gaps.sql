select
    gaps.trust_code,
    gaps.month_code,
    gaps.source_code,
    count(*)::integer as silent_week_count
from {{ ref('fct_source_gaps') }} as gaps
inner join {{ ref('public_months') }} as months on gaps.month_code = months.month_code
group by all
