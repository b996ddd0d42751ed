with source as (
    select * from {{ source('ops', 'refusals') }}
),

renamed as (
    select
        ---------- ids
        run_id,
        source as source_code,
        query_id,

        ---------- strings
        reason as reason_code,

        ---------- numerics
        row_count
    from source
)

select * from renamed
