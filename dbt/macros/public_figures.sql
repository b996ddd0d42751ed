{#-
    The public tables of one measure, at whatever grain: sums of the weeks that are published, each hidden as the
    hierarchy of suppression judged it at that level.
        keys     the columns of the grain
        level    week, month, trust_week or trust_month: whose judgement hides a figure
-#}
{% macro public_comment_figures(keys, level) -%}
with counted as (
    {{ summed_comments(keys, level, weeks='public_weeks') }}
)

select
    {{ keys | join(', ') }},
    {{ unless_hidden('comment_count', 'is_comment_hidden') }} as comment_count,
    {{ unless_hidden('negative_count', 'is_negative_hidden') }} as negative_count,
    {{ unless_hidden(share('negative_count', 'comment_count'), 'is_comment_hidden or is_negative_hidden') }}
        as negative_share,
    is_comment_hidden or is_negative_hidden as is_suppressed
from counted
{%- endmacro %}

{#-
    Comments of a month, exact and as they may be shown, for the trust's own reports. Shares are of all comments, as in
    the public tables: a second denominator would tell a small number in another language.
        keys, level    as above; a month is added to the keys
-#}
{% macro comment_months(keys, level) -%}
with counted as (
    {{ summed_comments(keys + ['month_code'], level) }}
),

described as (
    select
        ---------- ids
        {{ keys | join(', ') }},
        month_code,

        ---------- exact figures, for the analyst's desk
        comment_count,
        negative_count,
        {{ share('negative_count', 'comment_count') }} as negative_share,
        {{ wilson_low('negative_count', 'comment_count') }} as negative_share_low,
        {{ wilson_high('negative_count', 'comment_count') }} as negative_share_high,

        ---------- labels: what may leave the analyst's desk
        case when is_comment_hidden then '*' else comment_count::varchar end as comment_count_label,
        case when is_negative_hidden then '*' else negative_count::varchar end as negative_count_label,
        {{ share_label('negative_count', 'comment_count', 'is_comment_hidden or is_negative_hidden') }}
            as negative_share_label,

        ---------- booleans
        is_comment_hidden or is_negative_hidden as is_suppressed
    from counted
)

select * from described
{%- endmacro %}

{% macro summed_comments(keys, level, weeks=none) -%}
    select
        {% for key in keys %}
            judged.{{ key }},
        {% endfor %}
        sum(judged.comment_count)::integer as comment_count,
        sum(judged.negative_count)::integer as negative_count,
        bool_or(judged.comment_{{ level }}_hidden) as is_comment_hidden,
        bool_or(judged.negative_{{ level }}_hidden) as is_negative_hidden
    from {{ ref('int_service_weeks_judged') }} as judged
    {% if weeks %}
        inner join {{ ref(weeks) }} as weeks on judged.week_date = weeks.week_date
    {% endif %}
    group by all
{%- endmacro %}

{% macro public_theme_figures(keys, level, has_negative=false) -%}
with counted as (
    select
        {% for key in keys %}
            judged.{{ key }},
        {% endfor %}
        sum(judged.comment_count)::integer as comment_count,
        sum(judged.all_count)::integer as all_count,
        sum(judged.negative_count)::integer as negative_count,
        bool_or(judged.comment_{{ level }}_hidden) as is_comment_hidden,
        bool_or(judged.negative_{{ level }}_hidden) as is_negative_hidden,
        bool_or(judged.all_comment_{{ level }}_hidden) as is_all_hidden
    from {{ ref('int_service_theme_weeks_judged') }} as judged
    inner join {{ ref('public_weeks') }} as weeks on judged.week_date = weeks.week_date
    group by all
)

select
    {{ keys | join(', ') }},
    {{ unless_hidden('comment_count', 'is_comment_hidden') }} as comment_count,
    {{ unless_hidden(share('comment_count', 'all_count'), 'is_comment_hidden or is_all_hidden') }} as comment_share,
    {% if has_negative %}
        {{ unless_hidden('negative_count', 'is_negative_hidden') }} as negative_count,
        {{ unless_hidden(share('negative_count', 'comment_count'), 'is_comment_hidden or is_negative_hidden') }}
            as negative_share,
        is_comment_hidden or is_negative_hidden as is_suppressed
    {% else %}
        is_comment_hidden as is_suppressed
    {% endif %}
from counted
{%- endmacro %}
