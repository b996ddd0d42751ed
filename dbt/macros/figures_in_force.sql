{#-
    One row per text of a table of `understanding` (and question): that of the model version in force. A text that has expired cannot
    be read again, so its newest figures stay.
        task       the task, as understanding.models names it
        figures    the staging model
        made_at    its column that says when a row was made
        asked      its column of the question, where a text has figures for each question that it answers
-#}
{% macro figures_in_force(task, figures, made_at, asked=none) -%}
with current_model as (
    select max_by(model_version, made_current_at) as model_version
    from {{ ref('stg_understanding__models') }}
    where task_code = '{{ task }}'
),

expired as (
    select text_id from {{ ref('int_comments_located') }}
    where is_text_expired and text_id is not null
),

figures as (
    select * from {{ ref(figures) }}
)

select figures.*
from figures
left join current_model on figures.model_version = current_model.model_version
left join expired on figures.text_id = expired.text_id
where current_model.model_version is not null or expired.text_id is not null
qualify
    row_number() over (
        partition by figures.text_id{{ ', figures.' ~ asked if asked }}
        order by
            (current_model.model_version is null)::integer asc,
            figures.{{ made_at }} desc,
            figures.model_version asc
    ) = 1
{%- endmacro %}
