{#- The number that stands behind a letter in a text ("Q2", "Q 2", "Q.2"), where there is exactly one. -#}
{% macro only_number(words, letter) -%}
    {%- set found = "list_distinct(regexp_extract_all(" ~ words ~ ", '\\b" ~ letter ~ " ?\\.? ?([0-9]{1,2})\\b', 1))" -%}
    case when len({{ found }}) = 1 then try_cast({{ found }}[1] as integer) end
{%- endmacro %}
