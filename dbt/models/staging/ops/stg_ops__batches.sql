with source as (
    select * from {{ source('ops', 'batches') }}
),

renamed as (
    select
        ---------- ids
        batch_id,
        source as source_code,

        ---------- numerics
        rows_in,
        rows_loaded,
        rows_updated,
        rows_unchanged,
        rows_no_answer,
        rows_quarantined,
        coalesce(rows_erased, 0) as rows_erased,
        coalesce(rows_reshared, 0) as rows_reshared,
        coalesce(rows_refused, 0) as rows_refused,

        ---------- dates
        logical_date,
        first_posted_date,
        last_posted_date,
        landed_at,
        loaded_at
    from source
)

select * from renamed
