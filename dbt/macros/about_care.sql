{#- Whether a comment is about care: asked for as such, or judged so and not an organisation's own. Null: unjudged. -#}
{% macro about_care(comments, relevance) -%}
    case
        when {{ comments }}.kind in ('survey_answer', 'review', 'story') then true
        when coalesce({{ comments }}.author_role = 'organisation', false) then false
        else
            {{ relevance }}.relevance_probability >= {{ var('relevance_cut_off') }}
            and {{ relevance }}.relevance_reason in ('about_care', 'about_service')
    end
{%- endmacro %}
