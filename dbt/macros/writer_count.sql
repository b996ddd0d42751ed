{#-
    How many wrote the contributions of a group, as far as authors can be told apart: pseudonyms of authors, which are
    those of a week and a source. Where a source lets nobody be counted, each contribution may be somebody else's.
-#}
{% macro writer_count(comment_id, author_key) -%}
    (
        count(distinct {{ author_key }})
        + count(distinct {{ comment_id }})
        - count(distinct {{ comment_id }}) filter (where {{ author_key }} is not null)
    )::integer
{%- endmacro %}
