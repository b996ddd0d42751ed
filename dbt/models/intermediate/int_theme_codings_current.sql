-- One coding per text: that of the codebook version in force. A text that has expired cannot be read again, so its
-- newest coding stays.
with current_model as (
    select max_by(model_version, made_current_at) as model_version
    from {{ ref('stg_understanding__models') }}
    where task_code = 'themes'
),

expired as (
    select text_id from {{ ref('stg_fft__answers') }}
    where is_text_expired and text_id is not null
),

codings as (
    select * from {{ ref('stg_understanding__theme_codings') }}
)

select codings.*
from codings
left join current_model on codings.model_version = current_model.model_version
left join expired on codings.text_id = expired.text_id
where current_model.model_version is not null or expired.text_id is not null
qualify
    row_number() over (
        partition by codings.text_id
        order by
            (current_model.model_version is null)::integer asc,
            codings.coded_at desc,
            codings.model_version asc
    ) = 1
