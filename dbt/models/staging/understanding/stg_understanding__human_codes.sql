with source as (
    select * from {{ source('understanding', 'human_codes') }}
),

renamed as (
    select
        ---------- ids
        comment_id,

        ---------- strings
        sentiment_class as sentiment_label,
        sentiment as sentiment_grade,

        ---------- lists
        themes,

        ---------- dates
        coded_at as human_coded_at
    from source
)

select * from renamed
