{#-
    One row per text of a table of `understanding` (and question): that of the model version in force. What a version has read that
    is still to come is not shown (docs/adr/0024-one-switch.md). A text that has expired cannot be read again: it keeps the
    figures of the last version that was in force when it could.
        task       the task, as understanding.models names it
        figures    the staging model
        made_at    its column that says when a row was made
        asked      its column of the question, where a text has figures for each question that it answers
-#}
{% macro figures_in_force(task, figures, made_at, asked=none) -%}
with versions as (
    select
        model_version,
        max(made_current_at) as made_current_at
    from {{ ref('stg_understanding__models') }}
    where task_code = '{{ task }}'
    group by model_version
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
left join versions on figures.model_version = versions.model_version
left join expired on figures.text_id = expired.text_id
where
    versions.made_current_at = (select max(latest.made_current_at) from versions as latest)
    or expired.text_id is not null
qualify
    row_number() over (
        partition by figures.text_id{{ ', figures.' ~ asked if asked }}
        order by
            versions.made_current_at desc nulls last,
            figures.{{ made_at }} desc,
            figures.model_version asc
    ) = 1
{%- endmacro %}
