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
    {%- set centre = p ~ ' + ' ~ (z * z / 2) ~ ' / ' ~ n -%}
    {%- set spread = 'sqrt(' ~ p ~ ' * (1 - ' ~ p ~ ') / ' ~ n ~ ' + ' ~ (z * z / 4) ~ ' / (' ~ n ~ ' * ' ~ n ~ '))' -%}
    {%- set bound = '(' ~ centre ~ ' ' ~ sign ~ ' ' ~ z ~ ' * ' ~ spread ~ ') / (1 + ' ~ (z * z) ~ ' / ' ~ n ~ ')' -%}
    {#- The share itself is among them: rounding would put it outside its own interval at 0 and at 1. -#}
    {%- set outermost = 'least' if sign == '-' else 'greatest' -%}
    case when {{ denominator }} > 0 then {{ outermost }}({{ p }}, least(1.0, greatest(0.0, {{ bound }}))) end
{%- endmacro %}
