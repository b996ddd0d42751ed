{#- The query that asks sources for a conversation, as src/wordround/conversations names it. -#}
{% macro conversation_query(conversation_id) -%}
    ('conversation-' || {{ conversation_id }})
{%- endmacro %}
