{#- Of labels that people type, the first of those that differ by capitals and spaces alone; null where blank. -#}
{% macro one_spelling(label) -%}
    {%- set trimmed = "nullif(trim(regexp_replace(" ~ label ~ ", '[[:space:]]+', ' ', 'g')), '')" -%}
    case when {{ trimmed }} is not null then min({{ trimmed }}) over (partition by lower({{ trimmed }})) end
{%- endmacro %}
