with source as (
    select * from {{ source('understanding', 'themes') }}
),

renamed as (
    select
        ---------- ids
        theme_code,
        frame_code,
        major_code,

        ---------- strings
        theme_label,
        level,

        ---------- numerics
        sort_order
    from source
)

select * from renamed
