with source as (
    select * from {{ source('understanding', 'theme_codings') }}
),

renamed as (
    select
        ---------- ids
        text_id,
        model_version,

        ---------- lists
        mentions,

        ---------- dates
        coded_at
    from source
)

select * from renamed
