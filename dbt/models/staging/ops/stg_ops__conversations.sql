with source as (
    select * from {{ source('ops', 'conversations') }}
),

renamed as (
    select
        ---------- ids
        conversation_id,
        query_id,

        ---------- strings
        label as conversation_label,
        declared_in,

        ---------- lists
        tags,
        hosts,
        sources as source_codes,

        ---------- numerics
        baseline_days as baseline_day_count,

        ---------- dates
        begins_at,
        ends_at
    from source
)

select * from renamed
