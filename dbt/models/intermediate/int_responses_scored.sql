-- One filled-in form, however many answers it holds. Where its answers disagree on place or day, one decides both.
with answers as (
    select * from {{ ref('int_comments_attributed') }}
    where kind = 'survey_answer'
),

responses as (
    select
        response_id,
        arg_min(service_id, comment_id) as service_id,
        arg_min(week_date, comment_id) as week_date,
        max(fft_score) as fft_score
    from answers
    group by response_id
)

select * from responses
