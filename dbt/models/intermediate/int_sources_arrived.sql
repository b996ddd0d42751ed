{{ config(materialized='table') }}

-- Up to which day the data of each source have arrived. Data tell it, and the day of a run only together with them: the
-- machine's clock may have been ahead or behind. A source that is asked has answered up to a moment of its own clock.
with asked as (
    select
        source_code,
        max({{ london_day('asked_until') }}) filter (where answered_from is not null) - 1 as arrived_until_date
    from {{ ref('stg_ops__query_runs') }}
    group by source_code
),

files as (
    select
        source_code,
        logical_date,
        landed_at,
        last_posted_date,
        max(last_posted_date) over (partition by source_code) as latest_posted_date,
        date_trunc('week', latest_posted_date)::date + 6 as last_week_end_date
    from {{ ref('stg_ops__batches') }}
    where last_posted_date is not null and source_code not in (select asked.source_code from asked)
),

-- Many services have no comments on Saturdays and Sundays: a week whose Friday has come is whole in a file that was
-- taken after it. Of files that have its Friday the last one tells when that was: the clock of one before may have been
-- ahead.
taken as (
    select
        source_code,
        latest_posted_date,
        last_week_end_date,
        count(distinct logical_date) > 1 as is_brought_again,
        -- A run for a day before its data is one of the past that took what was new.
        max_by(logical_date, (landed_at, logical_date)) filter (
            where last_posted_date >= last_week_end_date - 2 and logical_date >= last_posted_date
        ) as taken_date
    from files
    group by source_code, latest_posted_date, last_week_end_date
)

select
    source_code,
    case when taken_date > last_week_end_date then last_week_end_date else latest_posted_date - 1 end
        as arrived_until_date,
    latest_posted_date as last_posted_date,
    is_brought_again,
    false as is_asked
from taken
union all
select
    source_code,
    arrived_until_date,
    null as last_posted_date,
    null as is_brought_again,
    true as is_asked
from asked
