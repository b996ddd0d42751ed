{#- A share between 0 and 1; null where there is nothing to share. -#}
{% macro share(numerator, denominator) -%}
    {{ numerator }} / nullif({{ denominator }}, 0)::double
{%- endmacro %}
