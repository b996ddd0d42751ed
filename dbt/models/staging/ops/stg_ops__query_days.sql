with source as (
    select * from {{ source('ops', 'query_days') }}
    where (run_id, source, query_id) not in (
        select (runs.run_id, runs.source, runs.query_id) from {{ source('ops', 'left_out_runs') }} as runs
    )
),

renamed as (
    select
        ---------- ids
        run_id,
        source as source_code,
        query_id,

        ---------- numerics
        comment_count,

        ---------- dates
        posted_date
    from source
)

select * from renamed
