with source as (
    select * from {{ source('raw', 'comments') }}
    where source = 'facebook'
),

renamed as (
    select
        {{ comment_columns() }}
    from source
)

select * from renamed
