{#- The query that asks sources for a conversation, as src/wordround/conversations names it. -#}
{% macro conversation_query(conversation_id) -%}
    ('conversation-' || {{ conversation_id }})
{%- endmacro %}

{#- Whether a query asks for a conversation: what it did not answer says nothing of the source's own queries. -#}
{% macro is_conversation_query(query_id) -%}
    starts_with({{ query_id }}, 'conversation-')
{%- endmacro %}
