{#- The month that a week belongs to, such as '2026-03': that of its Thursday. Months are whole weeks. -#}
{% macro month_of_week(week_date) -%}
    strftime({{ week_date }} + 3, '%Y-%m')
{%- endmacro %}

{#- The first day of a month such as '2026-03' in the calendar: what months are counted by. -#}
{% macro calendar_month(month_code) -%}
    ({{ month_code }} || '-01')::date
{%- endmacro %}
