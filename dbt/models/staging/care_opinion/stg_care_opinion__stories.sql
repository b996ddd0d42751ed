with source as (
    select * from {{ source('raw', 'comments') }}
    where source = 'care_opinion'
),

renamed as (
    select
        {{ comment_columns() }}
    from source
)

select * from renamed
