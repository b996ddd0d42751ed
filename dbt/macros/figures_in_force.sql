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
{%- set keys = ['text_id', asked] | select | list -%}
with versions as (
    select
        model_version,
        max(made_current_at) as made_current_at
    from {{ ref('stg_understanding__models') }}
    where task_code = '{{ task }}'
    group by model_version
),

expired as (
    select text_id from {{ ref('stg_raw__comments') }}
    where is_text_expired and text_id is not null
),

-- These alone may have several to choose from.
figures_of_expired as (
    select
        figures.*,
        versions.made_current_at
    from {{ ref(figures) }} as figures
    semi join expired on figures.text_id = expired.text_id
    left join versions on figures.model_version = versions.model_version
    qualify
        row_number() over (
            partition by figures.{{ keys | join(', figures.') }}
            order by
                versions.made_current_at desc nulls last,
                figures.{{ made_at }} desc,
                figures.model_version asc
        ) = 1
)

select figures.*
from {{ ref(figures) }} as figures
anti join expired on figures.text_id = expired.text_id
where figures.model_version = (select max_by(versions.model_version, versions.made_current_at) from versions)

union all
select * exclude (made_current_at)
from figures_of_expired
{%- endmacro %}

{#-
    The texts of which such a table has rows that were made after a moment: of the version in force, and of expired texts. A
    row that another version has made is not shown, and changes nothing.
        since      the moment
    and as above
-#}
{% macro texts_read_since(task, figures, made_at, since) -%}
    select figures.text_id
    from {{ ref(figures) }} as figures
    where
        figures.{{ made_at }} > {{ since }}
        and (
            figures.model_version = (
                select max_by(models.model_version, models.made_current_at)
                from {{ ref('stg_understanding__models') }} as models
                where models.task_code = '{{ task }}'
            )
            or figures.text_id in (
                select expired.text_id
                from {{ ref('stg_raw__comments') }} as expired
                where expired.is_text_expired and expired.text_id is not null
            )
        )
{%- endmacro %}
