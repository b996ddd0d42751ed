-- One filled-in form, however many answers it holds. Where its answers disagree on place, day or mode, one decides.
with answers as (
    select * from {{ ref('int_comments_listed') }}
    where kind = 'survey_answer'
),

responses as (
    select
        response_id,
        arg_min(service_id, comment_id) as service_id,
        arg_min(trust_code, comment_id) as trust_code,
        arg_min(week_date, comment_id) as week_date,
        arg_min(posted_date, comment_id) as posted_date,
        arg_min(source_code, comment_id) as source_code,
        arg_min(collection_mode_code, comment_id) as collection_mode_code,
        max(fft_score) as fft_score
    from answers
    group by response_id
)

select * from responses
