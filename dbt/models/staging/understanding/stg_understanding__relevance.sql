with source as (
    select * from {{ source('understanding', 'relevance') }}
),

renamed as (
    select
        ---------- ids
        text_id,
        model_version,

        ---------- strings
        reason as relevance_reason,

        ---------- numerics
        probability as relevance_probability,

        ---------- dates
        judged_at
    from source
)

select * from renamed
