{#- What int_service_theme_weeks_counted counts, and to which major theme each belongs. -#}
{% macro theme_weeks_to_be_made() -%}
    {%- set major_themes -%}
        (
            select md5(string_agg(themes.theme_code || ':' || themes.major_code, '|' order by themes.theme_code))
            from {{ ref('dim_themes') }} as themes
        )
    {%- endset -%}
    {{ weeks_to_be_made(
        ref('fct_comment_themes'), ['comment_id', 'theme_code', 'polarity', 'is_counted'], major_themes
    ) }}
{%- endmacro %}
