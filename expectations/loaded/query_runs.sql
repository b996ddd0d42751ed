-- What queries were asked and how far their answers reach, as new runs recorded it.
with days as (
    select run_id, source, query_id, min(comment_count) as smallest_count, sum(comment_count) as comment_count,
        count(*) - count(distinct posted_date) as repeated_days
    from ops.query_days
    group by run_id, source, query_id
),
refusals as (
    select run_id, source, query_id, min(row_count) as smallest_count
    from ops.refusals
    group by run_id, source, query_id
)
select
    r.run_id,
    r.source,
    r.query_id,
    r.logical_date::varchar as logical_date,
    r.cut_reason,
    r.asked_from <= r.asked_until as has_asked_forwards,
    coalesce(r.answered_from between r.asked_from and r.asked_until, true) as has_answer_within_what_was_asked,
    r.answered_from is not null or r.error_code is not null or r.cut_reason is not null as says_why_nothing_came,
    coalesce(r.answered_from <= r.asked_from, false) or r.error_code is not null or r.cut_reason is not null
        as says_why_it_is_not_whole,
    least(
        r.request_count, r.retry_count, r.waited_seconds, r.spent, r.row_count, coalesce(days.smallest_count, 0),
        coalesce(refusals.smallest_count, 0)
    ) as smallest_figure,
    coalesce(days.repeated_days, 0) as repeated_days,
    -- What the whole query took stands with the first of its rows.
    sum(r.row_count) over (partition by r.run_id, r.source, r.query_id) >= coalesce(days.comment_count, 0)
        as has_rows_for_every_comment,
    ---------- worth looking into
    r.cut_reason is null as is_not_cut,
    r.error_code is null as has_no_error
from ops.query_runs as r
left join days on r.run_id = days.run_id and r.source = days.source and r.query_id = days.query_id
left join refusals on r.run_id = refusals.run_id and r.source = refusals.source and r.query_id = refusals.query_id
where ($since is null or r.loaded_at > $since)
