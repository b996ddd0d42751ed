with source as (
    select * from {{ source('ops', 'query_runs') }}
),

renamed as (
    select
        ---------- ids
        run_id,
        source as source_code,
        query_id,

        ---------- strings
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
