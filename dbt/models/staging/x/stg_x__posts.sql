with source as (
    select * from {{ source('raw', 'comments') }}
    where source = 'x'
),

renamed as (
    select
        {{ comment_columns() }}
    from source
)

select * from renamed
