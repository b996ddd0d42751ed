with judged as (
    select * from {{ ref('int_service_theme_weeks_judged') }}
),

counted as (
    select
        ---------- ids
        judged.trust_code,
        judged.theme_code,
        judged.month_code,

        ---------- numerics
        sum(judged.comment_count)::integer as comment_count,
        sum(judged.all_count)::integer as all_count,
        sum(judged.negative_count)::integer as negative_count,
        -- Comments that could change places, neither theme nor class being known of them: where there are few,
        -- what is negative of the theme would tell weeks and services of it.
        {% set rest = 'judged.all_count - judged.comment_count - judged.all_negative_count + judged.negative_count' %}
        {% set calm = 'judged.comment_count - judged.negative_count' %}
        {% set elsewhere = 'judged.all_negative_count - judged.negative_count' %}
        least(
            sum(least(judged.negative_count, {{ rest }})) filter (where judged.negative_week_hidden),
            sum(least({{ calm }}, {{ elsewhere }})) filter (where judged.negative_week_hidden)
        ) as exchangeable_count,

        ---------- booleans
        bool_or(judged.comment_trust_month_hidden) as is_comment_hidden,
        bool_or(judged.all_comment_trust_month_hidden) as is_all_hidden,
        bool_or(judged.negative_trust_month_hidden) as is_negative_hidden
    from judged
    inner join {{ ref('public_weeks') }} as weeks on judged.week_date = weeks.week_date
    group by judged.trust_code, judged.theme_code, judged.month_code
),

decided as (
    select
        *,
        is_negative_hidden
        or (negative_count > 0 and coalesce(exchangeable_count, 0) <= {{ var('largest_hidden_count') }})
            as is_negative_of_theme_hidden
    from counted
)

select
    trust_code,
    theme_code,
    month_code,
    {{ unless_hidden('comment_count', 'is_comment_hidden') }} as comment_count,
    {{ unless_hidden(share('comment_count', 'all_count'), 'is_comment_hidden or is_all_hidden') }} as comment_share,
    {{ unless_hidden('negative_count', 'is_negative_of_theme_hidden') }} as negative_count,
    {{ unless_hidden(
        share('negative_count', 'comment_count'), 'is_comment_hidden or is_negative_of_theme_hidden'
    ) }} as negative_share,
    is_comment_hidden or is_negative_of_theme_hidden as is_suppressed
from decided
