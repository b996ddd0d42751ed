-- The model that reads the answer knows which texts said "nothing" to the question what could be better.
create or replace temp table expiring as
select
    comments.comment_id,
    comments.text_id as old_text_id,
    replace(uuid()::varchar, '-', '') as new_text_id,
    coalesce(classified.is_nothing_to_improve, false) as was_nothing
from raw.comments
left join intermediate.int_comments_classified as classified on comments.comment_id = classified.comment_id
where comments.source = $source and comments.posted_date < $cutoff and comments.text is not null
