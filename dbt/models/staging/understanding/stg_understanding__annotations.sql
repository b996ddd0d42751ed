with source as (
    select * from {{ source('understanding', 'annotations') }}
),

renamed as (
    select
        ---------- ids
        text_id,
        question_type,
        model_version,

        ---------- strings
        language,
        sentiment_class as sentiment_label,
        sentiment as sentiment_grade,

        ---------- numerics
        sentiment_probability,
        unknown_word_share,

        ---------- lists
        grade_probabilities,
        themes,

        ---------- dates
        annotated_at
    from source
)

select * from renamed
