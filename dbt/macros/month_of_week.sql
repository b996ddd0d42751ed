{#- The month that a week belongs to, such as '2026-03': that of its Thursday. Months are whole weeks. -#}
{% macro month_of_week(week_date) -%}
    strftime({{ week_date }} + 3, '%Y-%m')
{%- endmacro %}
