with judged as (
    select * from {{ ref('int_service_theme_weeks_judged') }}
),

counted as (
    select
        ---------- ids
        judged.service_id,
        judged.trust_code,
        judged.theme_code,
        judged.month_code,

        ---------- numerics
        sum(judged.comment_count)::integer as comment_count,
        sum(judged.all_count)::integer as all_count,

        ---------- booleans
        bool_or(judged.comment_month_hidden) as is_comment_hidden,
        bool_or(judged.all_comment_month_hidden) as is_all_hidden
    from judged
    inner join {{ ref('public_weeks') }} as weeks on judged.week_date = weeks.week_date
    group by judged.service_id, judged.trust_code, judged.theme_code, judged.month_code
)

select
    service_id,
    trust_code,
    theme_code,
    month_code,
    {{ unless_hidden('comment_count', 'is_comment_hidden') }} as comment_count,
    {{ unless_hidden(share('comment_count', 'all_count'), 'is_comment_hidden or is_all_hidden') }} as comment_share,
    is_comment_hidden as is_suppressed
from counted
