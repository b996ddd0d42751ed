{#- An account as `source:handle`, so that the register and a post may write it with or without the @ and capitals. -#}
{% macro account_name(account) -%}
    replace(lower(trim({{ account }})), ':@', ':')
{%- endmacro %}

{#- A hashtag without its # and capitals. -#}
{% macro hashtag_name(hashtag) -%}
    ltrim(lower(trim({{ hashtag }})), '#')
{%- endmacro %}
