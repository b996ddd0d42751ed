-- The latest day on which a source brought anything, beside the median of its 28 delivery days before that. Fewer
-- than seven such days say nothing yet.
with days as (
    select source, logical_date, sum(rows_in) as rows_in
    from ops.batches
    group by source, logical_date
),
ordered as (
    select *, row_number() over (partition by source order by logical_date desc) as days_back from days
)
select
    source,
    max(logical_date) filter (days_back = 1)::varchar as logical_date,
    case
        when count(*) filter (days_back between 2 and 29) >= 7
            then sum(rows_in) filter (days_back = 1)
                / nullif(median(rows_in) filter (days_back between 2 and 29), 0)
    end as share_of_usual
from ordered
group by source
