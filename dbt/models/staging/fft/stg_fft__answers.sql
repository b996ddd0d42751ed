with source as (
    select * from {{ source('raw', 'comments') }}
    where source = 'fft'
),

renamed as (
    select
        ---------- ids
        comment_id,
        coalesce(response_id, comment_id) as response_id,
        text_id,
        source as source_code,
        trust_code,
        service_id as given_service_id,
        md5(concat(trust_code, '|', location_1, '|', location_2, '|', location_3)) as place_id,
        author_key,

        ---------- strings
        kind,
        question_type,
        text as comment_text,
        location_1,
        location_2,
        location_3,

        ---------- numerics
        rating as fft_score,
        identifiers_removed as identifiers_removed_count,

        ---------- booleans
        is_withheld,
        coalesce(is_text_expired, false) as is_text_expired,
        was_nothing_to_improve,

        ---------- dates
        posted_date,
        date_trunc('week', posted_date)::date as week_date,
        loaded_at,
        updated_at
    from source
)

select * from renamed
