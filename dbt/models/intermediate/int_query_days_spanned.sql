-- Every day of every query, from the first that was asked to the last logical date, and the part of it that can have
-- been asked: the first and the last day may be cut short. A query whose days were over when it was asked (of a
-- conversation, or with `until`) ends with the last of them.
with queries as (
    select
        source_code,
        query_id,
        max_by(query_label, loaded_at) as query_label,
        min(asked_from) as first_asked_from,
        max(asked_until) as last_asked_until,
        max(logical_date) as last_logical_date
    from {{ ref('stg_ops__query_runs') }}
    group by source_code, query_id
),

days as (
    select
        *,
        unnest(generate_series(
            {{ london_day('first_asked_from') }},
            case
                when last_logical_date > {{ london_day('last_asked_until') }}
                    then {{ london_day("last_asked_until - interval 1 second") }}
                else greatest(last_logical_date, {{ london_day("last_asked_until - interval 1 second") }})
            end,
            interval 1 day
        ))::date as posted_date
    from queries
)

select
    source_code,
    query_id,
    query_label,
    posted_date,
    posted_date::timestamp at time zone 'Europe/London' as day_from,
    (posted_date + 1)::timestamp at time zone 'Europe/London' as day_until,
    greatest(day_from, first_asked_from) as due_from,
    least(day_until, last_asked_until) as due_until,
    posted_date >= last_logical_date and due_from >= due_until as is_not_due_yet
from days
