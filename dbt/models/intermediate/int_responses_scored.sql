-- One filled-in form, however many answers it holds.
with answers as (
    select * from {{ ref('int_comments_attributed') }}
    where kind = 'survey_answer'
),

responses as (
    select
        response_id,
        min(service_id) as service_id,
        min(trust_code) as trust_code,
        min(week_date) as week_date,
        max(fft_score) as fft_score
    from answers
    group by response_id
)

select * from responses
