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

figures as not materialized (
    select
        figures.*,
        versions.made_current_at
    from {{ ref(figures) }} as figures
    left join versions on figures.model_version = versions.model_version
    left join expired on figures.text_id = expired.text_id
    where
        versions.made_current_at = (select max(latest.made_current_at) from versions as latest)
        or expired.text_id is not null
),

-- Few texts have more than one row to choose from, and putting all of them in order costs most of this.
repeated as (
    select {{ keys | join(', ') }} from figures
    group by all
    having count(*) > 1
)

select figures.* exclude (made_current_at)
from figures
anti join repeated on {% for key in keys %}{{ ' and ' if not loop.first }}figures.{{ key }} is not distinct from repeated.{{ key }}{% endfor %}

union all
select figures.* exclude (made_current_at)
from figures
inner join repeated on {% for key in keys %}{{ ' and ' if not loop.first }}figures.{{ key }} is not distinct from repeated.{{ key }}{% endfor %}

qualify
    row_number() over (
        partition by figures.{{ keys | join(', figures.') }}
        order by
            figures.made_current_at desc nulls last,
            figures.{{ made_at }} desc,
            figures.model_version asc
    ) = 1
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
