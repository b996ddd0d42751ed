{#- An account as `source:handle`, so that the register and a post may write it with or without the @ and capitals. -#}
{% macro account_name(account) -%}
    replace(lower(trim({{ account }})), ':@', ':')
{%- endmacro %}

{#- A hashtag without its # and capitals, as plain_text.tag_key has it: the one form in which tags are compared. -#}
{% macro hashtag_name(hashtag) -%}
    replace(lower(nfc_normalize(ltrim(trim({{ hashtag }}), '#'))), 'ς', 'σ')
{%- endmacro %}
