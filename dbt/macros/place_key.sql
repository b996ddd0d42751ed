{#-
    A place without case, spaces and punctuation, so that "Ward 4", "WARD 4." and "Ward4" are one. Between two digits a
    space stays: "Ward 1/2" is not "Ward 12". The same rule as connectors/files/meaning.py; a test compares the two.
-#}
{% macro place_key(place) -%}
    regexp_replace(
        regexp_replace(
            trim(regexp_replace(lower(nfc_normalize(replace({{ place }}, '&', ' and '))), '[^\p{L}\p{M}\p{N}]+', ' ', 'g')),
            '([^0-9 ]) ', '\1', 'g'
        ),
        ' ([^0-9 ])', '\1', 'g'
    )
{%- endmacro %}
