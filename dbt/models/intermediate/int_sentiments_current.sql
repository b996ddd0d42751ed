-- One score per text: that of the model version in force.
with current_model as (
    select max_by(model_version, made_current_at) as model_version
    from {{ ref('stg_understanding__models') }}
    where task_code = 'sentiment'
),

sentiments as (
    select * from {{ ref('stg_understanding__sentiments') }}
)

select sentiments.*
from sentiments
inner join current_model on sentiments.model_version = current_model.model_version
