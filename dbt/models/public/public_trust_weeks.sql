with judged as (
    select * from {{ ref('int_service_weeks_judged') }}
),

counted as (
    select
        ---------- ids
        judged.trust_code,
        judged.week_date,
        weeks.month_code,

        ---------- numerics
        sum(judged.comment_count)::integer as comment_count,
        sum(judged.negative_count)::integer as negative_count,

        ---------- booleans
        bool_or(judged.comment_trust_week_hidden) as is_comment_hidden,
        bool_or(judged.negative_trust_week_hidden) as is_negative_hidden
    from judged
    inner join {{ ref('public_weeks') }} as weeks on judged.week_date = weeks.week_date
    group by judged.trust_code, judged.week_date, weeks.month_code
)

select
    trust_code,
    week_date,
    month_code,
    {{ unless_hidden('comment_count', 'is_comment_hidden') }} as comment_count,
    {{ unless_hidden('negative_count', 'is_negative_hidden') }} as negative_count,
    {{ unless_hidden(share('negative_count', 'comment_count'), 'is_comment_hidden or is_negative_hidden') }}
        as negative_share,
    is_comment_hidden or is_negative_hidden as is_suppressed
from counted
