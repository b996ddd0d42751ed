with judged as (
    select * from {{ ref('int_service_theme_weeks_judged') }}
),

counted as (
    select
        ---------- ids
        judged.service_id,
        judged.trust_code,
        judged.theme_code,
        judged.week_date,
        weeks.month_code,

        ---------- numerics
        judged.comment_count as comment_count,
        judged.all_count as all_count,

        ---------- booleans
        judged.comment_week_hidden as is_comment_hidden,
        judged.all_comment_week_hidden as is_all_hidden
    from judged
    inner join {{ ref('public_weeks') }} as weeks on judged.week_date = weeks.week_date
)

select
    service_id,
    trust_code,
    theme_code,
    week_date,
    month_code,
    {{ unless_hidden('comment_count', 'is_comment_hidden') }} as comment_count,
    {{ unless_hidden(share('comment_count', 'all_count'), 'is_comment_hidden or is_all_hidden') }} as comment_share,
    is_comment_hidden as is_suppressed
from counted
