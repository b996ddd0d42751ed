{#-
    Wilson's score interval of a share, 95 %: the bounds stay between 0 and 1 and are usable at small n.
    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212.
    Arguments: columns or expressions of two counts. Null where the denominator is 0 or null.
-#}
{% macro wilson_low(numerator, denominator) -%}
    {{ _wilson(numerator, denominator, '-') }}
{%- endmacro %}

{% macro wilson_high(numerator, denominator) -%}
    {{ _wilson(numerator, denominator, '+') }}
{%- endmacro %}

{% macro _wilson(numerator, denominator, sign) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set n = denominator ~ '::double' -%}
    {%- set p = '(' ~ numerator ~ ' / ' ~ n ~ ')' -%}
    {#- the share itself stands in the outer call: rounding would put it outside its own interval at 0 and at 1 #}
    case when {{ denominator }} > 0 then {{ 'least' if sign == '-' else 'greatest' }}({{ p }}, least(1.0, greatest(0.0,
        (
            {{ p }} + {{ z * z / 2 }} / {{ n }}
            {{ sign }} {{ z }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + {{ z * z / 4 }} / ({{ n }} * {{ n }}))
        ) / (1 + {{ z * z }} / {{ n }})
    ))) end
{%- endmacro %}
