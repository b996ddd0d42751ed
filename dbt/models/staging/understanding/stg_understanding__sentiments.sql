with source as (
    select * from {{ source('understanding', 'sentiments') }}
),

renamed as (
    select
        ---------- ids
        text_id,
        model_version,

        ---------- numerics
        negative as negative_share,
        neutral as neutral_share,
        positive as positive_share,
        compound,

        ---------- dates
        scored_at
    from source
)

select * from renamed
