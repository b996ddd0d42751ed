{{ config(materialized='table') }}

-- What the code of an organisation that was succeeded is today, through as many mergers as there were. An organisation
-- that was split between several stays what it was, and so does one whose successors lead round in a circle.
with recursive succeeded as (
    select
        ods_code,
        min(successor_code) as successor_code
    from {{ ref('organisations') }}
    where successor_code is not null and successor_code != ods_code and coalesce(succeeded_on <= current_date, true)
    group by ods_code
    having count(distinct successor_code) = 1
),

followed as (
    select
        ods_code,
        successor_code as current_code,
        [ods_code] as path
    from succeeded
    union all
    select
        followed.ods_code,
        succeeded.successor_code as current_code,
        list_append(followed.path, followed.current_code) as path
    from followed
    inner join succeeded on followed.current_code = succeeded.ods_code
    where not list_contains(followed.path, followed.current_code)
),

ends as (
    select
        ods_code,
        current_code
    from followed
    where current_code not in (select succeeded.ods_code from succeeded)
)

select * from ends
