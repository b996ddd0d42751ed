{#- One row per combination of these columns that several rows of the model share: a key of more than one column. -#}
{% test unique_combination(model, columns) %}
    select
        {{ columns | join(', ') }},
        count(*) as row_count
    from {{ model }}
    -- Hashes are grouped first: of two million rows the names themselves take twice as long.
    where
        hash({{ columns | join(', ') }}) in (
            select hash({{ columns | join(', ') }})
            from {{ model }}
            group by all
            having count(*) > 1
        )
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
