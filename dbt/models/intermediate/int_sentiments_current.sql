-- One score per text: that of the model version in force. A text that has expired cannot be read again, so its newest
-- score stays.
with current_model as (
    select max_by(model_version, made_current_at) as model_version
    from {{ ref('stg_understanding__models') }}
    where task_code = 'sentiment'
),

expired as (
    select text_id from {{ ref('stg_fft__answers') }}
    where is_text_expired and text_id is not null
),

sentiments as (
    select * from {{ ref('stg_understanding__sentiments') }}
)

select sentiments.*
from sentiments
left join current_model on sentiments.model_version = current_model.model_version
left join expired on sentiments.text_id = expired.text_id
where current_model.model_version is not null or expired.text_id is not null
qualify
    row_number() over (
        partition by sentiments.text_id
        order by
            (current_model.model_version is null)::integer asc,
            sentiments.scored_at desc,
            sentiments.model_version asc
    ) = 1
