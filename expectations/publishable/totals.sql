-- The same thing counted at both ends of the way from a loaded row to a published measure.
with comments as (
    select count(*) as n, count(*) filter (sentiment_label = 'negative') as negative from marts.fct_comments
),
service_weeks as (
    select coalesce(sum(comment_count), 0) as n, coalesce(sum(negative_count), 0) as negative
    from marts.fct_service_weeks
)
select
    'comments: loaded, and in fct_comments' as measure,
    (select count(*) from raw.comments where text_id is not null) as expected_count,
    comments.n as actual_count
from comments
union all
select
    'comments in fct_comments that the warehouse no longer holds',
    0,
    (select count(*) from marts.fct_comments as c anti join raw.comments as r on r.comment_id = c.comment_id)
union all
select 'comments: in fct_comments, and in the weeks of fct_service_weeks', comments.n, service_weeks.n
from comments, service_weeks
union all
select 'negative comments: in fct_comments, and in fct_service_weeks', comments.negative, service_weeks.negative
from comments, service_weeks
union all
select
    'comments with a theme: in fct_comment_themes, and in fct_service_theme_weeks',
    (select count(distinct (comment_id, theme_code)) from marts.fct_comment_themes),
    (select coalesce(sum(comment_count), 0) from marts.fct_service_theme_weeks)
union all
select
    'rows in: of all batches, and in fct_source_coverage',
    (select coalesce(sum(rows_in), 0) from ops.batches where loaded_at is not null),
    (select coalesce(sum(rows_in), 0) from marts.fct_source_coverage)
