with source as (
    select * from {{ source('understanding', 'label_reference') }}
),

renamed as (
    select
        ---------- ids
        model_version,

        ---------- strings
        sentiment_class as sentiment_label,

        ---------- numerics
        labelled_share,
        shown_share
    from source
)

select * from renamed
