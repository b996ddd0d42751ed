-- Weeks of which a source brought nothing to a trust, though it usually does: comments may be missing, and what is
-- missing is not few. Five weeks in eight have to be full, so that a source that brings something every other week has no
-- gaps between; after three months without anything a source is taken to have ended. Weeks whose files are still awaited are no gaps yet, and none are weeks of which a source that is
-- asked has answered that there is nothing.
with comments as (
    select
        source_code,
        trust_code,
        week_date,
        count(*) as comment_count
    from {{ ref('int_comments_listed') }}
    where trust_code is not null
    group by all
),

weeks as (
    select
        week_date,
        {{ month_of_week('week_date') }} as month_code,
        {{ month_of_week('week_date') }} < max({{ month_of_week('week_date + 7') }}) over () as is_of_whole_month
    from {{ ref('int_weeks_spanned') }}
    where is_over
),

counted as (
    select
        begun.source_code,
        begun.trust_code,
        weeks.week_date,
        weeks.month_code,
        weeks.is_of_whole_month,
        coalesce(comments.comment_count, 0) as comment_count
    from (
        select
            source_code,
            trust_code,
            min(week_date) as first_week_date
        from comments
        group by all
    ) as begun
    inner join weeks on begun.first_week_date <= weeks.week_date
    left join comments
        on
            begun.source_code = comments.source_code
            and begun.trust_code = comments.trust_code
            and weeks.week_date = comments.week_date
    anti join {{ ref('int_source_weeks_awaited') }} as awaited
        on
            begun.source_code = awaited.source_code
            and weeks.week_date = awaited.week_date
            and awaited.awaited_kind = 'file'
),

answered as (
    select
        source_code,
        date_trunc('week', posted_date)::date as week_date
    from {{ ref('fct_query_days') }}
    where not {{ is_conversation_query('query_id') }}
    group by all
    having avg(is_gap::integer) <= 0.5
),

neighboured as (
    select
        *,
        count(*) filter (where comment_count >= {{ var('silent_comments') }}) over earlier as earlier_full_weeks,
        count(*) over earlier as earlier_weeks,
        sum(comment_count) over earlier as earlier_count,
        count(*) filter (where comment_count >= {{ var('silent_comments') }}) over later as later_full_weeks,
        count(*) over later as later_weeks
    from counted
    window
        earlier as (
            partition by source_code, trust_code order by week_date
            rows between {{ var('silent_weeks') }} preceding and 1 preceding
        ),
        later as (
            partition by source_code, trust_code order by week_date
            rows between 1 following and {{ var('silent_weeks') }} following
        )
),

-- Of a source that brings little, weeks without comments are usual and whole months are not.
months as (
    select
        source_code,
        trust_code,
        month_code,
        {{ calendar_month('month_code') }} as month,
        bool_and(is_of_whole_month) as is_over,
        sum(comment_count) as comment_count
    from counted
    group by all
),

silent_months as (
    select
        months.source_code,
        months.trust_code,
        months.month_code
    from months
    inner join months as others
        on
            months.source_code = others.source_code
            and months.trust_code = others.trust_code
            and others.comment_count >= {{ var('silent_comments') }}
            and abs(date_diff('month', months.month, others.month)) <= {{ var('silent_months') }}
    where months.is_over and months.comment_count = 0
    group by all
    having
        count(*) filter (where others.month < months.month) >= 2
        or (bool_or(others.month < months.month) and bool_or(others.month > months.month))
)

select
    neighboured.source_code,
    neighboured.trust_code,
    neighboured.week_date,
    neighboured.month_code
from neighboured
anti join answered
    on neighboured.source_code = answered.source_code and neighboured.week_date = answered.week_date
left join silent_months
    on
        neighboured.source_code = silent_months.source_code
        and neighboured.trust_code = silent_months.trust_code
        and neighboured.month_code = silent_months.month_code
where
    neighboured.comment_count = 0
    and (
        silent_months.month_code is not null
        or (
            neighboured.earlier_full_weeks >= neighboured.earlier_weeks * 0.625
            and neighboured.earlier_weeks >= {{ var('silent_weeks') }} / 2
        )
        or (
            neighboured.later_full_weeks >= neighboured.later_weeks * 0.625
            and neighboured.later_weeks >= {{ var('silent_weeks') }} / 2
            and neighboured.earlier_count >= {{ var('silent_comments') }}
        )
    )
