{#- An answer without case, punctuation and doubled spaces, to be looked up among the phrases of a seed. -#}
{% macro normalised_answer(text) -%}
    trim(regexp_replace(regexp_replace(lower({{ text }}), '[^a-z ]', ' ', 'g'), ' +', ' ', 'g'))
{%- endmacro %}
