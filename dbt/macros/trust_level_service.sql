{#- The service that stands for a whole trust: what names no single service of it, or several. -#}
{% macro trust_level_service(trust_code) -%}
    lower({{ trust_code }}) || '_trust_level'
{%- endmacro %}
