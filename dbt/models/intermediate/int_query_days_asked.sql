-- Days of which a run asked at least a part, and what the latest of those runs says of how it ended: one of its
-- listings that was not answered whole, where there is one.
with days as (
    select * from {{ ref('int_query_days_spanned') }}
),

runs as (
    select
        *,
        (loaded_at, run_id, cut_reason is not null or error_code is not null, listing) as run_order
    from {{ ref('stg_ops__query_runs') }}
)

select
    days.source_code,
    days.query_id,
    days.posted_date,
    arg_max_null(runs.cut_reason, runs.run_order) as cut_reason,
    arg_max_null(runs.error_code, runs.run_order) as error_code
from days
inner join runs
    on
        days.source_code = runs.source_code
        and days.query_id = runs.query_id
        and days.day_until > runs.asked_from
        and days.day_from < runs.asked_until
group by days.source_code, days.query_id, days.posted_date
