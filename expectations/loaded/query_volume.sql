-- The latest whole day and week of each query beside the median of those before. Fewer than seven days or four weeks say
-- nothing yet, and neither does a query that usually brings fewer than ten comments.
with queries as (
    select source, query_id, min(asked_from) as asked_from, max(asked_until) as asked_until
    from ops.query_runs
    where answered_from is not null
    group by source, query_id
),
ended as (
    select *, (asked_until at time zone 'Europe/London')::date - 1 as last_day from queries
),
days as (
    select
        source,
        query_id,
        last_day,
        unnest(generate_series(
            greatest((asked_from at time zone 'Europe/London')::date + 1, last_day - 62), last_day, interval 1 day
        ))::date as posted_date
    from ended
),
best as (
    -- Several runs may have asked for a day: the fullest answer counts.
    select source, query_id, posted_date, max(comment_count) as comment_count
    from ops.query_days
    group by source, query_id, posted_date
),
counted as (
    select days.*, days.last_day - days.posted_date as days_back, coalesce(best.comment_count, 0) as comment_count
    from days
    left join best using (source, query_id, posted_date)
),
weeks as (
    select source, query_id, days_back // 7 as weeks_back, sum(comment_count) as comment_count
    from counted
    group by source, query_id, weeks_back
    having count(*) = 7
),
of_weeks as (
    select
        source,
        query_id,
        case
            when count(*) filter (weeks_back > 0) >= 4 and median(comment_count) filter (weeks_back > 0) >= 10
                then sum(comment_count) filter (weeks_back = 0) / median(comment_count) filter (weeks_back > 0)
        end as week_share_of_usual
    from weeks
    group by source, query_id
)
select
    counted.source,
    counted.query_id,
    max(counted.last_day)::varchar as last_day,
    case
        when count(*) filter (days_back between 1 and 28) >= 7
            and median(comment_count) filter (days_back between 1 and 28) >= 10
            then sum(comment_count) filter (days_back = 0) / median(comment_count) filter (days_back between 1 and 28)
    end as day_share_of_usual,
    any_value(of_weeks.week_share_of_usual) as week_share_of_usual
from counted
left join of_weeks on counted.source = of_weeks.source and counted.query_id = of_weeks.query_id
group by counted.source, counted.query_id
