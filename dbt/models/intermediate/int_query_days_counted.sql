-- What was found on a day of posting, and what was refused on a day of collecting. Where several runs cover a day, the
-- fullest answer counts: they hold the same comments.
with refused_by_run as (
    select
        refusals.source_code,
        refusals.query_id,
        runs.logical_date as posted_date,
        sum(refusals.row_count) as refused_count,
        coalesce(sum(refusals.row_count) filter (where refusals.reason_code = 'not_discoverable'), 0)
            as not_discoverable_count
    from {{ ref('stg_ops__refusals') }} as refusals
    inner join {{ ref('stg_ops__query_runs') }} as runs
        on
            refusals.source_code = runs.source_code
            and refusals.query_id = runs.query_id
            and refusals.run_id = runs.run_id
    group by refusals.source_code, refusals.query_id, runs.logical_date, refusals.run_id
),

counts as (
    select
        source_code,
        query_id,
        posted_date,
        comment_count,
        0 as refused_count,
        0 as not_discoverable_count
    from {{ ref('stg_ops__query_days') }}
    union all
    select
        source_code,
        query_id,
        posted_date,
        0 as comment_count,
        refused_count,
        not_discoverable_count
    from refused_by_run
)

select
    source_code,
    query_id,
    posted_date,
    max(comment_count)::integer as comment_count,
    max(refused_count)::integer as refused_count,
    max(not_discoverable_count)::integer as not_discoverable_count
from counts
group by source_code, query_id, posted_date
