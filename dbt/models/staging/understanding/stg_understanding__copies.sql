with source as (
    select * from {{ source('understanding', 'copies') }}
),

renamed as (
    select
        ---------- ids
        text_id,
        model_version,
        group_id as copy_group_id,

        ---------- dates
        grouped_at
    from source
)

select * from renamed
