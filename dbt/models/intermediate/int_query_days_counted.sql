-- What was found on a day of posting, and what was refused on a day of collecting. Where runs asked for the same time,
-- the fullest answer counts: they hold the same comments. Runs that only meet, where reading costs, add up.
-- A run has a row for each window and listing of a query: they are one run here, or refusals would count for each.
with runs as (
    select
        source_code,
        query_id,
        run_id,
        min(logical_date) as logical_date,
        min(asked_from) as asked_from,
        max(asked_until) as asked_until
    from {{ ref('stg_ops__query_runs') }}
    group by source_code, query_id, run_id
),

reached as (
    select
        *,
        max(asked_until) over (
            partition by source_code, query_id
            order by asked_from, asked_until, run_id rows between unbounded preceding and 1 preceding
        ) as reached_until
    from runs
),

stretches as (
    select
        source_code,
        query_id,
        run_id,
        count_if(reached_until is null or asked_from >= reached_until) over (
            partition by source_code, query_id
            order by asked_from, asked_until, run_id rows between unbounded preceding and current row
        ) as stretch_number
    from reached
),

found_by_stretch as (
    select
        days.source_code,
        days.query_id,
        days.posted_date,
        stretches.stretch_number,
        max(days.comment_count) as comment_count
    from {{ ref('stg_ops__query_days') }} as days
    left join stretches
        on
            days.source_code = stretches.source_code
            and days.query_id = stretches.query_id
            and days.run_id = stretches.run_id
    group by days.source_code, days.query_id, days.posted_date, stretches.stretch_number
),

found as (
    select
        source_code,
        query_id,
        posted_date,
        sum(comment_count) as comment_count
    from found_by_stretch
    group by source_code, query_id, posted_date
),

refused_by_run as (
    select
        refusals.source_code,
        refusals.query_id,
        runs.logical_date as posted_date,
        sum(refusals.row_count) as refused_count,
        coalesce(sum(refusals.row_count) filter (where refusals.reason_code = 'not_discoverable'), 0)
            as not_discoverable_count
    from {{ ref('stg_ops__refusals') }} as refusals
    inner join runs
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
    from found
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
