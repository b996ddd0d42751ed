-- The same thing counted at both ends of the way from a loaded row to a published measure.
with comments as (
    select
        count(*) as n,
        count(*) filter (is_counted) as counted,
        count(*) filter (is_about_care and is_copy) as copies,
        count(*) filter (not is_about_care) as others,
        count(*) filter (is_about_care is null) as not_judged,
        count(*) filter (is_counted and sentiment_label = 'negative') as negative
    from marts.fct_comments
),
service_weeks as (
    select
        coalesce(sum(comment_count), 0) as n,
        coalesce(sum(copy_count + not_about_care_count), 0) as left_out,
        coalesce(sum(negative_count), 0) as negative
    from marts.fct_service_weeks
)
select
    'comments: loaded and not left out, and in fct_comments' as measure,
    (select count(*) from raw.comments where text_id is not null and left_out_reason is null) as expected_count,
    comments.n as actual_count
from comments
union all
select
    'comments in fct_comments that the warehouse no longer holds or has left out',
    0,
    (
        select count(*) from marts.fct_comments as c
        anti join raw.comments as r on r.comment_id = c.comment_id and r.left_out_reason is null
    )
union all
select 'comments that count: in fct_comments, and in the weeks of fct_service_weeks', comments.counted, service_weeks.n
from comments, service_weeks
union all
select 'copies and posts not about care: in fct_comments, and in fct_service_weeks', copies + others, left_out
from comments, service_weeks
union all
select 'comments: all, and those that count, are copies, are not about care or are not judged yet',
    n, counted + copies + others + not_judged
from comments
union all
select 'negative comments that count: in fct_comments, and in fct_service_weeks', comments.negative, service_weeks.negative
from comments, service_weeks
union all
select
    'comments that count, with a theme: in fct_comment_themes, and in fct_service_theme_weeks',
    (select count(distinct hash(comment_id, theme_code)) from marts.fct_comment_themes where is_counted),
    (
        select coalesce(sum(weeks.comment_count), 0)
        from marts.fct_service_theme_weeks as weeks
        inner join marts.dim_themes as themes using (theme_code)
        -- what comments are coded by
        where themes.level = if(themes.frame_code = 'patient_experience', 'minor', 'major')
    )
union all
select
    'rows in: of all batches, and in fct_source_coverage',
    (select coalesce(sum(rows_in), 0) from ops.batches where loaded_at is not null),
    (select coalesce(sum(rows_in), 0) from marts.fct_source_coverage)
