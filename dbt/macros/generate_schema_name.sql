{#- Schemas are named exactly as in the design (staging, marts, ...), without dbt's prefix of the target schema. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
