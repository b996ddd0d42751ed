{#- Where a comment was written: on social media or in a survey. Stories and reviews are neither (is_in_a_channel). -#}
{% macro channel(sources) -%}
    case when {{ sources }}.is_social then 'social' else 'surveys' end
{%- endmacro %}

{% macro is_in_a_channel(sources) -%}
    ({{ sources }}.is_social or {{ sources }}.kind_label = 'Survey')
{%- endmacro %}
