-- From when to when a listing of a query is answered whole. Answers that touch or overlap are one span, whichever run
-- brought them.
with answers as (
    select
        source_code,
        query_id,
        listing,
        answered_from,
        asked_until
    from {{ ref('stg_ops__query_runs') }}
    where answered_from < asked_until
),

reached as (
    select
        *,
        max(asked_until) over (
            partition by source_code, query_id, listing
            order by answered_from, asked_until rows between unbounded preceding and 1 preceding
        ) as reached_until
    from answers
),

numbered as (
    select
        *,
        count_if(reached_until is null or answered_from > reached_until) over (
            partition by source_code, query_id, listing
            order by answered_from, asked_until rows between unbounded preceding and current row
        ) as span_number
    from reached
)

select
    source_code,
    query_id,
    listing,
    min(answered_from) as span_from,
    max(asked_until) as span_until
from numbered
group by source_code, query_id, listing, span_number
