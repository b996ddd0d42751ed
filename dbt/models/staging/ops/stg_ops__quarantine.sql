with source as (
    select * from {{ source('ops', 'quarantine') }}
),

renamed as (
    select
        ---------- ids
        batch_id,
        source as source_code,

        ---------- strings
        reason as reason_code,

        ---------- numerics
        row_count
    from source
)

select * from renamed
