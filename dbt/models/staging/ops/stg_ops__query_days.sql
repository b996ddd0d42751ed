with source as (
    select * from {{ source('ops', 'query_days') }}
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
