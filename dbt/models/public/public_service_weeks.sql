with judged as (
    select * from {{ ref('int_service_weeks_judged') }}
),

counted as (
    select
        ---------- ids
        judged.service_id,
        judged.trust_code,
        judged.week_date,
        weeks.month_code,

        ---------- numerics
        judged.comment_count as comment_count,
        judged.negative_count as negative_count,

        ---------- booleans
        judged.comment_week_hidden as is_comment_hidden,
        judged.negative_week_hidden as is_negative_hidden
    from judged
    inner join {{ ref('public_weeks') }} as weeks on judged.week_date = weeks.week_date
)

select
    service_id,
    trust_code,
    week_date,
    month_code,
    {{ unless_hidden('comment_count', 'is_comment_hidden') }} as comment_count,
    {{ unless_hidden('negative_count', 'is_negative_hidden') }} as negative_count,
    {{ unless_hidden(share('negative_count', 'comment_count'), 'is_comment_hidden or is_negative_hidden') }}
        as negative_share,
    is_comment_hidden or is_negative_hidden as is_suppressed
from counted
