-- One coding per text: that of the codebook version in force.
with current_model as (
    select max_by(model_version, made_current_at) as model_version
    from {{ ref('stg_understanding__models') }}
    where task_code = 'themes'
),

codings as (
    select * from {{ ref('stg_understanding__theme_codings') }}
)

select codings.*
from codings
inner join current_model on codings.model_version = current_model.model_version
