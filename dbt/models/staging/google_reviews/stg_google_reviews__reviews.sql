with source as (
    select * from {{ source('raw', 'comments') }}
    where source = 'google_reviews'
),

renamed as (
    select
        {{ comment_columns() }}
    from source
)

select * from renamed
