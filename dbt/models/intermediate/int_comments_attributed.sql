-- Every answer, with or without text, and the service that it is about.
with answers as (
    select * from {{ ref('stg_fft__answers') }}
),

places as (
    select * from {{ ref('int_places_attributed') }}
),

attributed as (
    select
        answers.*,
        coalesce(answers.given_service_id, places.service_id, answers.place_id) as service_id
    from answers
    left join places
        on
            answers.place_id = places.place_id
            and answers.posted_date between places.valid_from and places.valid_to
)

select * from attributed
