{#- The day in London on which a moment falls. -#}
{% macro london_day(moment) -%}
    (({{ moment }}) at time zone 'Europe/London')::date
{%- endmacro %}
