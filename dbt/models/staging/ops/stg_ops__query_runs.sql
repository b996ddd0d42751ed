with source as (
    select * from {{ source('ops', 'query_runs') }}
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

        ---------- strings
        coalesce(listing, '') as listing,
        query_label,
        cut_reason,
        error_code,

        ---------- dates
        logical_date,
        asked_from,
        asked_until,
        answered_from,
        loaded_at
    from source
)

select * from renamed
