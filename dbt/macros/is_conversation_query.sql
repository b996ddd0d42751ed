{#- Whether a query asks for a conversation: what it did not answer says nothing of the source's own queries. -#}
{% macro is_conversation_query(query_id) -%}
    starts_with({{ query_id }}, 'conversation-')
{%- endmacro %}
