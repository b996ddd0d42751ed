with source as (
    select * from {{ source('understanding', 'service_mentions') }}
),

renamed as (
    select
        ---------- ids
        text_id,
        model_version,

        ---------- lists
        service_ids,

        ---------- dates
        matched_at
    from source
)

select * from renamed
